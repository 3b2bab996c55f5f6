"""Numbers as people read them."""

from __future__ import annotations


def amount(size: float) -> str:
    """Bytes in the largest unit that leaves at least one of it, such as `1.5 GB`."""
    for unit in ("バイト", "KB", "MB", "GB"):
        if size < 1024:
            return f"{size:,.0f} {unit}" if unit == "バイト" else f"{size:,.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TB"


def duration(seconds: float) -> str:
    """A time as long as it matters, such as `約 2 時間 10 分`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "1 分以内"
    if minutes < 60:
        return f"約 {minutes} 分"
    hours, minutes = divmod(minutes, 60)
    return f"約 {hours:,} 時間 {minutes} 分" if hours < 48 else f"約 {round(hours / 24)} 日"


def elapsed(seconds: float) -> str:
    """How long something took, such as `2 分 5 秒`."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} 秒"
    hours, minutes = divmod(minutes, 60)
    return f"{hours:,} 時間 {minutes} 分" if hours else f"{minutes} 分 {rest} 秒"


def dollars(value: float) -> str:
    """US dollars; what is less than a cent is said so."""
    return f"${value:,.2f}" if value >= 0.01 or not value else "$0.01 未満"
