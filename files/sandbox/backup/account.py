"""Settings of the account and the Region, and what the sandbox never has any of."""

from __future__ import annotations

from typing import Any

from .backend import BackupBackend
from .errors import InvalidParameterValueException
from .registry import Params, operation

RESOURCE_TYPES = (
    "Aurora",
    "CloudFormation",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "FSx",
    "Neptune",
    "RDS",
    "Redshift",
    "S3",
    "SAP HANA on Amazon EC2",
    "Storage Gateway",
    "Timestream",
    "VirtualMachine",
)
MANAGEABLE = ("DynamoDB", "EFS")


@operation("GetSupportedResourceTypes")
def get_supported_resource_types(_backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """The resource types AWS Backup knows."""
    return {"ResourceTypes": list(RESOURCE_TYPES)}


@operation("DescribeRegionSettings")
def describe_region_settings(backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """Which resource types AWS Backup protects and fully manages: all, and EFS, unless set otherwise."""
    return {
        "ResourceTypeOptInPreference": {**dict.fromkeys(RESOURCE_TYPES, True), **backend.opt_in},
        "ResourceTypeManagementPreference": {**{kind: kind == "EFS" for kind in MANAGEABLE}, **backend.management},
    }


@operation("UpdateRegionSettings")
def update_region_settings(backend: BackupBackend, params: Params) -> None:
    """Change some of the Region's settings."""
    opt_in = params.get("ResourceTypeOptInPreference") or {}
    management = params.get("ResourceTypeManagementPreference") or {}
    unknown = sorted(set(opt_in) - set(RESOURCE_TYPES) | set(management) - set(MANAGEABLE))
    if unknown:
        raise InvalidParameterValueException(f"Invalid Resource Type : {', '.join(unknown)}")
    backend.opt_in.update(opt_in)
    backend.management.update(management)


@operation("DescribeGlobalSettings")
def describe_global_settings(_backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """The settings of an account outside an organization."""
    return {"GlobalSettings": {"isCrossAccountBackupEnabled": "false"}}


@operation("ListRestoreJobs")
def list_restore_jobs(_backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """No restore can be started here, so there are no jobs."""
    return {"RestoreJobs": []}


@operation("ListCopyJobs")
def list_copy_jobs(_backend: BackupBackend, _params: Params) -> dict[str, Any]:
    """No copy can be started here, so there are no jobs."""
    return {"CopyJobs": []}
