"""Notifications of a vault's topic about its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from .backend import BackupBackend
from .records import Job
from .roles import SERVICE

STARTED = "BACKUP_JOB_STARTED"
COMPLETED = "BACKUP_JOB_COMPLETED"
SUBJECT = "Notification from AWS Backup"


@dataclass(frozen=True)
class Notification:
    """A message to a topic, ready to be sent."""

    topic_arn: str
    source_account: str
    source_arn: str
    message: str
    attributes: dict[str, str]

    def publish(self) -> None:
        """Send it, if the topic takes messages from AWS Backup."""
        from .. import sns

        sns.publish_from_service(
            self.topic_arn,
            service=SERVICE,
            source_account=self.source_account,
            source_arn=self.source_arn,
            subject=SUBJECT,
            message=self.message,
            attributes=self.attributes,
        )


def started(backend: BackupBackend, job: Job) -> list[Notification]:
    """What the vault's topic is told when a job starts running."""
    return _notifications(backend, job, STARTED)


def ended(backend: BackupBackend, job: Job) -> list[Notification]:
    """What the vault's topic is told when a job has ended, however it ended."""
    return _notifications(backend, job, COMPLETED)


def _notifications(backend: BackupBackend, job: Job, event: str) -> list[Notification]:
    vault = backend.backup_vaults.get(job.vault_name)
    if vault is None or vault.topic_arn is None or event not in vault.events:
        return []
    attributes = {
        "EventType": "BACKUP_JOB",
        "State": job.state,
        "AccountId": backend.account_id,
        "Id": job.id,
        "StartTime": datetime.fromtimestamp(job.creation_date, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return [Notification(vault.topic_arn, backend.account_id, vault.arn, message_of(job), attributes)]


def message_of(job: Job) -> str:
    """The text about a job in its present state, as AWS Backup words it."""
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
        case _:
            opening = "An AWS Backup job was started."
    return f"{opening} Resource ARN : {resource}. BackupJob ID : {job.id}"
