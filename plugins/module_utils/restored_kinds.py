# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can be done with a resource of each type that AWS Backup restores: read it, tag it, mark it, delete it, list those of a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils import (
    restored_dynamodb,
    restored_ec2,
    restored_efs,
    restored_rds,
    restored_s3,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts


@dataclass(frozen=True)
class Kind:
    """One type of resource.

    Attributes:
        read: what the service tells of it; None when it does not exist or is on its way out.
        tag: sets tags, and leaves others alone.
        delete: begins to delete it, and what depends on it.
        list_named: the ARNs of those whose names begin with a prefix; where resources have no names, none.
        read_canary, write_canary: the marker in it; the value of a tag where no data can be written.
        same: the facts that a restored one has in common with its source.
        has_data: whether the marker is data, not a tag.
    """

    read: Callable[[ClientFactory, str], Facts | None]
    tag: Callable[[ClientFactory, str, dict[str, str]], None]
    delete: Callable[[ClientFactory, str], None]
    list_named: Callable[[ClientFactory, str], list[str]]
    read_canary: Callable[[ClientFactory, str], str | None]
    write_canary: Callable[[ClientFactory, str, str], None]
    same: tuple[str, ...]
    has_data: bool = False


KINDS = {
    "ec2:instance": Kind(
        restored_ec2.read_instance,
        restored_ec2.tag,
        restored_ec2.delete_instance,
        restored_ec2.list_nothing,
        restored_ec2.read_canary,
        restored_ec2.write_canary,
        ("instance_type", "architecture", "size_gib", "volume_sizes", "encrypted"),
    ),
    "ec2:volume": Kind(
        restored_ec2.read_volume,
        restored_ec2.tag,
        restored_ec2.delete_volume,
        restored_ec2.list_nothing,
        restored_ec2.read_canary,
        restored_ec2.write_canary,
        ("size_gib", "volume_type", "encrypted"),
    ),
    "rds:db": Kind(
        restored_rds.read_instance,
        restored_rds.tag,
        restored_rds.delete_instance,
        restored_rds.list_instances,
        restored_rds.read_canary,
        restored_rds.write_canary,
        ("engine", "engine_version", "size_gib", "encrypted"),
    ),
    "rds:cluster": Kind(
        restored_rds.read_cluster,
        restored_rds.tag,
        restored_rds.delete_cluster,
        restored_rds.list_clusters,
        restored_rds.read_canary,
        restored_rds.write_canary,
        ("engine", "engine_version", "encrypted"),
    ),
    "dynamodb:table": Kind(
        restored_dynamodb.read,
        restored_dynamodb.tag,
        restored_dynamodb.delete,
        restored_dynamodb.list_named,
        restored_dynamodb.read_canary,
        restored_dynamodb.write_canary,
        ("key_schema", "encrypted"),
        has_data=True,
    ),
    "elasticfilesystem:file-system": Kind(
        restored_efs.read,
        restored_efs.tag,
        restored_efs.delete,
        restored_efs.list_nothing,
        restored_efs.read_canary,
        restored_efs.write_canary,
        ("performance_mode", "encrypted"),
    ),
    "s3:bucket": Kind(
        restored_s3.read,
        restored_s3.tag,
        restored_s3.delete,
        restored_s3.list_named,
        restored_s3.read_canary,
        restored_s3.write_canary,
        ("versioning", "encrypted"),
        has_data=True,
    ),
}


def kind_of(resource_arn: str) -> Kind:
    """What can be done with this resource.

    Raises:
        AnsibleBackupError: nothing of this type is known here.
    """
    kind = KINDS.get(type_of(resource_arn))
    if kind is None:
        raise AnsibleBackupError(message=f"{resource_arn} is of no type that is known here; known are {', '.join(sorted(KINDS))}")
    return kind


def read_facts(client: ClientFactory, resource_arn: str) -> Facts | None:
    """What the service tells of a resource; None when it does not exist or is on its way out.

    Raises:
        AnsibleBackupError: the type is not known here, or the service did not answer.
    """
    return kind_of(resource_arn).read(client, resource_arn)


def result_of(facts: Facts) -> dict[str, Any]:
    """The facts of a resource as a module returns them."""
    return dict(sorted(facts.items()))
