"""What lists of jobs and recovery points are filtered by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from .errors import InvalidParameterValueException
from .registry import Params

EVERY_ACCOUNT = "*"


def check_account(wanted: str | None, account_id: str) -> None:
    """Check an account filter, if there is one.

    Raises:
        InvalidParameterValueException: it names another account.
    """
    if wanted not in (None, EVERY_ACCOUNT, account_id):
        raise InvalidParameterValueException(f"Invalid account ID {wanted}")


def matches(params: Params, equal: dict[str, Any], created: float, completed: float | None) -> bool:
    """Whether a job passes a request's filters: those by value (equal: its values by the filters' names) and those by date."""
    return (
        all(params.get(name) in (None, value) for name, value in equal.items())
        and within(created, params.get("ByCreatedAfter"), params.get("ByCreatedBefore"))
        and within(completed, params.get("ByCompleteAfter"), params.get("ByCompleteBefore"))
    )


def within(date: float | None, after: datetime | None, before: datetime | None) -> bool:
    """Whether a date (Unix seconds) lies between two optional ones, which are naive and UTC; no date lies nowhere."""
    if date is None:
        return after is None and before is None
    return not (after and date <= seconds(after)) and not (before and date >= seconds(before))


def seconds(moment: datetime) -> float:
    """Unix seconds of a moment that is naive and UTC."""
    return moment.replace(tzinfo=UTC).timestamp()
