"""archive on one machine: the stack, and what it tells those who use it."""

from __future__ import annotations

from scripts.local_estate.deploy import Deployed
from scripts.local_estate.steps import console

NEXT = """What to try next
  make up STACK=archive        leave it running, then the commands it prints
  make install                 the command archive for this machine"""


def demo(deployed: Deployed) -> bool:
    """Show the outputs of the applied stack."""
    console.print()
    for name, value in deployed.outputs.items():
        console.print(f"  {name:28} {value}", markup=False, soft_wrap=True)
    return True
