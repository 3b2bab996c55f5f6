"""A generated Japanese NAS folder, and the same a month later.

Every file knows what should become of it, so that tests and the demo can check answers:

    before = make_share(folder, files=5000)
    wanted = {file.path for file in before if "見積書" in file.words}
    month = a_month_later(folder, before)

The same seed gives the same files, byte for byte, on every machine.
"""

import scripts.nas_sync  # noqa: F401  # lets nas_sync be imported
from scripts.local_estate.nas_share.expected import Expected, Month
from scripts.local_estate.nas_share.month import a_month_later, revise
from scripts.local_estate.nas_share.share import make_share

__all__ = ["Expected", "Month", "a_month_later", "make_share", "revise"]
