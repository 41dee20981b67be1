"""When a schedule expression is due: cron in AWS's form, and rate."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from .errors import InvalidParameterValueException

FIELDS = 6
RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
CRON = re.compile(r"cron\((.+)\)")
YEARS = range(1970, 2200)
_DAY_NUMBER = re.compile(r"(?<![#/\d])[1-7](?!\d)")
_YEARS = re.compile(r"(\*|\d{4}(-\d{4})?)(/\d{1,3})?")


def next_time(expression: str, timezone: str, after: datetime) -> datetime | None:
    """The first moment after another one at which an expression is due; None when there is none any more.

    Raises:
        InvalidParameterValueException: the expression or the time zone cannot be right.
    """
    zone = _zone(timezone)
    if rate := RATE.fullmatch(expression):
        return after + _period(expression, int(rate[1]), rate[2])
    cron = CRON.fullmatch(expression)
    if cron is None:
        raise _invalid(expression, "it must be cron(...) or rate(...)")
    times, years = _times(expression, cron[1].split(), after.astimezone(zone))
    try:
        while (moment := next(times)).year not in years:
            # No other day of a year that is not meant need be looked at.
            following = next((year for year in years if year > moment.year), None)
            if following is None:
                return None
            times, _ = _times(expression, cron[1].split(), datetime(following, 1, 1, tzinfo=zone) - timedelta(minutes=1))
    except StopIteration:
        return None
    return moment


def check_schedule(expression: str, timezone: str) -> None:
    """Check an expression and its time zone.

    Raises:
        InvalidParameterValueException: one of them cannot be right.
    """
    next_time(expression, timezone, datetime.now(ZoneInfo("UTC")))


def _times(expression: str, fields: list[str], after: datetime) -> tuple[CronSim, list[int]]:
    """The moments that the first five fields mean, and the years that the sixth does."""
    if len(fields) != FIELDS:
        raise _invalid(expression, f"cron has {FIELDS} fields: minutes, hours, day of month, month, day of week, year")
    *_, day, _month, weekday, years = fields
    if (day == "?") == (weekday == "?"):
        raise _invalid(expression, "one of day of month and day of week must be ?, and one must not")
    if "W" in day.upper().replace("LW", ""):
        raise _invalid(expression, "the sandbox does not know W, the weekday nearest to a day")
    weekday = "6" if weekday.upper() == "L" else _DAY_NUMBER.sub(lambda number: str(int(number[0]) - 1), weekday)
    usual = " ".join([*fields[:2], day, fields[3], weekday]).replace("?", "*")
    try:
        return CronSim(usual, after), _year_list(expression, years)
    except CronSimError as error:
        raise _invalid(expression, str(error)) from error


def _year_list(expression: str, field: str) -> list[int]:
    problem = _invalid(expression, f"{field} are no years from {YEARS[0]} to {YEARS[-1]}")
    found: set[int] = set()
    for part in field.split(","):
        form = _YEARS.fullmatch(part)
        if form is None:
            raise problem
        first, _, last = form[1].partition("-")
        start, end = (YEARS[0], YEARS[-1]) if first == "*" else (int(first), int(last or (YEARS[-1] if form[3] else first)))
        found |= set(range(start, end + 1, int((form[3] or "/1")[1:]) or 1)) & set(YEARS)
    if not found:
        raise problem
    return sorted(found)


def _period(expression: str, count: int, unit: str) -> timedelta:
    if count < 1:
        raise _invalid(expression, "a rate is at least 1")
    return timedelta(**{f"{unit}s": count})


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidParameterValueException(f"Invalid ScheduleExpressionTimezone {name}") from error


def _invalid(expression: str, why: str) -> InvalidParameterValueException:
    return InvalidParameterValueException(f"Invalid schedule expression {expression}: {why}")
