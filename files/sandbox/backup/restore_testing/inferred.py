"""What AWS Backup fills in for a test restore, where a selection does not say otherwise."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from ..backend import BackupBackend
from ..errors import InvalidParameterValueException, ResourceNotFoundException
from ..records import RecoveryPoint
from ..registry import Params, operation
from ..restoring import metadata_of
from ..restoring.types import RESTORERS
from .selection_document import TYPES

PREFIX = "awsbackup-restore-test-"
"""Names of what test restores make begin so; it is also the key of their tag."""

Metadata = dict[str, str]

# What is the original's own, or would contradict what is decided.
_PLACES = frozenset({"DBInstanceIdentifier", "DBClusterIdentifier", "KmsKeyId", "kmsKeyId", "NetworkInterfaces", "volumeId"})


@operation("GetRestoreTestingInferredMetadata")
def get_restore_testing_inferred_metadata(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """The metadata with which a test restore of a recovery point would be started."""
    if params.get("BackupVaultAccountId", backend.account_id) != backend.account_id:
        raise InvalidParameterValueException(f"Invalid account ID {params['BackupVaultAccountId']}")
    vault = backend.vault(params["BackupVaultName"])
    point = backend.recovery_points.get(params["RecoveryPointArn"])
    if point is None or point.vault_name != vault.name:
        raise ResourceNotFoundException(f"Recovery point {params['RecoveryPointArn']} does not exist in the vault {vault.name}.")
    if point.resource.type not in TYPES:
        raise InvalidParameterValueException(f"Unsupported resource type for restore testing: {point.resource.type}")
    return {"InferredMetadata": inferred_metadata(backend, point)}


def inferred_metadata(backend: BackupBackend, point: RecoveryPoint) -> Metadata:
    """The metadata of a test restore: what the recovery point knows and a restore takes, and what restore testing decides."""
    known = {key: value for key, value in metadata_of(point).items() if value and _is_taken(point, key) and key not in _PLACES}
    return {**known, **_DECIDED.get(point.resource.type, _nothing)(backend, point)}


def order_metadata(backend: BackupBackend, point: RecoveryPoint, overrides: Mapping[str, str]) -> Metadata:
    """The metadata with which a test restore is started.

    Of what is inferred, DynamoDB's deletionProtection is no metadata of an ordinary restore; overrides are, or are refused.
    """
    spelt = {key.lower(): key for key in overrides}
    inferred = inferred_metadata(backend, point)
    return {**{key: value for key, value in inferred.items() if key.lower() not in spelt and _is_taken(point, key)}, **overrides}


def _is_taken(point: RecoveryPoint, key: str) -> bool:
    """Whether a restore of the type knows the key."""
    return key in RESTORERS[point.resource.type].keys


def _nothing(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {}


def _volume(backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"availabilityZone": f"{backend.region_name}{secrets.choice('abc')}", "encrypted": "true"}


def _instance(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"RequireIMDSv2": "true"}


def _database(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"DBInstanceIdentifier": _name(), "PubliclyAccessible": "false", "DeletionProtection": "false", "MultiAZ": "false"}


def _cluster(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"DBClusterIdentifier": _name(), "DeletionProtection": "false"}


def _table(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"targetTableName": _name(), "deletionProtection": "false", "encryptionType": "Default"}


def _file_system(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"newFileSystem": "true", "CreationToken": _name(), "Encrypted": "true", "PerformanceMode": "generalPurpose"}


def _bucket(_backend: BackupBackend, _point: RecoveryPoint) -> Metadata:
    return {"DestinationBucketName": _name(), "NewBucket": "true", "Encrypted": "false"}


def _name() -> str:
    return f"{PREFIX}{secrets.token_hex(8)}"


_DECIDED: dict[str, Callable[[BackupBackend, RecoveryPoint], Metadata]] = {
    "Aurora": _cluster,
    "DocumentDB": _cluster,
    "DynamoDB": _table,
    "EBS": _volume,
    "EC2": _instance,
    "EFS": _file_system,
    "Neptune": _cluster,
    "RDS": _database,
    "S3": _bucket,
}
