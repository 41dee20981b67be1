"""Making the recovery points of an order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import arns
from ..backend import BackupBackend
from ..moments import now
from ..parameters import DAY
from ..records import AIR_GAPPED, RecoveryPoint, Resource, Vault
from . import subjects
from .order import PointOrder

BACKUP_SECONDS = 60


@dataclass(frozen=True)
class Stack:
    """A resource, and those that are backed up together with it."""

    resource: Resource
    nested: list[Resource]


def points(backend: BackupBackend, vault: Vault, order: PointOrder) -> Iterator[RecoveryPoint]:
    """The points, oldest first, nested ones after the one that they are part of."""
    stacks = [_stack(backend, order) for _ in range(order.resources)]
    youngest, oldest = order.age_days
    step = (oldest - youngest) / max(1, order.count - 1)
    loaded = now()
    for index in range(order.count):
        stack = stacks[index % len(stacks)]
        created = round(loaded - (oldest - step * index) * DAY, 3)
        point = _point(backend, vault, order, stack.resource, created)
        point.composite, point.continuous = order.composite, order.continuous
        yield point
        for resource in stack.nested:
            nested = _point(backend, vault, order, resource, created)
            nested.parent_arn = point.arn
            yield nested


def _stack(backend: BackupBackend, order: PointOrder) -> Stack:
    resource = subjects.resource(backend, order.resource_type, order.size_bytes, order.resource_arn)
    return Stack(resource, [subjects.resource(backend, order.nested_resource_type, order.size_bytes) for _ in range(order.nested)])


def _point(backend: BackupBackend, vault: Vault, order: PointOrder, resource: Resource, created: float) -> RecoveryPoint:
    arn = _arn(backend, vault, order, resource)
    managed = ":recovery-point:" in arn
    default_role = f"arn:{backend.partition}:iam::{backend.account_id}:role/service-role/AWSBackupDefaultServiceRole"
    return RecoveryPoint(
        arn=arn,
        vault_name=vault.name,
        vault_arn=vault.arn,
        resource=resource,
        iam_role_arn=order.iam_role_arn or default_role,
        creation_date=created,
        initiation_date=created,
        lifecycle=None,
        encrypted=managed,
        key_arn=vault.encryption_key_arn if managed else None,
        deletion=order.deletion,
        status=order.status,
        status_message=order.status_message,
        completion_date=None if order.status == "CREATING" else created + BACKUP_SECONDS,
        plan_id=order.backup_plan_id,
        storage_class=order.storage_class,
    )


def _arn(backend: BackupBackend, vault: Vault, order: PointOrder, resource: Resource) -> str:
    if vault.type == AIR_GAPPED:
        return arns.own_arn(backend)
    return arns.continuous_arn(backend, resource) if order.continuous else arns.recovery_point_arn(backend, resource)
