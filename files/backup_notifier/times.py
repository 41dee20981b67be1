"""Times and sizes as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

# The one attribute that AWS Backup's events write in American: "Jul 15, 2020 9:39:07 PM".
_AMERICAN = "%b %d, %Y %I:%M:%S %p"


def readable(time: str) -> str:
    """A time as 2026-05-19 15:22:57 UTC; any other text as it is."""
    parsed = _parse(time)
    return parsed.strftime("%Y-%m-%d %H:%M:%S UTC") if parsed else time


def iso(time: str) -> str:
    """A time in ISO 8601, in UTC and with milliseconds; an empty text when it is none."""
    parsed = _parse(time)
    return parsed.isoformat(timespec="milliseconds").replace("+00:00", "Z") if parsed else ""


def hour(time: str) -> str:
    """The hour of the clock that a time lies in, as 2026-05-19T15; an empty text when it is none."""
    return iso(time)[:13]


def seconds_between(start: str, end: str) -> float | None:
    """The seconds from start to end; None when either is no time or end comes first."""
    first, last = _parse(start), _parse(end)
    seconds = (last - first).total_seconds() if first and last else -1.0
    return seconds if seconds >= 0 else None


def elapsed(start: str, end: str) -> str:
    """The time from start to end, such as 36 min; an empty text when either is no time or end comes first."""
    between = seconds_between(start, end)
    if between is None:
        return ""
    seconds = int(between)
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds} s"


def size(size_bytes: int | None) -> str:
    """A size such as 3.0 GiB; an empty text for none and for 0, which AWS Backup says of services that do not tell."""
    if not size_bytes:
        return ""
    amount, unit = float(size_bytes), "bytes"
    for unit in ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB"):
        if amount < 1024 or unit == "PiB":
            break
        amount /= 1024
    return f"{amount:,.0f} {unit}" if unit == "bytes" or amount >= 100 else f"{amount:.1f} {unit}"


def _parse(time: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(time)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return _american(time)


def _american(time: str) -> datetime | None:
    # Some Java versions put a narrow space before PM.
    words = " ".join(time.split())
    if not 20 <= len(words) <= 24 or words[-1:].upper() != "M":
        return None
    try:
        return datetime.strptime(words, _AMERICAN).replace(tzinfo=UTC)
    except ValueError:
        return None
