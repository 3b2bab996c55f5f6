"""The YouTube Data API v3 on one machine: real paths, paging, errors and quota, invented data.

`start(home, World(…))` runs it beside a test; `python -m scripts.youtube_stand_in` by hand.
"""

from scripts.youtube_stand_in.faults import Fault, Kind
from scripts.youtube_stand_in.process import YouTube, start
from scripts.youtube_stand_in.settings import KEY
from scripts.youtube_stand_in.world import DEMO, FIRST_DAY, Channel, Trait, World, uniform

__all__ = [
    "DEMO",
    "FIRST_DAY",
    "KEY",
    "Channel",
    "Fault",
    "Kind",
    "Trait",
    "World",
    "YouTube",
    "start",
    "uniform",
]
