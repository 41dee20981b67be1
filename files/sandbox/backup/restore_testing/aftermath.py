"""What comes after a test restore: a validation, or the end of the time for it; then what was restored is deleted."""

from __future__ import annotations

from collections.abc import Callable

from ... import clock, settings
from ..backend import BackupBackend
from ..records import RestoreJob
from .removing import RemovalFailed, remove

HOUR = 3600
TOO_LATE = "No validation result was received within the validation window."


def follow(backend: BackupBackend, job: RestoreJob, validation_hours: int) -> None:
    """Wait for the end of a job that has begun, and for what comes after it."""
    job.when_ended = lambda: _ended(backend, job, validation_hours)


def _ended(backend: BackupBackend, job: RestoreJob, validation_hours: int) -> None:
    if job.state != "COMPLETED":
        return
    if not validation_hours:
        _delete(backend, job)
        return
    job.validation_status = "VALIDATING"
    job.when_validated = lambda: _delete(backend, job)
    _later(validation_hours * HOUR, backend, job, lambda: _time_out(backend, job))


def _time_out(backend: BackupBackend, job: RestoreJob) -> None:
    if job.validation_status == "VALIDATING":
        job.validation_status, job.validation_status_message = "TIMED_OUT", TOO_LATE
        _delete(backend, job)


def _delete(backend: BackupBackend, job: RestoreJob) -> None:
    job.deletion_status = "DELETING"
    _later(settings.current.now.delete_seconds, backend, job, lambda: _remove(backend, job))


def _remove(backend: BackupBackend, job: RestoreJob) -> None:
    try:
        remove(backend, job.created_resource_arn)
    except RemovalFailed as failure:
        job.deletion_status, job.deletion_status_message = "FAILED", str(failure)
    else:
        job.deletion_status = "SUCCESSFUL"


def _later(aws_seconds: float, backend: BackupBackend, job: RestoreJob, step: Callable[[], None]) -> None:
    def take() -> None:
        with backend.lock:
            if backend.restore_jobs.get(job.id) is job:
                step()

    clock.scheduler.call_later(aws_seconds, take)
