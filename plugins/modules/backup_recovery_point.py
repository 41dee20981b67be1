#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_recovery_point
version_added: 0.1.0
short_description: Change, delete or disassociate an AWS Backup recovery point
description:
  - Sets the lifecycle and the tags of one recovery point, deletes it, or takes it out of AWS Backup's hands.
  - That AWS accepts a deletion does not mean that it happens. So the module waits until the vault lists the recovery point no more, and
    fails when AWS can't carry the deletion out, with the reason and what to do.
  - To delete many recovery points, use M(proven.aws_backup.backup_vault_purge).
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  state:
    description:
      - With V(present), the recovery point has O(lifecycle) and O(tags). It must exist; backup and copy jobs make recovery points.
      - With V(absent), it is deleted. Deleting a continuous backup ends the continuous backup of its resource.
      - With V(disassociated), a continuous backup is left to the service that it is of, where that keeps it (RDS, Aurora), or records no
        more (S3). A recovery point that is nested in a composite one becomes one of its own. Any other one stays as it is.
    type: str
    choices: [present, absent, disassociated]
    default: present
  backup_vault_name:
    description: Name of the vault that the recovery point is in.
    type: str
    required: true
  recovery_point_arn:
    description: ARN of the recovery point.
    type: str
    required: true
  lifecycle:
    description:
      - When the recovery point moves to cold storage and when it is deleted, in days since it was created.
      - What is not given stays as it is. AWS refuses changes in a locked vault, and of continuous backups.
    type: dict
    suboptions:
      delete_after_days:
        description:
          - Days until AWS deletes the recovery point, from 1 to 36500; -1 keeps it for ever.
          - At least 90 more than O(lifecycle.move_to_cold_storage_after_days).
          - When it is that old already, AWS deletes it within hours, of which the module warns.
        type: int
      move_to_cold_storage_after_days:
        description: Days until the recovery point moves to cold storage, for the resource types that have it; -1 leaves it where it is.
        type: int
      opt_in_to_archive_for_supported_resources:
        description: Whether EBS snapshots move to the archive tier.
        type: bool
  tags:
    description:
      - Tags of the recovery point, at most 50. Without this option, they stay as they are.
      - AWS Backup may refuse this for recovery points of another service, such as AMIs and EBS or RDS snapshots. Tag those there.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description: Whether tags that are not in O(tags) are removed, if O(tags) is given.
    type: bool
    default: true
  wait:
    description:
      - Whether to wait until the recovery point is gone or disassociated, and to try again while AWS is busy with it.
      - Without, nobody knows whether AWS can carry out what it has accepted.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait at most. The task fails when it takes longer; AWS goes on.
    type: int
    default: 900
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - What AWS would refuse is not foreseen.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: proven.aws_backup.backup_recovery_point_info
  - module: proven.aws_backup.backup_copy_job
  - module: proven.aws_backup.backup_vault_purge
"""

EXAMPLES = r"""
- name: Keep a recovery point for a year, and say why
  proven.aws_backup.backup_recovery_point:
    backup_vault_name: nightly
    recovery_point_arn: "{{ backup.backup_job.recovery_point_arn }}"
    lifecycle:
      delete_after_days: 365
    tags:
      kept-for: audit
    purge_tags: false

- name: Delete the copy in the other Region
  proven.aws_backup.backup_recovery_point:
    state: absent
    region: eu-west-1
    backup_vault_name: far-away
    recovery_point_arn: "{{ copy.copy_job.destination_recovery_point_arn }}"

- name: Leave a continuous backup to RDS
  proven.aws_backup.backup_recovery_point:
    state: disassociated
    backup_vault_name: nightly
    recovery_point_arn: arn:aws:backup:us-east-1:123456789012:recovery-point:continuous:orders-0abcd123
"""

RETURN = r"""
recovery_point:
  description:
    - The recovery point as AWS describes it last; all keys are listed with M(proven.aws_backup.backup_recovery_point_info).
    - Empty when it is gone. C(tags) is there when O(tags) is given.
  returned: always, in failures when it was found
  type: dict
  sample:
    recovery_point_arn: arn:aws:backup:us-east-1:123456789012:recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45
    backup_vault_name: nightly
    status: COMPLETED
    lifecycle: {delete_after_days: 365}
    tags: {kept-for: audit}
