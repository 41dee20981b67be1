# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restored EFS file systems."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list, boto3_tag_list_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import NAME
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts, facts, name_in

GONE = ("FileSystemNotFound", "MountTargetNotFound")
MOUNT_TARGETS_TIMEOUT = 300


def read(client: ClientFactory, resource_arn: str) -> Facts | None:
    """A file system; None when it is deleted or on its way."""
    system = _describe(client("efs"), name_in(resource_arn))
    if system is None or system["LifeCycleState"] in ("deleting", "deleted"):
        return None
    return facts(
        system["FileSystemId"],
        system["LifeCycleState"],
        "available",
        ("error",),
        boto3_tag_list_to_ansible_dict(system.get("Tags", [])),
        performance_mode=system.get("PerformanceMode"),
        encrypted=bool(system.get("Encrypted")),
        mount_targets=system.get("NumberOfMountTargets", 0),
    )


def tag(client: ClientFactory, resource_arn: str, tags: dict[str, str]) -> None:
    """Set tags on a file system."""
    _tag(client("efs"), name_in(resource_arn), tags)


def delete(client: ClientFactory, resource_arn: str) -> None:
    """Delete a file system, its mount targets first."""
    efs, file_system_id = client("efs"), name_in(resource_arn)
    for target in _list_mount_targets(efs, file_system_id):
        _delete_mount_target(efs, target["MountTargetId"])
    wait_until(lambda: _list_mount_targets(efs, file_system_id), lambda targets: not targets, MOUNT_TARGETS_TIMEOUT)
    _delete(efs, file_system_id)


def list_nothing(_client: ClientFactory, _prefix: str) -> list[str]:
    """A file system has no name, only a tag."""
    return []


def read_canary(client: ClientFactory, resource_arn: str) -> str | None:
    """The value of the marker's tag."""
    return (read(client, resource_arn) or {"tags": {}})["tags"].get(NAME)


def write_canary(client: ClientFactory, resource_arn: str, marker: str) -> None:
    """Tag a file system with the marker."""
    _tag(client("efs"), name_in(resource_arn), {NAME: marker})


@aws_call("describe the file system {file_system_id}", missing=None, missing_codes=GONE)
def _describe(client: Any, file_system_id: str) -> dict[str, Any] | None:
    return client.describe_file_systems(FileSystemId=file_system_id)["FileSystems"][0]


@aws_call("list the mount targets of {file_system_id}", missing=[], missing_codes=GONE)
def _list_mount_targets(client: Any, file_system_id: str) -> list[dict[str, Any]]:
    return client.describe_mount_targets(FileSystemId=file_system_id)["MountTargets"]


@aws_call("tag the file system {file_system_id}")
def _tag(client: Any, file_system_id: str, tags: dict[str, str]) -> None:
    client.tag_resource(ResourceId=file_system_id, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("delete the mount target {mount_target_id}", missing=None, missing_codes=GONE)
def _delete_mount_target(client: Any, mount_target_id: str) -> None:
    client.delete_mount_target(MountTargetId=mount_target_id)


@aws_call("delete the file system {file_system_id}", missing=None, missing_codes=GONE)
def _delete(client: Any, file_system_id: str) -> None:
    client.delete_file_system(FileSystemId=file_system_id)
