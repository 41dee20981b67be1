# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EFS file systems: made with their tags in one call, found by their creation token, removed with their mount targets."""

from __future__ import annotations

import contextlib
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list, boto3_tag_list_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library.
    from botocore.exceptions import ClientError

FileSystem = dict[str, Any]


@aws_call("look for the file system {name}", missing=None, missing_codes=("FileSystemNotFound",))
def find_file_system(client: Any, name: str) -> FileSystem | None:
    """The file system with this creation token as AWS describes it; None when there is none."""
    found = client.describe_file_systems(CreationToken=name)["FileSystems"]
    return found[0] if found else None


@aws_call("create the file system {name}")
def create_file_system(client: Any, name: str, encrypted: bool, tags: dict[str, str]) -> FileSystem:
    """Create a file system, or take the one that has been created with this name meanwhile."""
    try:
        return client.create_file_system(
            CreationToken=name, Encrypted=encrypted, Backup=False, ThroughputMode="bursting", Tags=ansible_dict_to_boto3_tag_list(tags)
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "FileSystemAlreadyExists":
            return client.describe_file_systems(CreationToken=name)["FileSystems"][0]
        raise


def tags_of(file_system: FileSystem | None) -> dict[str, str]:
    """The tags of a file system; none of none."""
    return boto3_tag_list_to_ansible_dict(file_system["Tags"]) if file_system and file_system.get("Tags") else {}


@aws_call("tag the file system {file_system_id}")
def tag(client: Any, file_system_id: str, tags: dict[str, str]) -> None:
    """Set tags."""
    client.tag_resource(ResourceId=file_system_id, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags from the file system {file_system_id}")
def untag(client: Any, file_system_id: str, keys: list[str]) -> None:
    """Remove the tags with these keys."""
    client.untag_resource(ResourceId=file_system_id, TagKeys=keys)


def wait_for_state(client: Any, name: str, state: str | None, timeout: float) -> FileSystem | None:
    """The file system once it is in the state (None: once it is gone).

    Raises:
        AnsibleBackupError: it was not in time.
    """
    waited = wait_until(lambda: find_file_system(client, name), lambda found: _state(found) == state, timeout)
    if not waited.done:
        raise AnsibleBackupError(
            message=f"The file system {name} is {_state(waited.value)} after {waited.seconds:.0f} s, not {state or 'gone'}:"
            " run this again to wait on"
        )
    return waited.value


def delete_file_system(client: Any, file_system: FileSystem, timeout: float) -> None:
    """Remove a file system and its mount targets, which have to be gone first.

    Raises:
        AnsibleBackupError: AWS refused, or the mount targets were not gone after timeout seconds.
    """
    identifier = file_system["FileSystemId"]
    for target in _mount_targets(client, identifier):
        if target["LifeCycleState"] not in ("deleting", "deleted"):
            _delete_mount_target(client, target["MountTargetId"])
    waited = wait_until(lambda: _mount_targets(client, identifier), lambda targets: not targets, timeout)
    if not waited.done:
        left = ", ".join(target["MountTargetId"] for target in waited.value)
        raise AnsibleBackupError(message=f"The file system {identifier} still has the mount targets {left} after {waited.seconds:.0f} s")
    _delete(client, identifier)


def _state(file_system: FileSystem | None) -> str | None:
    return file_system["LifeCycleState"] if file_system else None


@aws_call("list the mount targets of {file_system_id}", missing=[], missing_codes=("FileSystemNotFound",))
def _mount_targets(client: Any, file_system_id: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("describe_mount_targets").paginate(FileSystemId=file_system_id)
    return pages.build_full_result()["MountTargets"]


@aws_call("delete the mount target {mount_target_id}", missing=None, missing_codes=("MountTargetNotFound",))
def _delete_mount_target(client: Any, mount_target_id: str) -> None:
    client.delete_mount_target(MountTargetId=mount_target_id)


@aws_call("delete the file system {file_system_id}", missing=None, missing_codes=("FileSystemNotFound",))
def _delete(client: Any, file_system_id: str) -> None:
    client.delete_file_system(FileSystemId=file_system_id)
