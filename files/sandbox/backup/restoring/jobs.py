"""The life of a restore job: CREATED (the API says PENDING), RUNNING, then its end; driven by the sandbox's clock."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from moto.core.exceptions import JsonRESTError, ServiceException

from ... import clock, settings
from .. import permissions
from ..events import restore_jobs
from ..events.sending import tell_bus, tell_topic
from ..moments import now
from ..outcomes import RESTORE, outcome_for
from ..records import Outcome, RestoreJob
from .restorer import RestoreFailed
from .types import RESTORERS, content_of

if TYPE_CHECKING:
    from ..backend import BackupBackend
    from .order import RestoreOrder

CREATED_SHARE = 0.1
MESSAGES = {"FAILED": "An internal error occurred.", "ABORTED": "Restore job was stopped."}
NO_CONTENT = "Recovery point {arn} has no data in the sandbox: it was loaded by the control endpoint."


def begin_restore(backend: BackupBackend, order: RestoreOrder) -> RestoreJob:
    """Start a restore.

    Raises:
        InvalidParameterValueException: the metadata is not fit for the resource's type.
    """
    point = order.point
    if point.content:
        RESTORERS[point.resource.type].check(order.metadata)
    job = _new_job(backend, order)
    outcome = outcome_for(RESTORE, point.arn, point.resource.arn)
    _later(settings.current.now.job_seconds * CREATED_SHARE, backend, job, lambda: _begin(backend, job, order, outcome))
    return job


def refuse_restore(backend: BackupBackend, order: RestoreOrder, message: str) -> RestoreJob:
    """Have a job that fails at once, for an order that nobody waits for an answer to."""
    job = _new_job(backend, order)
    _end(backend, job, "FAILED", message)
    return job


def _new_job(backend: BackupBackend, order: RestoreOrder) -> RestoreJob:
    point = order.point
    job = RestoreJob(
        id=str(uuid.uuid4()).upper(),
        recovery_point_arn=point.arn,
        vault_arn=point.vault_arn,
        resource=point.resource,
        iam_role_arn=order.iam_role_arn,
        creation_date=now(),
        created_resource_arn="",
        restore_testing_plan_arn=order.restore_testing_plan_arn,
        recovery_point_creation_date=point.creation_date,
    )
    backend.restore_jobs[job.id] = job
    tell_bus(backend, restore_jobs.change(job))
    return job


def _later(aws_seconds: float, backend: BackupBackend, job: RestoreJob, step: Callable[[], None]) -> None:
    def take() -> None:
        with backend.lock:
            if backend.restore_jobs.get(job.id) is job:
                step()

    clock.scheduler.call_later(aws_seconds, take)


def _begin(backend: BackupBackend, job: RestoreJob, order: RestoreOrder, outcome: Outcome) -> None:
    refusal = _refusal(backend, job, order)
    if refusal:
        _end(backend, job, "FAILED", refusal)
        return
    aws_seconds = settings.current.now.job_seconds * (1 - CREATED_SHARE)
    job.state = "RUNNING"
    job.running_since, job.running_for = time.monotonic(), clock.real_seconds(aws_seconds)
    if not outcome.hold:
        _later(aws_seconds, backend, job, lambda: _finish(backend, job, order, outcome))
    _tell(backend, job)


def _refusal(backend: BackupBackend, job: RestoreJob, order: RestoreOrder) -> str | None:
    """Why a job cannot run."""
    point = order.point
    if not point.content:
        return NO_CONTENT.format(arn=point.arn)
    needs = RESTORERS[point.resource.type].needs(order)
    return permissions.first_refusal(backend, job.iam_role_arn, job.id, needs)


def _finish(backend: BackupBackend, job: RestoreJob, order: RestoreOrder, outcome: Outcome) -> None:
    if outcome.state != "COMPLETED":
        _end(backend, job, outcome.state, outcome.status_message or MESSAGES[outcome.state])
        return
    content = content_of(order.point, outcome.content)
    tags = {**(_without_reserved(content.tags) if order.copy_tags else {}), **order.tags}
    try:
        job.created_resource_arn = RESTORERS[job.resource.type].restore(backend, content, order, tags)
    except RestoreFailed as failure:
        _end(backend, job, "FAILED", str(failure))
    except (JsonRESTError, ServiceException) as refusal:
        _end(backend, job, "FAILED", refusal.message)
    else:
        _end(backend, job, "COMPLETED", outcome.status_message)


def _without_reserved(tags: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if not key.lower().startswith("aws:")}


def _end(backend: BackupBackend, job: RestoreJob, state: str, message: str | None) -> None:
    job.percent_done = 100.0 if state == "COMPLETED" else job.percent_done
    job.state, job.status_message, job.completion_date = state, message, now()
    job.when_ended()
    _tell(backend, job)


def _tell(backend: BackupBackend, job: RestoreJob) -> None:
    tell_topic(backend, job.vault_arn.rpartition(":")[2], restore_jobs.notice(backend, job))
    tell_bus(backend, restore_jobs.change(job))
