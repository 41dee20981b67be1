"""Deleting recovery points, and giving them out of AWS Backup's hands."""

from __future__ import annotations

import math

from .. import clock
from . import service
from .backend import BackupBackend
from .errors import InvalidRequestException, InvalidResourceStateException, named
from .events import recovery_points as point_events
from .events.sending import tell_bus
from .legal_holds import check_not_held
from .moments import now
from .parameters import calculated_lifecycle
from .records import RecoveryPoint, Vault
from .recovery_points import existing_point
from .registry import Params, operation
from .vault_lock import check_unlocked
from .vault_policy import check_allowed

BUSY = frozenset({"CREATING", "DELETING"})
UNDELETABLE = "The recovery point could not be deleted: it is in use or AWS Backup lacks the permission to delete it."
REFUSED = "The recovery point cannot be deleted."
# Where the source service keeps a continuous backup, it takes it back; S3's stays, and records no more.
KEPT_BY_SOURCE = frozenset({"Aurora", "RDS"})


@operation("DeleteRecoveryPoint")
def delete_recovery_point(backend: BackupBackend, params: Params) -> None:
    """Begin to delete a recovery point: it stays DELETING for a while, then it is gone, or EXPIRED if it could not be deleted."""
    point = existing_point(backend, params)
    _check_deletable(backend, point, "backup:DeleteRecoveryPoint")
    if point.composite and backend.recovery_points.nested_in(point.arn):
        raise InvalidRequestException(f"Recovery point {point.arn} contains nested recovery points: delete or disassociate them first.")
    if point.deletion.ending == "refused":
        raise named(point.deletion.code, point.deletion.message or REFUSED)
    _begin(backend, point)


@operation("DisassociateRecoveryPoint")
def disassociate_recovery_point(backend: BackupBackend, params: Params) -> None:
    """Leave a continuous backup to the service that it is of; one of S3 stays as STOPPED."""
    point = existing_point(backend, params)
    _check_deletable(backend, point, "backup:DisassociateRecoveryPoint")
    if not point.continuous:
        raise InvalidRequestException(f"Recovery point {point.arn} is not a continuous backup.")
    if point.resource.type in KEPT_BY_SOURCE:
        _forget(backend, point)
        return
    point.status, point.status_message = "STOPPED", "The continuous backup was disassociated."
    tell_bus(backend, point_events.change(point))


@operation("DisassociateRecoveryPointFromParent")
def disassociate_recovery_point_from_parent(backend: BackupBackend, params: Params) -> None:
    """Take a nested recovery point out of its composite one; both stay, unless it was the last."""
    point = existing_point(backend, params)
    check_allowed(backend.vault(point.vault_name), "backup:DisassociateRecoveryPointFromParent", point.arn)
    check_not_held(backend, point)
    if point.parent_arn is None:
        raise InvalidRequestException(f"Recovery point {point.arn} has no parent recovery point.")
    parent_arn = point.parent_arn
    backend.recovery_points.detach(point)
    _lose_nested(backend, parent_arn)


def _check_deletable(backend: BackupBackend, point: RecoveryPoint, action: str) -> None:
    vault = backend.vault(point.vault_name)
    check_allowed(vault, action, point.arn)
    check_unlocked(vault)
    check_not_held(backend, point)
    if point.status in BUSY:
        raise InvalidResourceStateException(
            "AWS Backup is already performing an action on this recovery point. It can't perform the action you requested "
            "until the first action finishes. Try again later."
        )


def delete_if_due(backend: BackupBackend, point: RecoveryPoint) -> None:
    """Begin to delete a recovery point that has outlived its lifecycle."""
    dates = calculated_lifecycle(point.creation_date, point.lifecycle) or {}
    if dates.get("DeleteAt", math.inf) <= now():
        _begin(backend, point)


def _begin(backend: BackupBackend, point: RecoveryPoint) -> None:
    point.status = "DELETING"
    tell_bus(backend, point_events.change(point))
    if point.deletion.ending != "stays":
        clock.scheduler.call_later(service.deleting_seconds(backend.region_name), lambda: _finish(backend, point))


def _finish(backend: BackupBackend, point: RecoveryPoint) -> None:
    with backend.lock:
        if backend.recovery_points.get(point.arn) is not point:
            return
        if point.deletion.ending == "expired":
            point.status, point.status_message = "EXPIRED", point.deletion.message or UNDELETABLE
            tell_bus(backend, point_events.change(point))
            return
        _forget(backend, point)


def _forget(backend: BackupBackend, point: RecoveryPoint) -> None:
    backend.recovery_points.remove(point)
    backend.remove_tags(point.arn)
    _count_a_while(backend, backend.vault(point.vault_name))
    tell_bus(backend, point_events.change(point, "DELETED"))
    if point.parent_arn:
        _lose_nested(backend, point.parent_arn)


def _count_a_while(backend: BackupBackend, vault: Vault) -> None:
    """Let a vault count a point that is gone for as long as the service is behind."""
    lag = service.vault_lag_seconds(backend.region_name)
    if not lag:
        return

    def left() -> None:
        with backend.lock:
            vault.leaving -= 1

    vault.leaving += 1
    clock.scheduler.call_later(lag, left)


def _lose_nested(backend: BackupBackend, parent_arn: str) -> None:
    """A composite recovery point that has lost a nested one is PARTIAL; one that has lost the last is deleted."""
    parent = backend.recovery_points.get(parent_arn)
    if parent is None or parent.status in BUSY:
        return
    if not backend.recovery_points.nested_in(parent_arn):
        _begin(backend, parent)
    elif parent.status != "PARTIAL":
        parent.status, parent.status_message = "PARTIAL", "A nested recovery point was deleted or disassociated."
        tell_bus(backend, point_events.change(parent))
