"""Resources that have a recovery point."""

from __future__ import annotations

from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import ResourceNotFoundException
from .point_store import ByAge
from .records import RecoveryPoint
from .registry import Params, operation


@operation("ListProtectedResources")
def list_protected_resources(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the resources that have a recovery point in any vault."""
    return _listed(backend, params)


@operation("ListProtectedResourcesByBackupVault")
def list_protected_resources_by_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the resources that have a recovery point in a vault."""
    return _listed(backend, params, backend.vault(params["BackupVaultName"]).name)


@operation("DescribeProtectedResource")
def describe_protected_resource(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a resource's last backup."""
    point = _latest(backend.recovery_points.of_resource(params["ResourceArn"]))
    if point is None:
        raise ResourceNotFoundException(f"Could not find protected resource {params['ResourceArn']}")
    return _members(point)


def _listed(backend: BackupBackend, params: Params, vault_name: str | None = None) -> dict[str, Any]:
    last = (_latest(points, vault_name) for points in backend.recovery_points.by_resource())
    found, token = pages.page((point for point in last if point), params, key=lambda point: point.resource.arn)
    return {"Results": [_members(point) for point in found], "NextToken": token}


def _latest(points: ByAge, vault_name: str | None = None) -> RecoveryPoint | None:
    """The last finished one of a resource's recovery points, in a vault or in any."""
    finished = (point for point in points.newest_first() if point.completion_date is not None)
    return next((point for point in finished if vault_name in (None, point.vault_name)), None)


def _members(point: RecoveryPoint) -> dict[str, Any]:
    return {
        "ResourceArn": point.resource.arn,
        "ResourceType": point.resource.type,
        "ResourceName": point.resource.name,
        "LastBackupTime": point.completion_date,
        "LastBackupVaultArn": point.vault_arn,
        "LastRecoveryPointArn": point.arn,
    }
