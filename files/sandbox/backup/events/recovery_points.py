"""What is told about a recovery point."""

from __future__ import annotations

from ..backend import BackupBackend
from ..parameters import calculated_lifecycle
from ..records import RecoveryPoint
from . import Change, Notice
from .dates import iso, iso_or_none, known

MODIFIED = "RECOVERY_POINT_MODIFIED"
DETAIL_TYPE = "Recovery Point State Change"


def modified(backend: BackupBackend, point: RecoveryPoint) -> Notice:
    """What the topic is told when a lifecycle was changed. AWS's wording and attributes are not known."""
    message = f"An AWS Backup recovery point was modified. Recovery point ARN: {point.arn}. Resource ARN : {point.resource.arn}"
    attributes = {
        "EventType": "RECOVERY_POINT",
        "State": "MODIFIED",
        "AccountId": backend.account_id,
        "RecoveryPointArn": point.arn,
        "StartTime": iso(point.creation_date),
    }
    return Notice(MODIFIED, message, attributes)


def change(point: RecoveryPoint, status: str | None = None) -> Change:
    """What the event bus is told; DELETED is a status of events only."""
    status = status or point.status
    lifecycle = {name[0].lower() + name[1:]: value for name, value in (point.lifecycle or {}).items()}
    dates = calculated_lifecycle(point.creation_date, point.lifecycle) or {}
    detail = {
        "backupVaultName": point.vault_name,
        "backupVaultArn": point.vault_arn,
        "creationDate": iso(point.creation_date),
        "initiationDate": iso(point.initiation_date),
        "iamRoleArn": point.iam_role_arn,
        "resourceType": point.resource.type,
        "resourceArn": point.resource.arn,
        "status": status,
        "statusMessage": point.status_message,
        "deletedBy": "MANUAL_DELETE" if status == "DELETED" else None,
        "isEncrypted": str(point.encrypted).lower(),
        "storageClass": point.storage_class,
        "completionDate": iso_or_none(point.completion_date),
        "lifecycle": lifecycle or None,
        "calculatedLifeCycle": {name[0].lower() + name[1:]: iso(date) for name, date in dates.items()} or None,
    }
    return Change(DETAIL_TYPE, known(detail), [point.arn])
