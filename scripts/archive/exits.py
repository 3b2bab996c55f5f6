"""What the command's exit codes mean."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every sub-command."""

    DONE = 0  # everything that was asked for
    SOME_FAILED = 1  # what failed stands in the list of this run
    REFUSED = 2  # the check found problems; nothing was changed
    USAGE = 3  # wrong arguments or settings
