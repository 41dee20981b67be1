"""What is told about a copy job in its present state."""

from __future__ import annotations

from ..backend import BackupBackend
from ..records import CopyJob
from . import Change, Notice
from .dates import iso, iso_or_none, known

FAMILY = "COPY_JOB"
DETAIL_TYPE = "Copy Job State Change"
NAMES = {
    "CREATED": "COPY_JOB_STARTED",
    "RUNNING": "COPY_JOB_STARTED",
    "COMPLETED": "COPY_JOB_SUCCESSFUL",
    "PARTIAL": "COPY_JOB_FAILED",
    "FAILED": "COPY_JOB_FAILED",
}
# Only that of a failed job is known of AWS; it names no resource.
OPENINGS = {
    "CREATED": "An AWS Copy job was started.",
    "RUNNING": "An AWS Copy job was started.",
    "COMPLETED": "An AWS Copy job was completed successfully.",
    "PARTIAL": "An AWS Copy job was completed but was failed or was aborted.",
    "FAILED": "An AWS Copy job was completed but was failed or was aborted.",
}


def notice(backend: BackupBackend, job: CopyJob) -> Notice:
    """What the topic is told."""
    attributes = {
        "AccountId": backend.account_id,
        "EventType": FAMILY,
        "State": job.state,
        "StartTime": iso(job.creation_date),
        "Id": job.id,
    }
    return Notice(NAMES[job.state], f"{OPENINGS[job.state]} Copy Job Id : {job.id}", attributes)


def change(job: CopyJob) -> Change:
    """What the event bus is told; of a job just created not even its ID."""
    vaults = {"sourceBackupVaultArn": job.source_vault_arn, "destinationBackupVaultArn": job.destination_vault_arn}
    if job.state == "CREATED":
        detail: dict[str, object] = {"creationDate": iso(job.creation_date), "state": job.state, **vaults}
        return Change(DETAIL_TYPE, detail, [job.source_recovery_point_arn])
    detail = {
        "copyJobId": job.id,
        "backupSizeInBytes": job.resource.size,
        "creationDate": iso(job.creation_date),
        "iamRoleArn": job.iam_role_arn,
        "resourceArn": job.resource.arn,
        "resourceType": job.resource.type,
        **vaults,
        "state": job.state,
        "statusMessage": job.status_message,
        "completionDate": iso_or_none(job.completion_date),
        # AWS writes an empty object where there is no ARN yet.
        "destinationRecoveryPointArn": job.known_destination_point_arn or {},
    }
    return Change(DETAIL_TYPE, known(detail), [job.source_recovery_point_arn])
