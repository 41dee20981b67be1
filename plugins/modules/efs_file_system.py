#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: efs_file_system
version_added: 0.1.0
short_description: Create and remove EFS file systems
description:
  - Creates a file system together with its tags, so that an interruption leaves none without them.
  - Removes a file system with its mount targets.
notes:
  - The file system gets no mount targets, which AWS Backup does not need. It takes M(community.aws.efs) to add some.
  - Its throughput bursts, which costs nothing, and it has no automatic backups.
  - Needs C(elasticfilesystem:DescribeFileSystems); to create C(elasticfilesystem:CreateFileSystem) and C(elasticfilesystem:TagResource),
    for tags that change C(elasticfilesystem:UntagResource), too; to remove C(elasticfilesystem:DescribeMountTargets),
    C(elasticfilesystem:DeleteMountTarget) and C(elasticfilesystem:DeleteFileSystem).
options:
  state:
    description: Whether there is to be one.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: Its creation token, which tells it from all others of the account and Region. It is no tag.
    type: str
    required: true
  encrypted:
    description: Whether to encrypt it, with the key that AWS keeps for EFS. That of a file system which exists cannot be changed.
    type: bool
    default: true
  tags:
    description: Its tags. Without this option, those of a file system which exists stay as they are.
    type: dict
  purge_tags:
    description: Whether other tags are removed.
    type: bool
    default: true
  wait:
    description: Whether to wait until it is available or, with O(state=absent), gone.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait at most, for mount targets to go, too.
    type: int
    default: 600
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows whether it exists, and its tags.
  idempotent:
    support: full
seealso:
  - module: community.aws.efs_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Have a file system
  proven.aws_backup.efs_file_system:
    name: backup-dev-efs
    tags:
      Project: backup
    wait: true

- name: Remove it
  proven.aws_backup.efs_file_system:
    state: absent
    name: backup-dev-efs
    wait: true
"""

RETURN = r"""
file_system:
  description: The file system as AWS describes it, with its tags; empty when there is none.
  returned: success
  type: dict
  sample:
    creation_token: backup-dev-efs
    encrypted: true
    file_system_arn: arn:aws:elasticfilesystem:us-west-2:123456789012:file-system/fs-0123456789abcdef0
    file_system_id: fs-0123456789abcdef0
    life_cycle_state: available
    tags:
      Project: backup
"""

from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags
from ansible_collections.proven.aws_backup.plugins.module_utils import file_systems
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.file_systems import FileSystem, find_file_system, tags_of
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_timeout

GOING = ("deleting", "deleted")


def ensure_present(module: AnsibleAWSModule, client: Any, found: FileSystem | None) -> dict[str, Any]:
    """Create the file system, or change its tags, and return the module's result.

    Args:
        found: the one that exists.
    """
    options = module.params
    before = tags_of(found)
    to_set, to_remove = compare_aws_tags(before, options["tags"], options["purge_tags"]) if options["tags"] is not None else ({}, [])
    after = {key: value for key, value in {**before, **to_set}.items() if key not in to_remove}
    shown = {"before": _shown(found), "after": {"exists": True, "tags": after}}
    if not module.check_mode:
        if found is None:
            file_systems.create_file_system(client, options["name"], options["encrypted"], after)
        else:
            _retag(client, found["FileSystemId"], to_set, to_remove)
        found = find_file_system(client, options["name"])
        if options["wait"]:
            found = file_systems.wait_for_state(client, options["name"], "available", options["wait_timeout"])
    return {"changed": shown["before"] != shown["after"], "file_system": _described(found), "diff": shown}


def ensure_absent(module: AnsibleAWSModule, client: Any, found: FileSystem | None) -> dict[str, Any]:
    """Remove the file system and return the module's result."""
    options = module.params
    if not module.check_mode:
        if found is not None:
            file_systems.delete_file_system(client, found, options["wait_timeout"])
        if options["wait"]:
            file_systems.wait_for_state(client, options["name"], None, options["wait_timeout"])
    shown = {"before": _shown(found), "after": _shown(None)}
    return {"changed": found is not None, "file_system": {}, "diff": shown}


def existing(module: AnsibleAWSModule, client: Any) -> FileSystem | None:
    """The file system, unless AWS is deleting it; before another is made under its name, it has to be gone."""
    found = find_file_system(client, module.params["name"])
    if found is None or found["LifeCycleState"] not in GOING:
        return found
    if module.params["state"] == "present" and not module.check_mode:
        file_systems.wait_for_state(client, module.params["name"], None, module.params["wait_timeout"])
    return None


def _retag(client: Any, file_system_id: str, to_set: dict[str, str], to_remove: list[str]) -> None:
    if to_remove:
        file_systems.untag(client, file_system_id, to_remove)
    if to_set:
        file_systems.tag(client, file_system_id, to_set)


def _shown(found: FileSystem | None) -> dict[str, Any]:
    return {"exists": found is not None, "tags": tags_of(found)}


def _described(found: FileSystem | None) -> dict[str, Any]:
    if found is None:
        return {}
    plain = {name: value for name, value in found.items() if name not in ("Tags", "CreationTime", "SizeInBytes")}
    return {**camel_dict_to_snake_dict(plain), "tags": tags_of(found)}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "name": {"required": True},
            "encrypted": {"type": "bool", "default": True},
            "tags": {"type": "dict"},
            "purge_tags": {"type": "bool", "default": True},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 600},
        },
        supports_check_mode=True,
    )
    try:
        check_timeout("wait_timeout", module.params["wait_timeout"])
        client = module.client("efs")
        ensure = ensure_present if module.params["state"] == "present" else ensure_absent
        result = ensure(module, client, existing(module, client))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
