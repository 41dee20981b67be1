"""When schedule expressions are due."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sandbox.backup.errors import InvalidParameterValueException
from sandbox.backup.schedules import next_time

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
"""A Thursday."""


@pytest.mark.parametrize(
    ("expression", "timezone", "due"),
    [
        ("cron(0 5 ? * * *)", "Etc/UTC", "2026-01-01T05:00:00+00:00"),
        ("cron(0 5 * * ? *)", "Europe/Berlin", "2026-01-01T04:00:00+00:00"),
        # One is Sunday.
        ("cron(30 1 ? * 1 *)", "Etc/UTC", "2026-01-04T01:30:00+00:00"),
        ("cron(30 1 ? * MON-FRI *)", "Etc/UTC", "2026-01-01T01:30:00+00:00"),
        ("cron(0 0 ? * 2#1 *)", "Etc/UTC", "2026-01-05T00:00:00+00:00"),
        ("cron(0 0 ? * L *)", "Etc/UTC", "2026-01-03T00:00:00+00:00"),
        ("cron(0 0 ? * 6L *)", "Etc/UTC", "2026-01-30T00:00:00+00:00"),
        ("cron(0 0 L * ? *)", "Etc/UTC", "2026-01-31T00:00:00+00:00"),
        ("cron(0/15 * ? * * *)", "Etc/UTC", "2026-01-01T00:15:00+00:00"),
        ("cron(0 0 1 1 ? 2027-2030/2)", "Etc/UTC", "2027-01-01T00:00:00+00:00"),
        ("cron(0 0 1 1 ? 2020,2030)", "Etc/UTC", "2030-01-01T00:00:00+00:00"),
        ("rate(90 minutes)", "Etc/UTC", "2026-01-01T01:30:00+00:00"),
        ("rate(1 day)", "Etc/UTC", "2026-01-02T00:00:00+00:00"),
    ],
)
def test_the_next_time(expression: str, timezone: str, due: str) -> None:
    found = next_time(expression, timezone, NEW_YEAR)
    assert found is not None
    assert found.astimezone(UTC).isoformat() == due


def test_a_year_that_is_over_has_no_next_time() -> None:
    assert next_time("cron(0 0 1 1 ? 2025)", "Etc/UTC", NEW_YEAR) is None


@pytest.mark.parametrize("expression", ["cron(0 0 31W * ? *)", "cron(0 0 ? * ? *)", "cron(0 0 1 1 ? 1900)", "rate(5 weeks)", "0 5 * * *"])
def test_what_is_no_schedule(expression: str) -> None:
    with pytest.raises(InvalidParameterValueException, match="Invalid schedule expression"):
        next_time(expression, "Etc/UTC", NEW_YEAR)
