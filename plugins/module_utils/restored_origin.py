# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a recovery point says of the resource that it holds, as the facts of the restored one are told.

The resource itself may have changed since it was backed up: where the recovery point says something, that is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import describe_recovery_point
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import get_restore_metadata
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_metadata import as_text
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts

INFORMATIONAL = "InformationalOnly:"
GIB = 1024**3
SIZED = ("ec2:instance", "ec2:volume")
"""The types of whose backups AWS tells the size of the volumes, not that of the data."""

Reader = Callable[[str], Any]


def _is_true(text: str) -> bool:
    return text.lower() == "true"


def _number(text: str) -> int | None:
    """A whole number; None for what is none, which tells nothing."""
    return int(text) if text.isdecimal() else None


DATABASE: dict[str, tuple[str, Reader]] = {
    "engine": ("Engine", str),
    "engine_version": ("EngineVersion", str),
    "encrypted": ("Encrypted", _is_true),
}
METADATA: dict[str, dict[str, tuple[str, Reader]]] = {
    "ec2:instance": {"instance_type": ("InstanceType", str)},
    "ec2:volume": {"size_gib": ("volumeSize", _number), "volume_type": ("volumeType", str), "encrypted": ("encrypted", _is_true)},
    "rds:db": {**DATABASE, "size_gib": ("AllocatedStorage", _number)},
    "rds:cluster": DATABASE,
    "elasticfilesystem:file-system": {"performance_mode": ("PerformanceMode", str), "encrypted": ("Encrypted", _is_true)},
}
"""By type and fact, the key of the metadata that tells it, and how to read its value."""


def origin_of(
    client: ClientFactory, resource_arn: str, backup_vault_name: str, recovery_point_arn: str, overrides: Mapping[str, Any]
) -> Facts:
    """What a resource restored from this recovery point has to be; nothing that the recovery point does not say, or that is gone.

    Args:
        overrides: the metadata that the restore was told in the place of the recovery point's.

    Raises:
        AnsibleBackupError: AWS Backup did not answer.
    """
    backup = client("backup")
    known = (get_restore_metadata(backup, backup_vault_name, recovery_point_arn) or {}).get("RestoreMetadata", {})
    point = describe_recovery_point(backup, backup_vault_name, recovery_point_arn) or {}
    return facts_told(type_of(resource_arn), {**known, **overrides}, point.get("BackupSizeInBytes"))


def facts_told(resource_type: str, metadata: Mapping[str, Any], size_in_bytes: int | None) -> Facts:
    """The facts that metadata, and the size of a backup, tell of a resource of a type."""
    told: Facts = {}
    if resource_type in SIZED and size_in_bytes and size_in_bytes % GIB == 0:
        told["size_gib"] = size_in_bytes // GIB
    for fact, (key, read) in METADATA.get(resource_type, {}).items():
        value = metadata.get(key, metadata.get(INFORMATIONAL + key))
        read_value = None if value in (None, "") else read(as_text(value))
        if read_value is not None:
            told[fact] = read_value
    return told
