"""Ctrl-C and SIGTERM: once to stop between files, twice to drop what is on its way."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_FIRST = "中断します。送信中のファイルを終えるまでお待ちください（もう一度押すとすぐに止めます）"
_AGAIN = "送信中のファイルも中止します"


@contextmanager
def on_signal(tell: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """Turn the first signal into an answer, and the second into KeyboardInterrupt.

    Further ones are ignored: the account is being drawn up.

    Args:
        tell: shows the operator what happens now.

    Yields:
        Whether to stop.
    """
    count = 0

    def step(_number: int, _frame: FrameType | None) -> None:
        nonlocal count
        count += 1
        if count == 1:
            tell(_FIRST)
        elif count == 2:
            tell(_AGAIN)
            raise KeyboardInterrupt

    before = {number: signal.signal(number, step) for number in _SIGNALS}
    try:
        yield lambda: count > 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
