"""Resources that have a recovery point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import ResourceNotFoundException
from .records import RecoveryPoint
from .registry import Params, operation


@operation("ListProtectedResources")
def list_protected_resources(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the resources that have a recovery point in any vault."""
    return _listed(backend.recovery_points.values(), params)


@operation("ListProtectedResourcesByBackupVault")
def list_protected_resources_by_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the resources that have a recovery point in a vault."""
    return _listed(backend.points_of(backend.vault(params["BackupVaultName"]).name), params)


@operation("DescribeProtectedResource")
def describe_protected_resource(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a resource's last backup."""
    point = _latest(backend.recovery_points.values()).get(params["ResourceArn"])
    if point is None:
        raise ResourceNotFoundException(f"Could not find protected resource {params['ResourceArn']}")
    return _members(point)


def _listed(points: Iterable[RecoveryPoint], params: Params) -> dict[str, Any]:
    found, token = pages.page(_latest(points).values(), params, key=lambda point: point.resource.arn)
    return {"Results": [_members(point) for point in found], "NextToken": token}


def _latest(points: Iterable[RecoveryPoint]) -> dict[str, RecoveryPoint]:
    """The last finished recovery point of each resource, by the resource's ARN."""
    finished = (point for point in points if point.completion_date is not None)
    return {point.resource.arn: point for point in sorted(finished, key=lambda point: point.creation_date)}


def _members(point: RecoveryPoint) -> dict[str, Any]:
    return {
        "ResourceArn": point.resource.arn,
        "ResourceType": point.resource.type,
        "ResourceName": point.resource.name,
        "LastBackupTime": point.completion_date,
        "LastBackupVaultArn": point.vault_arn,
        "LastRecoveryPointArn": point.arn,
    }
