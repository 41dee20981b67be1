"""Recovery points: list, describe, change their lifecycle."""

from __future__ import annotations

from typing import Any

from . import pages, restoring
from .backend import BackupBackend
from .errors import InvalidRequestException, ResourceNotFoundException
from .events import recovery_points as point_events
from .events.sending import tell_bus, tell_topic
from .filters import seconds
from .parameters import calculated_lifecycle, check_lifecycle
from .point_store import ByAge
from .records import Lifecycle, RecoveryPoint
from .registry import Params, operation
from .vault_lock import check_unlocked
from .vault_policy import check_allowed


@operation("ListRecoveryPointsByBackupVault")
def list_recovery_points_by_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a vault's recovery points, newest first."""
    vault = backend.vault(params["BackupVaultName"])
    created_after, created_before = params.get("ByCreatedAfter"), params.get("ByCreatedBefore")
    points, token = pages.page_of_points(
        _fewest(backend, vault.name, params),
        params,
        wanted=lambda point: point.vault_name == vault.name and _is_listed(point, params),
        since=seconds(created_after) if created_after else None,
        until=seconds(created_before) if created_before else None,
    )
    return {"RecoveryPoints": [_members(backend, point) for point in points], "NextToken": token}


def _fewest(backend: BackupBackend, vault_name: str, params: Params) -> ByAge:
    """The points to look through: those of one parent or one resource, if only they are asked for."""
    if params.get("ByParentRecoveryPointArn"):
        return backend.recovery_points.nested_in(params["ByParentRecoveryPointArn"])
    if params.get("ByResourceArn"):
        return backend.recovery_points.of_resource(params["ByResourceArn"])
    return backend.recovery_points.of_vault(vault_name)


@operation("ListRecoveryPointsByResource")
def list_recovery_points_by_resource(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List a resource's recovery points in all vaults, newest first."""
    found = backend.recovery_points.of_resource(params["ResourceArn"])
    points, token = pages.page_of_points(found, params, wanted=lambda _: True)
    return {
        "RecoveryPoints": [{**_members(backend, point), "BackupSizeBytes": point.resource.size} for point in points],
        "NextToken": token,
    }


@operation("DescribeRecoveryPoint")
def describe_recovery_point(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a recovery point."""
    return _members(backend, existing_point(backend, params))


@operation("GetRecoveryPointRestoreMetadata")
def get_recovery_point_restore_metadata(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """What is known of a recovery point's resource for a restore."""
    point = existing_point(backend, params)
    return {
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "RestoreMetadata": restoring.metadata_of(point),
        "ResourceType": point.resource.type,
    }


@operation("UpdateRecoveryPointLifecycle")
def update_recovery_point_lifecycle(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Set a recovery point's lifecycle; members left out are cleared."""
    point = existing_point(backend, params)
    vault = backend.vault(point.vault_name)
    check_allowed(vault, "backup:UpdateRecoveryPointLifecycle", point.arn)
    check_unlocked(vault)
    if point.continuous:
        raise InvalidRequestException("The lifecycle of a continuous backup cannot be changed.")
    lifecycle = params.get("Lifecycle") or {}
    check_lifecycle(lifecycle)
    _check_cold(point, lifecycle)
    point.lifecycle = lifecycle
    tell_topic(backend, vault.name, point_events.modified(backend, point))
    tell_bus(backend, point_events.change(point))
    return {
        "BackupVaultArn": point.vault_arn,
        "RecoveryPointArn": point.arn,
        "Lifecycle": point.lifecycle,
        "CalculatedLifecycle": calculated_lifecycle(point.creation_date, point.lifecycle),
    }


def _check_cold(point: RecoveryPoint, lifecycle: Lifecycle) -> None:
    """Check that the day on which a point in cold storage went there stays as it is. AWS's text is not public.

    Raises:
        InvalidRequestException: it would change.
    """
    name = "MoveToColdStorageAfterDays"
    if point.storage_class == "COLD" and lifecycle.get(name) != (point.lifecycle or {}).get(name):
        raise InvalidRequestException(f"{name} cannot be changed: recovery point {point.arn} is in cold storage.")


def existing_point(backend: BackupBackend, params: Params) -> RecoveryPoint:
    """The recovery point that a request names.

    Raises:
        ResourceNotFoundException: its vault does not exist, or has no such point.
    """
    vault = backend.vault(params["BackupVaultName"])
    point = backend.recovery_points.get(params["RecoveryPointArn"])
    if point is None or point.vault_name != vault.name:
        raise ResourceNotFoundException(f"Cannot find recovery point {params['RecoveryPointArn']} in backup vault {vault.name}.")
    return point


def _is_listed(point: RecoveryPoint, params: Params) -> bool:
    equal = {
        "ByResourceArn": point.resource.arn,
        "ByResourceType": point.resource.type,
        "ByBackupPlanId": point.plan_id,
        "ByParentRecoveryPointArn": point.parent_arn,
    }
    return all(params.get(name) in (None, value) for name, value in equal.items())


def _members(backend: BackupBackend, point: RecoveryPoint) -> dict[str, Any]:
    return {
        "RecoveryPointArn": point.arn,
        "BackupVaultName": point.vault_name,
        "BackupVaultArn": point.vault_arn,
        "ResourceArn": point.resource.arn,
        "ResourceType": point.resource.type,
        "ResourceName": point.resource.name,
        "CreatedBy": _creator(backend, point.plan_id) if point.plan_id else None,
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
        "StorageClass": point.storage_class,
        "SourceBackupVaultArn": point.source_vault_arn,
        "ParentRecoveryPointArn": point.parent_arn,
        "CompositeMemberIdentifier": point.resource.arn if point.parent_arn else None,
        "IsParent": point.composite,
        "VaultType": backend.vault(point.vault_name).type,
    }


def _creator(backend: BackupBackend, plan_id: str) -> dict[str, Any]:
    plan = backend.backup_plans.get(plan_id)
    return {
        "BackupPlanId": plan_id,
        "BackupPlanArn": backend.arn(f"backup-plan:{plan_id}"),
        "BackupPlanVersion": plan.current.id if plan else None,
    }
