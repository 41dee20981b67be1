"""The life of a backup job: CREATED, RUNNING, then its end; driven by the sandbox's clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import chain

from .. import clock, settings
from . import endings, permissions, progress, resources, restoring
from .backend import BackupBackend
from .events import backup_jobs, recovery_points
from .events.sending import tell_bus, tell_topic
from .moments import now
from .records import CopyJob, Deletion, Job, RecoveryPoint
from .vault_lock import retention_problem

CREATED_SHARE = 0.1
ABORTING_SHARE = 0.05

GONE = {"EBS": "The specified volume was not found.", "DynamoDB": "Table not found."}
Step = Callable[[BackupBackend, Job], None]


def schedule(backend: BackupBackend, job: Job) -> None:
    """Let a new job run."""
    tell_bus(backend, backup_jobs.change(job))
    _later(settings.current.now.job_seconds * CREATED_SHARE, _begin, backend, job)


def abort(backend: BackupBackend, job: Job) -> None:
    """Stop a job that has not ended; it stays ABORTING for a moment."""
    job.percent_done = progress.percent_done(job)
    job.state = "ABORTING"
    tell_bus(backend, backup_jobs.change(job))
    _later(settings.current.now.job_seconds * ABORTING_SHARE, _aborted, backend, job)


def encryption(backend: BackupBackend, job: Job) -> tuple[bool, str | None]:
    """Whether the job's backup is encrypted, and by which key: snapshots keep the source's, others take the vault's."""
    if not job.fully_managed:
        return job.resource.encrypted, job.resource.key_arn
    vault = backend.backup_vaults.get(job.vault_name)
    return True, vault.encryption_key_arn if vault else None


def busy(backend: BackupBackend, job: Job | CopyJob) -> bool:
    """Whether another backup or copy job of the same resource is running."""
    others: Iterator[Job | CopyJob] = chain(backend.jobs.values(), backend.copy_jobs.values())
    return any(other.state in ("RUNNING", "ABORTING") and other.resource.arn == job.resource.arn for other in others if other is not job)


def _later(aws_seconds: float, step: Step, backend: BackupBackend, job: Job) -> None:
    def take() -> None:
        with backend.lock:
            if backend.jobs.get(job.id) is job:
                step(backend, job)

    clock.scheduler.call_later(aws_seconds, take)


def _begin(backend: BackupBackend, job: Job) -> None:
    if job.state != "CREATED":
        return
    obstacle = _obstacle(backend, job)
    if obstacle:
        _end(backend, job, *obstacle)
        return
    aws_seconds = settings.current.now.job_seconds * (1 - CREATED_SHARE)
    job.state = "RUNNING"
    job.initiation_date = now()
    job.running_since = time.monotonic()
    job.running_for = clock.real_seconds(aws_seconds)
    job.expected_completion_date = job.initiation_date + job.running_for
    _add_recovery_point(backend, job)
    if not job.outcome.hold:
        _later(aws_seconds, _complete, backend, job)
    _tell(backend, job)


def _tell(backend: BackupBackend, job: Job) -> None:
    tell_topic(backend, job.vault_name, backup_jobs.notice(backend, job))
    tell_bus(backend, backup_jobs.change(job))


def _obstacle(backend: BackupBackend, job: Job) -> tuple[str, ...] | None:
    """The state and message (and category) a job ends with when it cannot run, or None when it can."""
    vault = backend.backup_vaults.get(job.vault_name)
    if vault is None:
        return "FAILED", f"Backup job failed because backup vault {job.vault_arn} does not exist."
    retention = retention_problem(vault, job.lifecycle)
    if retention:
        return "FAILED", retention
    if busy(backend, job):
        return "EXPIRED", "Backup job failed because there was a running job for the same resource."
    refusal = permissions.refusal(backend, job)
    if refusal:
        return "FAILED", refusal, permissions.CATEGORY
    return _resource_obstacle(backend, job)


def _resource_obstacle(backend: BackupBackend, job: Job) -> tuple[str, str] | None:
    resource = resources.find(backend, job.resource.arn)
    if resource is None:
        return "FAILED", GONE.get(job.resource.type, f"Could not find resource {job.resource.arn}")
    return ("FAILED", resource.obstacle) if resource.obstacle else None


def _complete(backend: BackupBackend, job: Job) -> None:
    if job.state != "RUNNING":
        return
    obstacle = _resource_obstacle(backend, job)
    if obstacle:
        _end(backend, job, *obstacle)
    else:
        _end(backend, job, job.outcome.state, job.outcome.status_message, job.outcome.message_category)


def _aborted(backend: BackupBackend, job: Job) -> None:
    _end(backend, job, "ABORTED")


def _end(backend: BackupBackend, job: Job, state: str, message: str | None = None, category: str | None = None) -> None:
    succeeded = state in ("COMPLETED", "PARTIAL")
    job.percent_done = 100.0 if succeeded else progress.percent_done(job)
    job.state = state
    endings.give_reason(job, message, category)
    job.completion_date = now()
    point = backend.recovery_points.get(job.recovery_point_arn)
    if point and succeeded:
        point.status, point.completion_date = state, job.completion_date
        point.status_message = job.status_message if state == "PARTIAL" else None
        tell_bus(backend, recovery_points.change(point))
    elif point:
        backend.recovery_points.remove(point)
        backend.remove_tags(point.arn)
    _tell(backend, job)


def _add_recovery_point(backend: BackupBackend, job: Job) -> None:
    encrypted, key_arn = encryption(backend, job)
    point = RecoveryPoint(
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
        deletion=Deletion("expired" if job.outcome.undeletable else "gone"),
        content=restoring.capture(backend, job.resource),
    )
    backend.recovery_points.add(point)
    tell_bus(backend, recovery_points.change(point))
    copied = {key: value for key, value in job.resource.tags.items() if not key.lower().startswith("aws:")}
    backend.tag_resource(job.recovery_point_arn, {**copied, **job.recovery_point_tags})
