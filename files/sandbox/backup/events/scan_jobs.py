"""What the event bus is told about malware scans; topics are told nothing."""

from __future__ import annotations

import uuid

from ..backend import BackupBackend
from ..records import RecoveryPoint
from . import Change
from .dates import iso, known

DETAIL_TYPE = "Scan Job State Change"
MESSAGES = {
    "COMPLETED": "An AWS Backup scan job was successful completed.",
    "COMPLETED_WITH_ISSUES": "Scan job partially completed. View more details in Amazon GuardDuty",
    "FAILED": "An internal error occurred.",
    "CANCELED": "Scan job was stopped by user.",
}
RESULTS = {"COMPLETED": "THREATS_FOUND", "COMPLETED_WITH_ISSUES": "NO_THREATS_FOUND"}


def change(backend: BackupBackend, point: RecoveryPoint, job_id: str, state: str, message: str | None) -> Change:
    """A scan of a recovery point is in a state."""
    result = RESULTS.get(state)
    detail = {
        "accountId": backend.account_id,
        "backupVaultArn": point.vault_arn,
        "backupVaultName": point.vault_name,
        "completionDate": iso(point.completion_date) if state in MESSAGES and point.completion_date else None,
        "creationDate": iso(point.creation_date),
        "iamRoleArn": point.iam_role_arn,
        "scannerRoleArn": f"arn:{backend.partition}:iam::{backend.account_id}:role/BackupScanner",
        "recoveryPointArn": point.arn,
        "resourceArn": point.resource.arn,
        "resourceType": point.resource.type,
        "scanId": str(uuid.uuid4()),
        "scanJobId": job_id,
        "malwareScanner": "GUARDDUTY",
        "scanResult": {"scanResultStatus": result} if result else None,
        "state": state,
        "statusMessage": message or MESSAGES.get(state),
    }
    return Change(DETAIL_TYPE, known(detail), [point.arn])
