# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user may have restored otherwise for a proof, and what only the proof itself decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.drill_targets import ARNS

DECIDED = {
    "ec2": ("DisableApiTermination", "IamInstanceProfileName", "NetworkInterfaces", "SecurityGroupIds", "SubnetId"),
    "rds": ("DBInstanceIdentifier", "DBSubnetGroupName", "PubliclyAccessible", "VpcSecurityGroupIds"),
    "rds_mysql": ("DBInstanceIdentifier", "DBSubnetGroupName", "PubliclyAccessible", "VpcSecurityGroupIds"),
    "aurora": ("DBClusterIdentifier", "DBSubnetGroupName", "VpcSecurityGroupIds"),
    "dynamodb": ("targetTableName",),
    "efs": ("CreationToken", "file-system-id", "newFileSystem"),
    "s3": ("DestinationBucketName", "NewBucket"),
}
"""By target, the metadata by which what is restored has a name of its own and is shut off, so that the original is only read."""


def override_problems(value: Any, decided: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What is wrong with metadata, by target, that restores are to be told otherwise, but for what is decided, by target."""
    if not isinstance(value, Mapping):
        yield f"{value!r} is no dictionary of targets and their metadata"
        return
    for target, metadata in value.items():
        if target not in ARNS:
            yield f"{target!r} is not known; known are {', '.join(ARNS)}"
        elif not isinstance(metadata, Mapping):
            yield f"{metadata!r} of {target} is no dictionary of metadata, such as {{InstanceType: t3.small}}"
        else:
            yield from (
                f"{key!r} of {target} is decided by the proof itself" for key in metadata if _is_one_of(key, decided.get(target, ()))
            )


def _is_one_of(key: Any, names: tuple[str, ...]) -> bool:
    return str(key).lower() in {name.lower() for name in names}