outcome:
  description:
    - What became of a recovery point that is not what it should be, in the words of M(proven.aws_backup.backup_vault_purge), such as
      V(in_use), V(role_gone), V(expired), V(legal_hold), V(vault_locked), V(policy_denied), V(access_denied), V(nested_left), V(busy),
      V(in_progress) or V(refused).
  returned: on failure, when AWS refused or could not do it
  type: str
  sample: legal_hold
reason:
  description: Why, with AWS's own words.
  returned: on failure, when AWS refused or could not do it
  type: str
remedy:
  description: What to do.
  returned: on failure, when AWS refused or could not do it
  type: str
  sample: Cancel the legal hold (aws backup list-legal-holds, cancel-legal-hold), then run again.
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.lifecycle import LIFECYCLE_ARGUMENT
from ansible_collections.proven.aws_backup.plugins.module_utils.point_removal import is_under_way, take_out, way_of
from ansible_collections.proven.aws_backup.plugins.module_utils.point_settings import (
    Settings,
    deletion_warning,
    read_settings,
    wanted_settings,
    write_settings,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import describe_recovery_point, to_result

DEFAULT_WAIT_TIMEOUT = 900


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when an option is wrong in a way that can be told without asking AWS."""
    validation.check_existing_vault_name(options["backup_vault_name"])
    validation.check_arn("recovery_point_arn", options["recovery_point_arn"])
    validation.check_lifecycle(options["lifecycle"] or {})
    validation.check_tags(options["tags"] or {}, "tags")
    validation.check_timeout("wait_timeout", options["wait_timeout"])


def set_up(module: AnsibleAWSModule, client: Any, point: dict[str, Any]) -> dict[str, Any]:
    """Bring a recovery point's settings to what is wanted, and return the module's result."""
    options = module.params
    tags = None if options["tags"] is None else {str(key): str(value) for key, value in options["tags"].items()}
    before = read_settings(client, point, with_tags=tags is not None)
    after = wanted_settings(before, options["lifecycle"], tags, options["purge_tags"])
    warning = deletion_warning(point, before, after)
    if warning:
        module.warn(warning)
    changed = before != after
    if changed and not module.check_mode:
        write_settings(client, point, before, after)
        point = describe_recovery_point(client, options["backup_vault_name"], options["recovery_point_arn"]) or point
    diff = {"before": before.shown(), "after": after.shown()}
    return {"changed": changed, "recovery_point": described(point, after), "diff": diff}


def described(point: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """A recovery point (as AWS describes it) as the module returns it, with its tags if they are known."""
    return to_result(point if settings.tags is None else {**point, "Tags": settings.tags})


def remove(module: AnsibleAWSModule, client: Any, point: dict[str, Any] | None) -> dict[str, Any]:
    """Take a recovery point (None: there is none) out, and return the module's result."""
    options = module.params
    way = way_of(options["state"], point)
    last = point
    if way and point and not module.check_mode:
        last = take_out(client, point, way, options["wait"], options["wait_timeout"])
    changed = way is not None and point is not None and not is_under_way(way, point)
    before = {"state": "absent" if point is None else "present"}
    after = {"state": options["state"]} if changed else before
    return {"changed": changed, "recovery_point": to_result(last) if last else {}, "diff": {"before": before, "after": after}}


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Do what the module's options say and return its result."""
    options = module.params
    check_options(options)
    client = module.client("backup")
    name, arn = options["backup_vault_name"], options["recovery_point_arn"]
    point = describe_recovery_point(client, name, arn)
    if options["state"] != "present":
        return remove(module, client, point)
    if point is None:
        raise AnsibleBackupError(
            message=f"There is no recovery point {arn} in the vault {name} in {client.meta.region_name}: check the names and the Region,"
            " or make one with backup_job or backup_copy_job"
        )
    return set_up(module, client, point)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent", "disassociated"], "default": "present"},
            "backup_vault_name": {"required": True},
            "recovery_point_arn": {"required": True},
            "lifecycle": LIFECYCLE_ARGUMENT,
            "tags": {"type": "dict", "aliases": ["resource_tags"]},
            "purge_tags": {"type": "bool", "default": True},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": DEFAULT_WAIT_TIMEOUT},
        },
        supports_check_mode=True,
    )
    try:
        result = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
