"""What is told about a restore job in its present state."""

from __future__ import annotations

from ..backend import BackupBackend
from ..records import RestoreJob
from . import Change, Notice
from .dates import iso, iso_or_none, known

FAMILY = "RESTORE_JOB"
DETAIL_TYPE = "Restore Job State Change"
NAMES = {
    "CREATED": "RESTORE_JOB_STARTED",
    "PENDING": "RESTORE_JOB_STARTED",
    "RUNNING": "RESTORE_JOB_STARTED",
    "COMPLETED": "RESTORE_JOB_COMPLETED",
    "ABORTED": "RESTORE_JOB_COMPLETED",
    "FAILED": "RESTORE_JOB_COMPLETED",
}


def notice(backend: BackupBackend, job: RestoreJob) -> Notice:
    """What the topic is told. Of AWS it is only known that the family is like that of other jobs."""
    attributes = {
        "EventType": FAMILY,
        "State": job.state,
        "AccountId": backend.account_id,
        "Id": job.id,
        "StartTime": iso(job.creation_date),
    }
    return Notice(NAMES[job.state], text(job), attributes)


def text(job: RestoreJob) -> str:
    """The message. Of AWS it is known to say failed, and to end in a sentence that starts with Restore and ends in the ID."""
    match job.state:
        case "COMPLETED":
            opening = f"An AWS Backup restore job was completed successfully. Restored Resource ARN : {job.created_resource_arn}."
        case "FAILED":
            opening = "An AWS Backup restore job failed."
        case "ABORTED":
            opening = "An AWS Backup restore job was stopped."
        case _:
            opening = "An AWS Backup restore job was started."
    return f"{opening} Recovery point ARN: {job.recovery_point_arn}. Restore Job Id : {job.id}"


def change(job: RestoreJob) -> Change:
    """What the event bus is told: the state under `status`, but under `state` when the job was just created."""
    if job.state == "CREATED":
        created: dict[str, object] = {"restoreJobId": job.id, "creationDate": iso(job.creation_date), "state": job.state}
        return Change(DETAIL_TYPE, created, [job.recovery_point_arn])
    detail = {
        "restoreJobId": job.id,
        "backupSizeInBytes": str(job.resource.size or 0),
        "creationDate": iso(job.creation_date),
        "iamRoleArn": job.iam_role_arn,
        "percentDone": round(job.percent_done),
        "resourceType": job.resource.type,
        "status": job.state,
        "statusMessage": job.status_message,
        "restoreTestingPlanArn": job.restore_testing_plan_arn,
    }
    if job.state == "COMPLETED":
        detail |= {
            "backupVaultArn": job.vault_arn,
            "recoveryPointArn": job.recovery_point_arn,
            "sourceResourceArn": job.resource.arn,
            "createdResourceArn": job.created_resource_arn,
            "completionDate": iso_or_none(job.completion_date),
        }
    return Change(DETAIL_TYPE, known(detail), [job.recovery_point_arn])
