"""Recovery points: list, describe, change, delete."""

from __future__ import annotations

from typing import Any

from .. import clock, settings
from . import pages
from .backend import BackupBackend
from .errors import InvalidRequestException, InvalidResourceStateException, ResourceNotFoundException
from .events import recovery_points as point_events
from .events.sending import tell_bus, tell_topic
from .filters import within
from .parameters import calculated_lifecycle, check_lifecycle
from .records import RecoveryPoint
from .registry import Params, operation
from .vault_lock import check_unlocked
from .vault_policy import check_allowed

BUSY = frozenset({"CREATING", "DELETING"})
UNDELETABLE = "The recovery point could not be deleted: it is in use or AWS Backup lacks the permission to delete it."


@operation("ListRecoveryPointsByBackupVault")
def list_recovery_points_by_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a vault's recovery points, newest first."""
    vault = backend.vault(params["BackupVaultName"])
    found = [point for point in backend.points_of(vault.name) if _is_listed(point, params)]
    points, token = pages.page(found, params, key=_sort_key, newest_first=True)
    return {"RecoveryPoints": [_members(point) for point in points], "NextToken": token}


@operation("ListRecoveryPointsByResource")
def list_recovery_points_by_resource(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a resource's recovery points in all vaults, newest first."""
    found = [point for point in backend.recovery_points.values() if point.resource.arn == params["ResourceArn"]]
    points, token = pages.page(found, params, key=_sort_key, newest_first=True)
    return {"RecoveryPoints": [{**_members(point), "BackupSizeBytes": point.resource.size} for point in points], "NextToken": token}


@operation("DescribeRecoveryPoint")
def describe_recovery_point(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a recovery point."""
    return _members(_existing_point(backend, params))


@operation("GetRecoveryPointRestoreMetadata")
def get_recovery_point_restore_metadata(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """What a restore of a recovery point would be told."""
    point = _existing_point(backend, params)
    return {
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": point.resource.restore_metadata,
        "ResourceType": point.resource.type,
    }


@operation("UpdateRecoveryPointLifecycle")
def update_recovery_point_lifecycle(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Set a recovery point's lifecycle; members left out are cleared."""
    point = _existing_point(backend, params)
    vault = backend.vault(point.vault_name)
    check_allowed(vault, "backup:UpdateRecoveryPointLifecycle")
    check_unlocked(vault)
    check_lifecycle(params.get("Lifecycle"))
    point.lifecycle = params.get("Lifecycle") or {}
    tell_topic(backend, vault.name, point_events.modified(backend, point))
    tell_bus(backend, point_events.change(point))
    return {
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": point.lifecycle,
        "CalculatedLifecycle": calculated_lifecycle(point.creation_date, point.lifecycle),
    }


@operation("DeleteRecoveryPoint")
def delete_recovery_point(backend: BackupBackend, params: Params) -> None:
    """Begin to delete a recovery point: it stays DELETING for a while, then it is gone, or EXPIRED if it could not be deleted."""
    point = _existing_point(backend, params)
    vault = backend.vault(point.vault_name)
    check_allowed(vault, "backup:DeleteRecoveryPoint")
    check_unlocked(vault)
    if point.status in BUSY:
        raise InvalidResourceStateException(
            "AWS Backup is already performing an action on this recovery point. It can't perform the action you requested "
            "until the first action finishes. Try again later."
        )
    point.status = "DELETING"
    tell_bus(backend, point_events.change(point))
    clock.scheduler.call_later(settings.current.now.delete_seconds, lambda: _finish_deletion(backend, point))


def _finish_deletion(backend: BackupBackend, point: RecoveryPoint) -> None:
    with backend.lock:
        if backend.recovery_points.get(point.arn) is not point:
            return
        if point.undeletable:
            point.status, point.status_message = "EXPIRED", UNDELETABLE
            tell_bus(backend, point_events.change(point))
            return
        del backend.recovery_points[point.arn]
        backend.remove_tags(point.arn)
        tell_bus(backend, point_events.change(point, "DELETED"))


@operation("DisassociateRecoveryPoint")
def disassociate_recovery_point(backend: BackupBackend, params: Params) -> None:
    """Refused: only continuous backups can be disassociated, and the sandbox makes none."""
    point = _existing_point(backend, params)
    raise InvalidRequestException(f"Recovery point {point.arn} is not a continuous backup.")


@operation("DisassociateRecoveryPointFromParent")
def disassociate_recovery_point_from_parent(backend: BackupBackend, params: Params) -> None:
    """Refused: only nested recovery points have a parent, and the sandbox makes none."""
    point = _existing_point(backend, params)
    raise InvalidRequestException(f"Recovery point {point.arn} has no parent recovery point.")


def _existing_point(backend: BackupBackend, params: Params) -> RecoveryPoint:
    vault = backend.vault(params["BackupVaultName"])
    point = backend.recovery_points.get(params["RecoveryPointArn"])
    if point is None or point.vault_name != vault.name:
        raise ResourceNotFoundException(f"Cannot find recovery point {params['RecoveryPointArn']} in backup vault {vault.name}.")
    return point


def _is_listed(point: RecoveryPoint, params: Params) -> bool:
    equal = {
        "ByResourceArn": point.resource.arn,
        "ByResourceType": point.resource.type,
        "ByBackupPlanId": None,
        "ByParentRecoveryPointArn": None,
    }
    return all(params.get(name) in (None, value) for name, value in equal.items()) and within(
        point.creation_date, params.get("ByCreatedAfter"), params.get("ByCreatedBefore")
    )


def _sort_key(point: RecoveryPoint) -> str:
    return pages.by_date(point.creation_date, point.arn)


def _members(point: RecoveryPoint) -> dict[str, Any]:
    return {
        "RecoveryPointArn": point.arn,
        "BackupVaultName": point.vault_name,
        "BackupVaultArn": point.vault_arn,
        "ResourceArn": point.resource.arn,
        "ResourceType": point.resource.type,
        "ResourceName": point.resource.name,
        "IamRoleArn": point.iam_role_arn,
        "Status": point.status,
        "StatusMessage": point.status_message,
        "CreationDate": point.creation_date,
        "InitiationDate": point.initiation_date,
        "CompletionDate": point.completion_date,
        "BackupSizeInBytes": point.resource.size,
        "CalculatedLifecycle": calculated_lifecycle(point.creation_date, point.lifecycle),
        "Lifecycle": point.lifecycle,
        "EncryptionKeyArn": point.key_arn,
        "IsEncrypted": point.encrypted,
        "StorageClass": "WARM",
        "IsParent": False,
        "VaultType": "BACKUP_VAULT",
    }
