"""Jobs in an ordered state: new ones, or known ones brought into it."""

from __future__ import annotations

import uuid

from .. import endings
from ..arns import recovery_point_arn
from ..backend import BackupBackend
from ..moments import now
from ..records import ENDED, CopyJob, Job, Outcome, RestoreJob
from . import subjects
from .order import Order

PERCENT = {"RUNNING": 50.0, "ABORTING": 50.0, "COMPLETED": 100.0, "PARTIAL": 100.0}
RESTORE_MESSAGES = {
    "FAILED": (
        "AWS Backup does not permit attaching a new instance profile to an EC2 instance. "
        "Please restore using the backed up instance profile."
    ),
    "ABORTED": "Restore job was stopped.",
}


def backup_job(backend: BackupBackend, order: Order) -> Job:
    """A backup job in the order's state; it makes no recovery point."""
    job_id = _job_id(order)
    job = backend.jobs.get(job_id.upper()) or _new_backup_job(backend, order, job_id)
    backend.jobs[job_id.upper()] = job
    job.state = order.state
    job.percent_done = PERCENT.get(order.state, job.percent_done)
    endings.give_reason(job, order.status_message, order.message_category)
    if order.state not in ("CREATED", "PENDING"):
        job.initiation_date = job.initiation_date or job.creation_date
        job.expected_completion_date = job.expected_completion_date or now() + order.seconds
    job.completion_date = now() if order.state in ENDED else None
    return job


def _new_backup_job(backend: BackupBackend, order: Order, job_id: str) -> Job:
    resource = subjects.resource_of(backend, order)
    created = now() - order.seconds
    return Job(
        id=job_id,
        vault_name=order.vault,
        vault_arn=subjects.vault_arn(backend, order),
        resource=resource,
        iam_role_arn=subjects.role_arn(backend, order),
        recovery_point_arn=order.recovery_point_arn or recovery_point_arn(backend, resource),
        lifecycle=None,
        recovery_point_tags={},
        backup_options=None,
        creation_date=created,
        start_by=subjects.start_by(created),
        outcome=Outcome(),
        parent_job_id=order.parent_job_id,
    )


def copy_job(backend: BackupBackend, order: Order) -> CopyJob:
    """A copy job in the order's state."""
    job_id = _job_id(order)
    job = backend.copy_jobs.get(job_id.upper()) or _new_copy_job(backend, order, job_id)
    backend.copy_jobs[job_id.upper()] = job
    job.state = order.state
    job.status_message = order.status_message or endings.COPY_MESSAGES.get(order.state)
    job.message_category = order.message_category or (endings.SUCCESS if order.state == "COMPLETED" else None)
    job.completion_date = now() if order.state in ENDED else None
    return job


def _new_copy_job(backend: BackupBackend, order: Order, job_id: str) -> CopyJob:
    resource = subjects.resource_of(backend, order)
    return CopyJob(
        id=job_id,
        source_vault_arn=subjects.vault_arn(backend, order),
        source_recovery_point_arn=order.recovery_point_arn or recovery_point_arn(backend, resource),
        destination_vault_arn=order.destination_vault_arn or backend.arn("backup-vault:copies"),
        destination_recovery_point_arn=recovery_point_arn(backend, resource),
        resource=resource,
        iam_role_arn=subjects.role_arn(backend, order),
        creation_date=now() - order.seconds,
        parent_job_id=order.parent_job_id,
    )


def restore_job(backend: BackupBackend, order: Order) -> RestoreJob:
    """A restore job in the order's state; it restores nothing."""
    job_id = _job_id(order)
    job = backend.restore_jobs.get(job_id.upper()) or _new_restore_job(backend, order, job_id)
    backend.restore_jobs[job_id.upper()] = job
    job.state = order.state
    job.percent_done = PERCENT.get(order.state, job.percent_done)
    job.status_message = order.status_message or RESTORE_MESSAGES.get(order.state)
    job.completion_date = now() if order.state in ENDED else None
    return job


def _new_restore_job(backend: BackupBackend, order: Order, job_id: str) -> RestoreJob:
    resource = subjects.resource_of(backend, order)
    return RestoreJob(
        id=job_id,
        recovery_point_arn=order.recovery_point_arn or recovery_point_arn(backend, resource),
        vault_arn=subjects.vault_arn(backend, order),
        resource=resource,
        iam_role_arn=subjects.role_arn(backend, order),
        creation_date=now() - order.seconds,
        created_resource_arn=subjects.created_resource_arn(order, resource),
        parent_job_id=order.parent_job_id,
        restore_testing_plan_arn=order.restore_testing_plan_arn,
    )


def _job_id(order: Order) -> str:
    return order.job_id or str(uuid.uuid4()).upper()
