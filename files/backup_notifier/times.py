"""Times as people read them."""

from __future__ import annotations

from datetime import UTC, datetime


def readable(time: str) -> str:
    """An ISO 8601 time as 2026-05-19 15:22:57 UTC; any other text as it is."""
    parsed = _parse(time)
    return parsed.strftime("%Y-%m-%d %H:%M:%S UTC") if parsed else time


def elapsed(start: str, end: str) -> str:
    """The time from start to end, such as 36 min; an empty text when either is no time or end comes first."""
    first, last = _parse(start), _parse(end)
    seconds = int((last - first).total_seconds()) if first and last else -1
    if seconds < 0:
        return ""
    minutes, hours = seconds // 60, seconds // 3600
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _parse(time: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(time)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
