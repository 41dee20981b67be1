#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: leftover_resource_info
version_added: 0.1.0
short_description: Find what a stage that was removed has left in a Region
description:
  - Looks for everything of a stage, by its tags and by its names, and says of each resource that is still there why it counts as the
    stage's and what AWS bills for it.
  - Besides what carries the tags or has one of the names, it finds what neither tells. These are the recovery points of the vault, whatever
    their status; jobs that still back up or copy into it, or restore from it; AMIs and snapshots of its jobs that lost their vault, which
    AWS Backup alone can delete; subscriptions of the stage's topics, and of its functions and queues to other topics; rules that still send
    events to the stage's functions, topics and queues; and permissions in the policies of other functions that name a topic or rule of the
    stage.
  - The services are asked at the same time, and each about its own, because the Resource Groups Tagging API lags behind.
notes:
  - Reads the policy of every Lambda function in the Region, of which AWS allows 15 a second. All the rest takes about as long as the
    slowest service.
  - AWS tells jobs for 30 days. An AMI or snapshot without tags that is older and lost its vault is not found.
  - Rules are those of the default event bus.
  - Needs C(tag:GetResources), what M(proven.aws_backup.resource_tag_info) needs, C(backup:ListBackupJobs), C(backup:ListBackupPlans),
    C(backup:GetRestoreTestingPlan), C(backup:ListCopyJobs), C(backup:ListRecoveryPointsByBackupVault), C(backup:ListRestoreJobs),
    C(ec2:DescribeImages), C(ec2:DescribeInstances), C(ec2:DescribeSnapshots), C(events:ListRuleNamesByTarget), C(iam:ListRoles),
    C(lambda:ListFunctions), C(lambda:GetPolicy) and C(sns:ListSubscriptions). When one of them is missing the module fails, because
    nobody could say then that nothing is left.
options:
  tags:
    description: The tags that everything of the stage carries. At least one.
    type: dict
    required: true
  resource_arns:
    description:
      - The ARNs that the stage's names make, of the types that M(proven.aws_backup.resource_tag_info) knows.
      - A KMS key is given by its alias, a log group without the V(:*) at its end.
    type: list
    elements: str
    default: []
  backup_vault_name:
    description: The stage's vault, for its recovery points and jobs.
    type: str
  backup_plan_name:
    description: The stage's backup plan, whose ARN its name does not tell.
    type: str
  restore_testing_plan_name:
    description:
      - The stage's restore testing plan, whose ARN its name does not tell either. What it had restored is looked for, too, also when
        the plan is gone.
      - Needs what M(proven.aws_backup.restored_resource_info) needs to look at resources.
    type: str
  iam_path_prefix:
    description: The path below which the stage's IAM roles are.
    type: str
  restore_iam_role_arn:
    description:
      - The role that restores what is to prove the stage's backups, and nothing else. What its jobs created, and jobs that still run, are
        left.
      - Needs C(backup:ListRestoreJobs), too, and what M(proven.aws_backup.restored_resource_info) needs.
    type: str
  restored_name_prefix:
    description: How the names of what is restored for that begin, before a word, a hyphen and seven hexadecimal digits.
    type: str
  wait_timeout:
    description:
      - Seconds for which to ask again while something is left.
      - AWS goes on listing what was deleted, usually for seconds and sometimes for minutes.
    type: int
    default: 0
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.tagged_resource_info
  - module: proven.aws_backup.resource_tag_info
author:
  - proven.aws_backup contributors (@proven)
"""

EXAMPLES = r"""
- name: Look what is left of the stage
  proven.aws_backup.leftover_resource_info:
    tags:
      Project: backup
      Stage: dev
    resource_arns:
      - arn:aws:backup:us-west-2:123456789012:backup-vault:backup-dev
      - arn:aws:lambda:us-west-2:123456789012:function:backup-dev-notifier
      - arn:aws:sns:us-west-2:123456789012:backup-dev-events
    backup_vault_name: backup-dev
    wait_timeout: 300
  register: found

- name: Fail when something is
  ansible.builtin.assert:
    that: found.left | length == 0
    fail_msg: "{{ found.left }}"
