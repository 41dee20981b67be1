# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore metadata: what AWS Backup knows of a recovery point, made fit for a restore beside the original.

GetRecoveryPointRestoreMetadata returns more than StartRestoreJob takes, and less than it needs. Each type of resource has rules:
what is left out, what is added where nothing is said, and what only the user can say.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require

Metadata = dict[str, str]

NEVER_SENT_BACK = ("aws:backup:", "InformationalOnly:")
"""Keys that begin so tell something and are not taken back."""


@dataclass(frozen=True)
class Rules:
    """What becomes of the metadata of a type of resource.

    Attributes:
        left_out: keys that only inform, or that would tie the restored resource to the original.
        replaced_by: keys that are left out when another one is given by the user.
        defaults: what is sent when neither AWS nor the user says anything; a function of the creation token.
        required: keys that must be there in the end, and an example of each.
        ignore_case: whether AWS does not care for the case of keys.
        tidy: a last change.
    """

    left_out: frozenset[str] = frozenset()
    replaced_by: Mapping[str, str] | None = None
    defaults: Callable[[str], Metadata] = lambda _token: {}
    required: Mapping[str, str] | None = None
    ignore_case: bool = False
    tidy: Callable[[Metadata], Metadata] = lambda metadata: metadata


def _without_snapshots(metadata: Metadata) -> Metadata:
    """EC2 takes the snapshots of the recovery point: BlockDeviceMappings must name neither them nor an Outpost."""
    text = metadata.get("BlockDeviceMappings")
    if not text:
        return metadata
    devices = _devices(text)
    for disk in (device["Ebs"] for device in devices if device.get("Ebs")):
        for key in ("SnapshotId", "OutpostArn"):
            disk.pop(key, None)
    return {**metadata, "BlockDeviceMappings": as_text(devices)}


def _devices(text: str) -> list[dict[str, Any]]:
    with contextlib.suppress(ValueError):
        devices = json.loads(text)
        if isinstance(devices, list) and all(isinstance(each, dict) and isinstance(each.get("Ebs") or {}, dict) for each in devices):
            return devices
    raise AnsibleBackupError(message="metadata.BlockDeviceMappings: no list of block devices in JSON, such as EC2's RunInstances takes")


DATABASE_LEFT_OUT = frozenset({"DBSnapshotIdentifier", "SnapshotIdentifier", "EngineVersion", "Encrypted", "KmsKeyId", "vpcId", "VpcId"})
DATABASE = "a name that no database of this Region has"

RULES: dict[str, Rules] = {
    "EBS": Rules(left_out=frozenset({"volumeId"}), required={"availabilityZone": "a zone of this Region, such as us-east-1a"}),
    "EC2": Rules(
        # Interfaces name the address of the original; many instance types take no CPU options.
        left_out=frozenset({"VpcId", "vpcId", "NetworkInterfaces", "CpuOptions"}),
        replaced_by={"Placement": "SubnetId"},
        tidy=_without_snapshots,
    ),
    "DynamoDB": Rules(
        left_out=frozenset({"originalTableName"}),
        required={"targetTableName": "a name that no table of this Region has"},
        ignore_case=True,
    ),
    # The original's name is known, too: sent back unnoticed, it would fail the restore late, with "already exists".
    "RDS": Rules(
        left_out=DATABASE_LEFT_OUT | {"DBInstanceIdentifier"},
        replaced_by={"AvailabilityZone": "DBSubnetGroupName"},
        required={"DBInstanceIdentifier": DATABASE},
    ),
    "Aurora": Rules(
        left_out=DATABASE_LEFT_OUT | {"DBClusterIdentifier"},
        replaced_by={"AvailabilityZones": "DBSubnetGroupName"},
        required={"DBClusterIdentifier": DATABASE},
    ),
    "EFS": Rules(
        defaults=lambda token: {"newFileSystem": "true", "Encrypted": "true", "PerformanceMode": "generalPurpose", "CreationToken": token},
        required={"file-system-id": "the ID of the file system that was backed up"},
    ),
    "S3": Rules(
        left_out=frozenset({"SourceBucketName"}),
        defaults=lambda token: {"NewBucket": "true", "EncryptionType": "original", "CreationToken": token},
        required={"DestinationBucketName": "a bucket's name"},
    ),
}
RULES["Neptune"] = RULES["DocumentDB"] = RULES["Aurora"]


def restore_metadata(
    resource_type: str, known: Mapping[str, str | None], overrides: Mapping[str, Any], idempotency_token: str | None = None
) -> Metadata:
    """The metadata to start a restore with.

    Args:
        resource_type: AWS Backup's name of the type; of one without rules, everything but what is never sent back stays.
        known: as GetRecoveryPointRestoreMetadata returns it.
        overrides: what the user says, which always counts; null takes a key out, and what is no text is sent as JSON.
        idempotency_token: of the start: the same token makes the same metadata.

    Raises:
        AnsibleBackupError: something is missing that only the user can say, or makes no sense.
    """
    rules = RULES.get(resource_type, Rules())
    overrides = _spelt(overrides, [*known, *(rules.required or {})]) if rules.ignore_case else overrides
    kept = {key: value for key, value in known.items() if value is not None and _is_sent_back(key, rules, overrides)}
    merged = {**rules.defaults(_creation_token(idempotency_token)), **kept, **overrides}
    metadata = rules.tidy({key: as_text(value) for key, value in merged.items() if value is not None})
    for key, example in (rules.required or {}).items():
        require(metadata.get(key), f"metadata.{key}: missing, a restore of type {resource_type} needs {example}")
    require(metadata, f"metadata: AWS Backup knows nothing for a restore of type {resource_type}, so that it must be given")
    return metadata


def as_text(value: Any) -> str:
    """A value as metadata has it: texts as they are, true and false in lower case, lists and dictionaries as JSON."""
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _is_sent_back(key: str, rules: Rules, overrides: Mapping[str, Any]) -> bool:
    if key.startswith(NEVER_SENT_BACK) or key in rules.left_out:
        return False
    return (rules.replaced_by or {}).get(key) not in overrides


def _spelt(overrides: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    known = {name.lower(): name for name in names}
    return {known.get(key.lower(), key): value for key, value in overrides.items()}


def _creation_token(idempotency_token: str | None) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, idempotency_token) if idempotency_token else uuid.uuid4())
