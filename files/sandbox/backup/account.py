"""Settings of the account and the Region."""

from __future__ import annotations

from typing import Any

from .backend import BackupBackend
from .errors import InvalidParameterValueException
from .events import region_settings
from .events.sending import tell_bus
from .moments import now
from .registry import Params, operation
from .resource_types import MANAGEMENT, TYPES


@operation("GetSupportedResourceTypes")
def get_supported_resource_types(_backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """The resource types that can be backed up."""
    return {"ResourceTypes": list(TYPES)}


@operation("DescribeRegionSettings")
def describe_region_settings(backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """Which resource types AWS Backup protects and fully manages."""
    return {"ResourceTypeOptInPreference": backend.opt_in, "ResourceTypeManagementPreference": backend.management}


@operation("UpdateRegionSettings")
def update_region_settings(backend: BackupBackend, params: Params) -> None:
    """Change some of the Region's settings."""
    opt_in = params.get("ResourceTypeOptInPreference") or {}
    management = params.get("ResourceTypeManagementPreference") or {}
    unknown = sorted(set(opt_in) - set(TYPES) | set(management) - set(MANAGEMENT))
    if unknown:
        raise InvalidParameterValueException(f"Invalid Resource Type : {', '.join(unknown)}")
    if management.get("EFS") is False:
        # AWS's answer is not public; EFS has no backups but those that AWS Backup manages.
        raise InvalidParameterValueException("Invalid Resource Type : EFS is always fully managed")
    backend.opt_in.update(opt_in)
    backend.management.update(management)
    preferences = {"ResourceTypeOptInPreference": opt_in, "ResourceTypeManagementPreference": management}
    tell_bus(backend, region_settings.change(now(), preferences))


@operation("DescribeGlobalSettings")
def describe_global_settings(_backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """The settings of an account outside an organization."""
    return {"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}}