"""

RETURN = r"""
left:
  description: What is still there, sorted by ARN.
  returned: always
  type: list
  elements: dict
  contains:
    resource_arn:
      description:
        - Its ARN.
        - Of a permission (RV(left[].resource_type=lambda:permission)) the ARN of the function in whose policy it is.
      returned: always
      type: str
      sample: arn:aws:ec2:us-west-2::image/ami-0123456789abcdef0
    resource_type:
      description:
        - Its type, as the Resource Groups Tagging API names types.
        - Also V(backup:backup-job), V(backup:copy-job), V(backup:restore-job), V(sns:subscription) and V(lambda:permission).
      returned: always
      type: str
      sample: ec2:image
    reason:
      description: Why it counts as the stage's, or why it stays.
      returned: always
      type: str
      sample: was made by AWS Backup, which alone can delete it
    cost:
      description: What AWS bills for it, at list prices of us-east-1.
      returned: always
      type: str
      sample: its snapshots, 0.05 USD per GiB and month
pending:
  description:
    - What AWS removes by itself, sorted by ARN. These are KMS keys that are scheduled for deletion, instances that are terminated,
      subscriptions that nobody confirmed, and what test restores of O(restore_testing_plan_name) made until AWS Backup deletes it.
  returned: always
  type: list
  elements: dict
  contains:
    resource_arn:
      description: Its ARN; of an unconfirmed subscription, which has none, the topic's with C(:PendingConfirmation).
      returned: always
      type: str
      sample: arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
    resource_type:
      description: Its type.
      returned: always
      type: str
      sample: kms:key
    reason:
      description: What it waits for, in the words of its service where that has some.
      returned: always
      type: str
      sample: is PendingDeletion
    cost:
      description: What AWS bills for it until then, V(nothing) for all but what test restores made.
      returned: always
      type: str
      sample: nothing
    deletion_date:
      description: When AWS removes it, in ISO 8601; null where AWS does not say.
      returned: always
      type: str
      sample: "2026-12-01T10:15:00+00:00"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.leftover_search import find_leftovers
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import Leftover, Stage
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn

LEFT_KEYS = ("resource_arn", "resource_type", "reason", "cost")
PENDING_KEYS = ("resource_arn", "resource_type", "reason", "cost", "deletion_date")


def stage_of(params: dict[str, Any]) -> Stage:
    """What the module's options describe.

    Raises:
        AnsibleBackupError: an option cannot be right.
    """
    if not params["tags"]:
        raise AnsibleBackupError(message="tags is empty, and would match everything in the Region: name at least one tag")
    for arn in params["resource_arns"]:
        check_arn("resource_arns", arn)
    return Stage(
        tags={str(key): str(value) for key, value in params["tags"].items()},
        resource_arns=tuple(params["resource_arns"]),
        backup_vault_name=params["backup_vault_name"],
        backup_plan_name=params["backup_plan_name"],
        restore_testing_plan_name=params["restore_testing_plan_name"],
        iam_path_prefix=params["iam_path_prefix"],
        restore_iam_role_arn=params["restore_iam_role_arn"],
        restored_name_prefix=params["restored_name_prefix"],
    )


def is_clean(found: list[Leftover]) -> bool:
    """Whether all that is still there goes by itself."""
    return all(leftover.is_ending for leftover in found)


def to_result(found: list[Leftover]) -> dict[str, list[dict[str, Any]]]:
    """What the module returns."""
    left = [{key: getattr(each, key) for key in LEFT_KEYS} for each in found if not each.is_ending]
    pending = [{key: getattr(each, key) for key in PENDING_KEYS} for each in found if each.is_ending]
    return {"left": left, "pending": pending}


def main() -> None:
    argument_spec: dict[str, Any] = {
        "tags": {"type": "dict", "required": True},
        "resource_arns": {"type": "list", "elements": "str", "default": []},
        "backup_vault_name": {"type": "str"},
        "backup_plan_name": {"type": "str"},
        "restore_testing_plan_name": {"type": "str"},
        "iam_path_prefix": {"type": "str"},
        "restore_iam_role_arn": {"type": "str"},
        "restored_name_prefix": {"type": "str"},
        "wait_timeout": {"type": "int", "default": 0},
    }
    module = AnsibleAWSModule(
        argument_spec=argument_spec, required_together=[("restore_iam_role_arn", "restored_name_prefix")], supports_check_mode=True
    )
    try:
        stage = stage_of(module.params)
        client = client_factory(module)
        waited = wait_until(lambda: find_leftovers(client, stage), is_clean, module.params["wait_timeout"])
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, **to_result(waited.value))


if __name__ == "__main__":
    main()
