"""What is told about a backup job in its present state."""

from __future__ import annotations

from typing import Any

from .. import progress
from ..backend import BackupBackend
from ..records import ENDED, IN_PROGRESS, Job
from . import Change, Notice
from .dates import american, iso, iso_or_none, known

FAMILY = "BACKUP_JOB"
STARTED = "BACKUP_JOB_STARTED"
COMPLETED = "BACKUP_JOB_COMPLETED"
DETAIL_TYPE = "Backup Job State Change"
WITH_SIZE = frozenset({"RUNNING", "COMPLETED", "PARTIAL"})
WITH_RECOVERY_POINT = frozenset({"COMPLETED", "PARTIAL"})
# AWS's samples of jobs that failed or completed carry this number; what it counts is not documented.
RETRY_COUNT = {"FAILED": 3, "COMPLETED": 3}


def notice(backend: BackupBackend, job: Job) -> Notice:
    """What the topic is told."""
    attributes = {
        "EventType": FAMILY,
        "State": job.state,
        "AccountId": backend.account_id,
        "Id": job.id,
        "StartTime": iso(job.creation_date),
    }
    return Notice(STARTED if job.state in IN_PROGRESS - {"ABORTING"} else COMPLETED, text(job), attributes)


def text(job: Job) -> str:
    """The message. Known of AWS: completed (also with issues: the message does not tell), failed, expired and stopped."""
    resource, point = job.resource.arn, job.recovery_point_arn
    match job.state:
        case "COMPLETED":
            return (
                f"An AWS Backup job was completed successfully. Recovery point ARN: {point}. "
                f"Backed up Resource ARN : {resource}. Backup Job Id : {job.id}"
            )
        case "PARTIAL":
            opening = f"An AWS Backup job was partially completed. Recovery point ARN: {point}."
        case "FAILED":
            opening = "An AWS Backup job failed."
        case "EXPIRED":
            opening = "An AWS Backup job failed to complete in time."
        case "ABORTED":
            opening = "An AWS Backup job was stopped."
        case "ABORTING":
            opening = "An AWS Backup job is being stopped."
        case _:
            opening = "An AWS Backup job was started."
    return f"{opening} Resource ARN : {resource}. BackupJob ID : {job.id}"


def change(job: Job) -> Change:
    """What the event bus is told."""
    if job.state == "CREATED":
        detail: dict[str, Any] = {"backupJobId": job.id, "state": job.state, "creationDate": iso(job.creation_date)}
        return Change(DETAIL_TYPE, detail)
    size = job.resource.size if job.state in WITH_SIZE else None
    detail = {
        "backupJobId": job.id,
        "backupSizeInBytes": None if size is None else str(size),
        "backupVaultArn": job.vault_arn,
        "backupVaultName": job.vault_name,
        "bytesTransferred": str(progress.bytes_transferred(job) or 0),
        "creationDate": iso(job.creation_date),
        "iamRoleArn": job.iam_role_arn,
        "resourceArn": job.resource.arn,
        "resourceType": job.resource.type,
        "state": job.state,
        "statusMessage": _status_message(job),
        "completionDate": iso_or_none(job.completion_date),
        "startBy": iso(job.start_by),
        "expectedCompletionDate": _expected(job),
        "percentDone": round(progress.percent_done(job)),
        "retryCount": RETRY_COUNT.get(job.state),
    }
    return Change(DETAIL_TYPE, known(detail), [job.recovery_point_arn] if job.state in WITH_RECOVERY_POINT else [])


def _status_message(job: Job) -> str | None:
    """AWS puts the message of an ended job between quotes of its own."""
    if job.state in ENDED and job.status_message:
        return f'"{job.status_message}"'
    return "" if job.state == "PENDING" else None


def _expected(job: Job) -> str | None:
    if job.state != "RUNNING" or job.expected_completion_date is None:
        return None
    return american(job.expected_completion_date)
