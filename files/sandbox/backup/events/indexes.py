"""What is told about the index of a recovery point."""

from __future__ import annotations

from ..backend import BackupBackend
from ..records import RecoveryPoint
from . import Change, Notice
from .dates import iso, known

DETAIL_TYPE = "Recovery Point Index State Change"
NAMES = {
    "ACTIVE": "RECOVERY_POINT_INDEX_COMPLETED",
    "DELETED": "RECOVERY_POINT_INDEX_DELETED",
    "FAILED": "RECOVERY_POINT_INDEXING_FAILED",
}
# Known of AWS is the message of a completed index, with its event type.
EVENT_TYPES = {
    "ACTIVE": "RECOVERY_POINT_INDEXING_COMPLETED",
    "DELETED": "RECOVERY_POINT_INDEX_DELETED",
    "FAILED": "RECOVERY_POINT_INDEXING_FAILED",
}
TEXTS = {
    "ACTIVE": "An AWS Backup backup index job was completed.",
    "DELETED": "An AWS Backup backup index was deleted.",
    "FAILED": "An AWS Backup backup index job failed.",
}
STATUS_MESSAGES = {
    "ACTIVE": "An AWS Backup recovery point index was successfully completed.",
    "DELETED": "An AWS Backup recovery point index was deleted.",
    "FAILED": "An AWS Backup recovery point index failed to create.",
}
END_DATES = {"ACTIVE": "indexCompletionTime", "DELETED": "indexDeletionTime"}


def notice(backend: BackupBackend, point: RecoveryPoint, status: str) -> Notice:
    """What the topic is told: no State, Id or StartTime among the attributes."""
    attributes = {
        "EventType": EVENT_TYPES[status],
        "AccountId": backend.account_id,
        "IndexStatus": status,
        "IsIndexingContinuous": "false",
        "RecoveryPointArn": point.arn,
    }
    return Notice(NAMES[status], f"{TEXTS[status]} Indexed recovery point arn: {point.arn}", attributes)


def change(backend: BackupBackend, point: RecoveryPoint, status: str) -> Change:
    """What the event bus is told."""
    detail: dict[str, object] = {
        "recoveryPointArn": point.arn,
        "accountId": backend.account_id,
        "indexStatus": status,
        "iamRoleArn": point.iam_role_arn,
        "resourceType": point.resource.type,
        "backupVaultArn": point.vault_arn,
        "indexCreationTime": iso(point.initiation_date),
        "isIndexingContinuous": False,
        "sourceResourceArn": point.resource.arn,
        "backupCreationTime": iso(point.creation_date),
        "indexStatusMessage": f"{STATUS_MESSAGES[status]} Indexed recovery point arn : {point.arn}",
    }
    if status in END_DATES and point.completion_date is not None:
        detail[END_DATES[status]] = iso(point.completion_date)
    return Change(DETAIL_TYPE, known(detail), [point.arn])
