"""What the event bus is told about plans; the topics' events for plans are deprecated, nothing is sent for them."""

from __future__ import annotations

from . import Change
from .dates import iso

DETAIL_TYPE = "Backup Plan State Change"
DATES = {"CREATED": "creationDate", "MODIFIED": "modifiedAt", "DELETED": "deletionDate"}


def change(plan_id: str, arn: str, version_id: str, state: str, date: float) -> Change:
    """A plan was CREATED, MODIFIED or DELETED."""
    return Change(DETAIL_TYPE, {"backupPlanId": plan_id, "versionId": version_id, DATES[state]: iso(date), "state": state}, [arn])
