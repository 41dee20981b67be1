"""For each kind of order, what it makes and what is told about it."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from ..backend import BackupBackend
from ..events import (
    Change,
    Notice,
    backup_jobs,
    copy_jobs,
    indexes,
    objects,
    plans,
    recovery_points,
    region_settings,
    restore_jobs,
    scan_jobs,
    vaults,
)
from ..moments import now
from . import jobs, subjects
from .order import Order


@dataclass(frozen=True)
class News:
    """What one event says on each route, None where the route never tells of such events, and which job it is about."""

    notice: Notice | None = None
    change: Change | None = None
    job_id: str | None = None


def news(backend: BackupBackend, order: Order) -> News:
    """Do what an order asks for, once."""
    return MAKERS[order.kind](backend, order)


def _backup_job(backend: BackupBackend, order: Order) -> News:
    job = jobs.backup_job(backend, order)
    return News(backup_jobs.notice(backend, job), backup_jobs.change(job), job.id)


def _copy_job(backend: BackupBackend, order: Order) -> News:
    job = jobs.copy_job(backend, order)
    return News(copy_jobs.notice(backend, job), copy_jobs.change(job), job.id)


def _restore_job(backend: BackupBackend, order: Order) -> News:
    job = jobs.restore_job(backend, order)
    return News(restore_jobs.notice(backend, job), restore_jobs.change(job), job.id)


def _recovery_point(backend: BackupBackend, order: Order) -> News:
    point = subjects.point_of(backend, order, subjects.resource_of(backend, order))
    notice = recovery_points.modified(backend, point) if order.state == "MODIFIED" else None
    return News(notice, recovery_points.change(point, order.state))


def _recovery_point_index(backend: BackupBackend, order: Order) -> News:
    point = subjects.point_of(backend, order, subjects.resource_of(backend, order))
    return News(indexes.notice(backend, point, order.state), indexes.change(backend, point, order.state))


def _vault(backend: BackupBackend, order: Order) -> News:
    locked = True if order.state == "MODIFIED" else None
    return News(change=vaults.change(order.vault, subjects.vault_arn(backend, order), order.state, locked))


def _plan(backend: BackupBackend, order: Order) -> News:
    plan_id, version_id = str(uuid.uuid4()), base64.b64encode(str(uuid.uuid4()).encode()).decode()
    return News(change=plans.change(plan_id, backend.arn(f"backup-plan:{plan_id}"), version_id, order.state, now()))


def _region_setting(_backend: BackupBackend, order: Order) -> News:
    changed = {order.resource_type or "Aurora": True}
    return News(change=region_settings.change(now(), {"ResourceTypeOptInPreference": changed}))


def _scan_job(backend: BackupBackend, order: Order) -> News:
    job_id = order.job_id or str(uuid.uuid4())
    point = subjects.point_of(backend, order, subjects.resource_of(backend, order))
    return News(change=scan_jobs.change(backend, point, job_id, order.state, order.status_message), job_id=job_id)


def _s3_object(backend: BackupBackend, order: Order) -> News:
    bucket, job_id = subjects.resource_of(backend, order).identifier, order.job_id or str(uuid.uuid4()).upper()
    return News(objects.s3(backend, order.state, bucket, job_id, order.status_message), job_id=job_id)


def _eks_object(backend: BackupBackend, order: Order) -> News:
    cluster, job_id = subjects.resource_of(backend, order).identifier, order.job_id or str(uuid.uuid4())
    return News(objects.eks(order.state, cluster, job_id, order.status_message), job_id=job_id)


def _access_point(backend: BackupBackend, order: Order) -> News:
    point = subjects.point_of(backend, order, subjects.resource_of(backend, order))
    return News(objects.access_point(backend, order.state, point))


def _continuous(backend: BackupBackend, order: Order) -> News:
    point = subjects.point_of(backend, order, subjects.resource_of(backend, order))
    return News(objects.continuous(backend, point, order.status_message))


MAKERS: dict[str, Callable[[BackupBackend, Order], News]] = {
    "backup_job": _backup_job,
    "copy_job": _copy_job,
    "restore_job": _restore_job,
    "recovery_point": _recovery_point,
    "recovery_point_index": _recovery_point_index,
    "vault": _vault,
    "plan": _plan,
    "region_setting": _region_setting,
    "scan_job": _scan_job,
    "s3_object": _s3_object,
    "eks_object": _eks_object,
    "access_point": _access_point,
    "continuous": _continuous,
}
