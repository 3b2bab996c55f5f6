"""The most memory this process ever held.

Linux only, as the kernel notes it for this program alone: `ru_maxrss` would also count the process
that started it.
"""

import re
from pathlib import Path


def peak_bytes() -> int:
    """The peak of the resident set so far.

    Raises:
        RuntimeError: the kernel doesn't tell it.
    """
    # VmHWM: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    if found is None:
        raise RuntimeError("/proc/self/status tells no VmHWM: run this on Linux")
    return int(found[1]) * 1024
