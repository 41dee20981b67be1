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
  - Stops the backup jobs of a vault, deletes its recovery points side by side, as fast as AWS's quotas allow, waits until they are
    gone, and deletes the vault.
  - Only jobs of this vault are touched. Those that begin meanwhile are stopped too; those that AWS cannot stop (Aurora, DocumentDB,
    FSx, Neptune, RDS, SAP HANA), and jobs that copy into the vault, are waited for, and so is a recovery point that is still being created.
  - A recovery point counts as deleted when the vault lists it no more. Each one that is left is reported with RV(ignore:outcome), reason
    and remedy, and stops none of the others.
  - The module fails when anything is left that should be gone, and says also then what it did. Interrupted at any moment, a second run
    does the rest.
  - Remove backup plans that use the vault first, or they fill it again.
options:
  backup_vault_name:
    description:
      - The name of the vault. A vault that does not exist is no change. V(Default) and V(aws/*), which AWS made, are refused.
      - AWS denies access to a vault that does not exist, so C(backup:ListBackupVaults) is needed to tell these cases apart.
    type: str
    required: true
  expected_tags:
    description: Tags that the vault must carry, with these values, or else nothing is touched. Required unless O(require_tags=false).
    type: dict
  require_tags:
    description: Whether to refuse to run without O(expected_tags).
    type: bool
    default: true
  expected_account_id:
    description: The ID of the account that this must be, or else the module fails, even if there is no such vault.
    type: str
  expected_region:
    description: The Region that this must be, or else the module fails, even if there is no such vault.
    type: str
  max_recovery_points:
    description:
      - How many recovery points may be deleted. When there are more, none is; when more appear meanwhile, no more are.
      - They are counted before. V(0) allows any number, and then deletion begins while the vault is still being listed.
    type: int
    default: 1000
  continuous_recovery_points:
    description:
      - V(delete) ends the continuous backup of their resources, with a warning. V(disassociate) hands them back to their service, such as
        Amazon RDS, which goes on with the backup; those of Amazon S3 stay in the vault, and are reported.
    type: str
    choices: [delete, disassociate]
    default: delete
  stop_jobs:
    description: Whether to stop the jobs of the vault, and to wait for their end. O(older_than_days) stops none either.
    type: bool
    default: true
  delete_recovery_points:
    description: Whether to delete the recovery points of the vault.
    type: bool
    default: true
  delete_vault:
    description: Whether to delete the vault, which must be empty by then.
    type: bool
    default: true
  max_listed:
    description:
      - How many recovery points each list of the result has at most; RV(unlisted) and RV(recovery_points) count the others.
      - By default as many as O(max_recovery_points), or V(1000) when that is V(0).
    type: int
  progress_file:
    description:
      - A file to which a line is appended every few seconds. Without it, the lines are shown while the task runs, unless the task has
        C(async) or C(no_log), is in check mode, or its connection is not V(local).
    type: path
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
  - proven.aws_backup.purge
  - proven.aws_backup.purge.speed
attributes:
  check_mode:
    support: full
    details:
      - Returns the jobs and recovery points that would go, with their number and size. Of what AWS would refuse, only locks, legal
        holds and access policies that are about every recovery point are known before.
  diff_mode:
    support: none
    details:
      - The returned lists say what went, or would go.
  idempotent:
    support: full
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
    expected_account_id: "123456789012"

- name: Thin out the backups of one volume
  proven.aws_backup.backup_vault_purge:
    backup_vault_name: backup-testing
    expected_tags:
      Project: proven-aws-backup
    resource_arns:
      - arn:aws:ec2:us-west-2:123456789012:volume/vol-012f345df6789012d
    older_than_days: 30
    keep_newest: 3
    delete_vault: false

- name: Empty a large vault that carries no tags, with raised quotas, and keep it
  proven.aws_backup.backup_vault_purge:
    backup_vault_name: scratch
    require_tags: false
    max_recovery_points: 60000
    rate_limits:
      delete_recovery_point: 40
      total: 80
    delete_vault: false
    wait_timeout: 7200
"""

RETURN = r"""
recovery_points:
  description:
    - Number and size in bytes of the recovery points, by what became of them. V(deleted), V(disassociated), V(kept) and V(tags_unknown),
      which are kept because AWS Backup does not give their tags, are no failure; the others are the outcomes of those that are left.
  returned: always, on failure too once the vault was looked at
  type: dict
  sample:
    deleted: {count: 4998, backup_size_in_bytes: 5366573662208}
    in_use: {count: 2, backup_size_in_bytes: 17179869184}
deleted_recovery_points:
  description: The first recovery points that were in the vault and are gone.
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
  contains: &point
    recovery_point_arn: &arn
      description: The ARN of the recovery point.
      type: str
      returned: always
      sample: arn:aws:ec2:us-west-2::image/ami-012f345df6789012d
    outcome:
      description: What became of it, a key of RV(recovery_points).
      type: str
      returned: always
      sample: deleted
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
  description: The first recovery points that should be gone and are not, and stay billed.
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
  contains:
    <<: *point
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
    remedy:
      description: What to do about it.
      type: str
      returned: always
      sample: Remove what uses it, an AMI for example, through its own recovery point, then run again.
unlisted:
  description: How many recovery points RV(deleted_recovery_points) and RV(skipped_recovery_points) leave out, because of O(max_listed).
  returned: always, on failure too once the vault was looked at
  type: dict
  sample: {deleted_recovery_points: 3998, skipped_recovery_points: 0}
stopped_jobs:
  description: The jobs that were stopped, each with C(backup_job_id), C(resource_arn) and C(resource_type).
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
awaited_jobs:
  description: The jobs that could not be stopped and were waited for, like RV(stopped_jobs), or with C(copy_job_id).
  returned: always, on failure too once the vault was looked at
  type: list
  elements: dict
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

from ansible_collections.amazon.aws.plugins.module_utils.iam import get_aws_account_info
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.paced_client import client_config
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_options import ARGUMENTS
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_run import run_purge


def main() -> None:
    module = AnsibleAWSModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        client = module.client("backup", config=client_config(module.params["workers"]))
        result = run_purge(module.params, client, lambda: get_aws_account_info(module)[0], module.check_mode, module.warn)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
