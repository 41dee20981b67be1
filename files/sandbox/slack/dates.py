"""Slack's date tokens, <!date^timestamp^format^link|fallback>, in this machine's time zone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

TOKEN = re.compile(r"\{([a-z_]+)\}")


def format_date(timestamp: str, template: str, now: datetime) -> str | None:
    """Fill a template such as "{date_short} at {time}" for a Unix time in seconds.

    Args:
        timestamp: the Unix time as text.
        template: the text with its tokens; unknown ones stay as they are.
        now: the present, with the time zone to show.

    Returns:
        The text, or None when the timestamp is not one.
    """
    try:
        moment = datetime.fromtimestamp(int(timestamp), now.tzinfo)
    except (ValueError, OverflowError, OSError):
        return None
    return TOKEN.sub(lambda match: _fill(match.group(1), moment, now) or match.group(0), template)


def clock_time(moment: datetime) -> str:
    """A time as Slack shows it: 6:39 AM."""
    return f"{moment.hour % 12 or 12}:{moment:%M %p}"


def long_day(moment: datetime) -> str:
    """A day as Slack's dividers show it: Tuesday, February 18th."""
    return f"{moment:%A}, {moment:%B} {_ordinal(moment.day)}"


def _fill(name: str, moment: datetime, now: datetime) -> str | None:
    plain_name = name.removesuffix("_pretty")
    show = FORMATS.get(plain_name)
    if show is None:
        return None
    relative = _relative_day(moment, now) if name.endswith("_pretty") else None
    return relative or show(moment)


def _relative_day(moment: datetime, now: datetime) -> str | None:
    distance = moment.date() - now.date()
    return {timedelta(0): "today", timedelta(-1): "yesterday", timedelta(1): "tomorrow"}.get(distance)


def _ordinal(number: int) -> str:
    teens = 11 <= number % 100 <= 13
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


FORMATS: dict[str, Callable[[datetime], str]] = {
    "date": lambda moment: f"{moment:%B} {_ordinal(moment.day)}, {moment.year}",
    "date_num": lambda moment: f"{moment:%Y-%m-%d}",
    "date_short": lambda moment: f"{moment:%b} {moment.day}, {moment.year}",
    "date_long": lambda moment: f"{long_day(moment)}, {moment.year}",
    "time": clock_time,
    "time_secs": lambda moment: f"{moment.hour % 12 or 12}:{moment:%M:%S %p}",
}
