"""The life of a backup job: CREATED, RUNNING, then its end; driven by the sandbox's clock."""

from __future__ import annotations

import time
from collections.abc import Callable

from .. import clock, settings
from . import events, resources
from .backend import BackupBackend
from .moments import now
from .records import Job, RecoveryPoint
from .vault_lock import retention_problem

CREATED_SHARE = 0.1
ABORTING_SHARE = 0.05
HIGHEST_PERCENT_WHILE_RUNNING = 99.0

SNAPSHOTS = frozenset({"EC2", "EBS", "RDS", "Aurora", "DocumentDB", "Neptune", "DynamoDB"})
GONE = {"EBS": "The specified volume was not found.", "DynamoDB": "Table not found."}
END_MESSAGES = {
    "FAILED": "An internal error occurred.",
    "EXPIRED": "Backup job expired before completion.",
    "ABORTED": "Backup job was stopped by user.",
    "PARTIAL": "Backup job completed partially.",
}

Step = Callable[[BackupBackend, Job], list[events.Notification]]


def schedule(backend: BackupBackend, job: Job) -> None:
    """Let a new job run."""
    _later(settings.current.now.job_seconds * CREATED_SHARE, _begin, backend, job)


def abort(backend: BackupBackend, job: Job) -> None:
    """Stop a job that has not ended; it stays ABORTING for a moment."""
    job.percent_done = percent_done(job)
    job.state = "ABORTING"
    _later(settings.current.now.job_seconds * ABORTING_SHARE, _aborted, backend, job)


def percent_done(job: Job) -> float:
    """How far a job is, 0 to 100."""
    if job.state != "RUNNING" or job.running_since is None:
        return job.percent_done
    passed = (time.monotonic() - job.running_since) / job.running_for * 100
    return min(passed, HIGHEST_PERCENT_WHILE_RUNNING)


def bytes_transferred(job: Job) -> int | None:
    """Bytes moved so far: none for snapshots, which the source service makes itself."""
    if job.resource.size is None or job.resource.type in SNAPSHOTS:
        return 0 if job.resource.size is not None else None
    return int(job.resource.size * percent_done(job) / 100)


def encryption(backend: BackupBackend, job: Job) -> tuple[bool, str | None]:
    """Whether the job's backup is encrypted, and by which key: snapshots keep the source's, others take the vault's."""
    if job.resource.type in SNAPSHOTS:
        return job.resource.encrypted, job.resource.key_arn
    vault = backend.backup_vaults.get(job.vault_name)
    return True, vault.encryption_key_arn if vault else None


def _later(aws_seconds: float, step: Step, backend: BackupBackend, job: Job) -> None:
    def take() -> None:
        with backend.lock:
            if backend.jobs.get(job.id) is not job:
                return
            notifications = step(backend, job)
        for notification in notifications:
            notification.publish()

    clock.scheduler.call_later(aws_seconds, take)


def _begin(backend: BackupBackend, job: Job) -> list[events.Notification]:
    if job.state != "CREATED":
        return []
    obstacle = _obstacle(backend, job)
    if obstacle:
        return _end(backend, job, *obstacle)
    aws_seconds = settings.current.now.job_seconds * (1 - CREATED_SHARE)
    job.state = "RUNNING"
    job.initiation_date = now()
    job.running_since = time.monotonic()
    job.running_for = clock.real_seconds(aws_seconds)
    job.expected_completion_date = job.initiation_date + job.running_for
    _add_recovery_point(backend, job)
    if not job.outcome.hold:
        _later(aws_seconds, _complete, backend, job)
    return events.started(backend, job)


def _obstacle(backend: BackupBackend, job: Job) -> tuple[str, str] | None:
    """The state and message a job ends with when it cannot run, or None when it can."""
    vault = backend.backup_vaults.get(job.vault_name)
    if vault is None:
        return "FAILED", f"Backup job failed because backup vault {job.vault_arn} does not exist."
    retention = retention_problem(vault, job.lifecycle)
    if retention:
        return "FAILED", retention
    busy = any(other.state in ("RUNNING", "ABORTING") and other.resource.arn == job.resource.arn for other in backend.jobs.values())
    if busy:
        return "EXPIRED", "Backup job failed because there was a running job for the same resource."
    return _resource_obstacle(backend, job)


def _resource_obstacle(backend: BackupBackend, job: Job) -> tuple[str, str] | None:
    resource = resources.find(backend, job.resource.arn)
    if resource is None:
        return "FAILED", GONE.get(job.resource.type, f"Could not find resource {job.resource.arn}")
    return ("FAILED", resource.obstacle) if resource.obstacle else None


def _complete(backend: BackupBackend, job: Job) -> list[events.Notification]:
    if job.state != "RUNNING":
        return []
    obstacle = _resource_obstacle(backend, job)
    if obstacle:
        return _end(backend, job, *obstacle)
    state = job.outcome.state
    return _end(backend, job, state, job.outcome.status_message or END_MESSAGES.get(state))


def _aborted(backend: BackupBackend, job: Job) -> list[events.Notification]:
    return _end(backend, job, "ABORTED", END_MESSAGES["ABORTED"])


def _end(backend: BackupBackend, job: Job, state: str, message: str | None) -> list[events.Notification]:
    succeeded = state in ("COMPLETED", "PARTIAL")
    job.percent_done = 100.0 if succeeded else percent_done(job)
    job.state = state
    job.status_message = message
    job.message_category = job.outcome.message_category or ("SUCCESS" if state == "COMPLETED" else None)
    job.completion_date = now()
    point = backend.recovery_points.get(job.recovery_point_arn)
    if point and succeeded:
        point.status, point.status_message, point.completion_date = state, message, job.completion_date
    elif point:
        del backend.recovery_points[point.arn]
        backend.remove_tags(point.arn)
    return events.ended(backend, job)


def _add_recovery_point(backend: BackupBackend, job: Job) -> None:
    encrypted, key_arn = encryption(backend, job)
    backend.recovery_points[job.recovery_point_arn] = RecoveryPoint(
        arn=job.recovery_point_arn,
        vault_name=job.vault_name,
        vault_arn=job.vault_arn,
        resource=job.resource,
        iam_role_arn=job.iam_role_arn,
        creation_date=job.creation_date,
        initiation_date=job.initiation_date or job.creation_date,
        lifecycle=job.lifecycle,
        encrypted=encrypted,
        key_arn=key_arn,
        undeletable=job.outcome.undeletable,
    )
    copied = {key: value for key, value in job.resource.tags.items() if not key.lower().startswith("aws:")}
    backend.tag_resource(job.recovery_point_arn, {**copied, **job.recovery_point_tags})
