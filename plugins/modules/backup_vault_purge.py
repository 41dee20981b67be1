#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_vault_purge
version_added: 0.1.0
short_description: Empty and delete an AWS Backup vault
description:
  - Stops the backup jobs of a vault, deletes all of its recovery points, waits until they are gone, and deletes the vault.
  - Only jobs of this vault are touched. Jobs that begin meanwhile are stopped too. Jobs that AWS cannot stop (Aurora, DocumentDB,
    FSx, Neptune, RDS, SAP HANA) are waited for, and so is a recovery point that is still being created.
  - A recovery point counts as deleted when the vault lists it no more. One that AWS refuses to delete, or that turns V(EXPIRED)
    instead of vanishing, is left, stays billed, and is returned in RV(skipped_recovery_points) with the reason.
  - The module fails when anything is left that should be gone, and says also then what it did. A second run does the rest.
  - Remove backup plans that use the vault first, or they fill it again.
  - It refuses the vault V(Default) and the vaults V(aws/*), which AWS made, and vaults locked in compliance mode, whose recovery
    points nobody can delete.
options:
  backup_vault_name:
    description:
      - The name of the vault. A vault that does not exist is no change.
      - AWS denies access to a vault that does not exist, so C(backup:ListBackupVaults) is needed to tell these cases apart.
    type: str
    required: true
  expected_tags:
    description:
      - Tags that the vault must carry, with these values, or else nothing is touched. It may carry others too.
      - Required unless O(require_tags=false).
    type: dict
  require_tags:
    description: Whether to refuse to run without O(expected_tags).
    type: bool
    default: true
  resource_arns:
    description:
      - ARNs of resources. With them, only the jobs and recovery points of these resources are touched, and none when the list is empty.
      - The vault stays, so O(delete_vault) must be V(false).
    type: list
    elements: str
  stop_jobs:
    description: Whether to stop the jobs of the vault, and to wait for their end.
    type: bool
    default: true
  delete_recovery_points:
    description:
      - Whether to delete the recovery points of the vault.
      - The deletion of a continuous recovery point ends the continuous backup of its resource.
    type: bool
    default: true
  delete_vault:
    description: Whether to delete the vault, which must be empty by then.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to spend on all of that. What is left by then is reported, and the module fails.
    type: int
    default: 3600
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
      - Returns the jobs and recovery points that would go. What AWS would refuse to delete is not known before.
  diff_mode:
    support: none
    details:
      - The returned lists say what went, or would go.
  idempotent:
    support: full
seealso:
  - module: amazon.aws.backup_vault
  - module: proven.aws_backup.backup_recovery_point_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: See what would go
  proven.aws_backup.backup_vault_purge:
    backup_vault_name: backup-testing
    expected_tags:
      Project: proven-aws-backup
      Stage: dev
  check_mode: true
  register: preview

- name: Empty and delete the vault of a stage
  proven.aws_backup.backup_vault_purge:
    backup_vault_name: backup-testing
    expected_tags:
      Project: proven-aws-backup
      Stage: dev

- name: Remove the backups of one volume
  proven.aws_backup.backup_vault_purge:
    backup_vault_name: backup-testing
    expected_tags:
      Project: proven-aws-backup
    resource_arns:
      - arn:aws:ec2:us-west-2:123456789012:volume/vol-012f345df6789012d
    delete_vault: false

- name: Empty a vault that carries no tags, and keep it
  proven.aws_backup.backup_vault_purge:
    backup_vault_name: scratch
    require_tags: false
    delete_vault: false
    wait_timeout: 900
"""

RETURN = r"""
stopped_jobs:
  description: The jobs that were stopped.
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
  contains: &job
    backup_job_id:
      description: The ID of the job.
      type: str
      returned: always
      sample: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    resource_arn:
      description: The ARN of the resource it backs up.
      type: str
      returned: always
      sample: arn:aws:ec2:us-west-2:123456789012:instance/i-012f345df6789012d
    resource_type:
      description: The type of that resource.
      type: str
      returned: always
      sample: EC2
awaited_jobs:
  description: The jobs that could not be stopped and were waited for.
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
  contains: *job
deleted_recovery_points:
  description: The recovery points that were in the vault and are gone.
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
  contains:
    recovery_point_arn:
      description: The ARN of the recovery point.
      type: str
      returned: always
      sample: arn:aws:ec2:us-west-2::image/ami-012f345df6789012d
    resource_arn:
      description: The ARN of the resource it is a backup of.
      type: str
      returned: always
      sample: arn:aws:ec2:us-west-2:123456789012:instance/i-012f345df6789012d
    resource_type:
      description: The type of that resource.
      type: str
      returned: always
      sample: EC2
    creation_date:
      description: When it was created, in ISO 8601.
      type: str
      returned: always
      sample: "2026-11-23T20:51:07.123000+00:00"
    backup_size_in_bytes:
      description: Its size in bytes, as far as AWS knows it.
      type: int
      returned: when AWS knows it
      sample: 8589934592
skipped_recovery_points:
  description: The recovery points that should be gone and are not.
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
  contains:
    recovery_point_arn:
      description: The ARN of the recovery point.
      type: str
      returned: always
      sample: arn:aws:ec2:us-west-2::snapshot/snap-012f345df6789012d
    status:
      description: Its status.
      type: str
      returned: always
      sample: EXPIRED
    reason:
      description: Why it is left.
      type: str
      returned: always
      sample: "AWS accepted the deletion but could not carry it out: The snapshot is currently in use by ami-012f345df6789012d"
vault_deleted:
  description: Whether the vault was deleted.
  returned: always, on failure too once the vault was looked at
  type: bool
  sample: true
waited_seconds:
  description: Seconds that it took, 0 in check mode.
  returned: success, and when something is left
  type: float
  sample: 41.5
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.purge import Purge, Steps, check_lock, check_name, check_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import list_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, check_timeout, check_vault_name
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

NOTHING_TO_DO: dict[str, Any] = {
    "changed": False,
    "stopped_jobs": [],
    "awaited_jobs": [],
    "deleted_recovery_points": [],
    "skipped_recovery_points": [],
    "vault_deleted": False,
    "waited_seconds": 0.0,
}


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when an option is wrong in a way that can be told without asking AWS."""
    check_vault_name(options["backup_vault_name"])
    check_timeout("wait_timeout", options["wait_timeout"])
    for arn in options["resource_arns"] or []:
        check_arn("resource_arns", arn)


def purge(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Purge the vault and return the module's result.

    Raises:
        AnsibleBackupError: the vault must not be purged, or something is left of it.
    """
    name, expected = module.params["backup_vault_name"], module.params["expected_tags"]
    check_name(name)
    check_options(module.params)
    if module.params["require_tags"] and not expected:
        raise AnsibleBackupError(message="Give expected_tags, so that only a vault of yours is purged, or require_tags: false")
    arns = module.params["resource_arns"]
    if arns is not None and module.params["delete_vault"]:
        raise AnsibleBackupError(
            message="resource_arns spares the other resources' backups, so that the vault cannot go: set delete_vault: false"
        )
    vault = find_backup_vault(client, name)
    if vault is None:
        return NOTHING_TO_DO
    if expected:
        check_tags(name, list_tags(client, vault["BackupVaultArn"]), expected)
    check_lock(vault)
    steps = {step: module.params[step] for step in ("stop_jobs", "delete_recovery_points", "delete_vault")}
    work = Purge(client, name, Steps(**steps, resource_arns=None if arns is None else frozenset(arns)))
    if module.check_mode:
        return {**NOTHING_TO_DO, **work.preview()}
    return work.run(module.params["wait_timeout"])


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "backup_vault_name": {"required": True},
            "expected_tags": {"type": "dict"},
            "require_tags": {"type": "bool", "default": True},
            "resource_arns": {"type": "list", "elements": "str"},
            "stop_jobs": {"type": "bool", "default": True},
            "delete_recovery_points": {"type": "bool", "default": True},
            "delete_vault": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 3600},
        },
        supports_check_mode=True,
    )
    try:
        result = purge(module, module.client("backup"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
