#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_preflight_info
version_added: 0.1.0
short_description: Find out before a deployment or a backup what would fail
description:
  - Looks at everything that AWS refuses late, or not at all but loses notifications or backups over it. These are the account's opt-in to
    resource types, the role that AWS Backup assumes, what the caller may do, KMS keys, topics, the vault's lock, the windows, jobs that run
    already, and quotas.
  - Returns one finding for each check and subject, with a remedy in one line. What does not exist yet is no problem.
  - A look-up that fails, for want of a permission, for example, makes a finding V(unknown), and never fails the module.
notes:
  - Reads only. All checks run side by side, so it takes about as long as the slowest service.
  - Needs, by the family of checks, V(region) C(backup:DescribeRegionSettings) and C(s3:GetBucketVersioning), V(role) C(iam:GetRole) and
    C(iam:ListAttachedRolePolicies), V(pass_role), V(start_job), V(start_restore), V(start_copy) and V(permissions) C(iam:GetRole) and
    C(iam:SimulatePrincipalPolicy), V(key) C(backup:DescribeBackupVault), C(backup:ListBackupVaults), C(kms:DescribeKey) and
    C(kms:GetKeyPolicy), V(topic) C(sns:GetTopicAttributes), C(kms:DescribeKey) and C(kms:GetKeyPolicy), V(secrets)
    C(ssm:DescribeParameters), C(secretsmanager:DescribeSecret), C(kms:DescribeKey) and C(kms:GetKeyPolicy), V(vault)
    C(backup:DescribeBackupVault) and C(backup:ListBackupVaults), V(copy_vault) these and C(backup:GetBackupVaultAccessPolicy), V(jobs)
    C(backup:ListBackupJobs), V(restore_jobs) C(backup:ListRestoreJobs), V(place_quotas) C(ec2:DescribeVpcs), C(rds:DescribeDBInstances)
    and C(servicequotas:GetServiceQuota), V(quotas) these and C(backup:ListBackupVaults), C(backup:ListBackupPlans),
    C(ec2:DescribeInstances) and C(servicequotas:ListServiceQuotas).
options:
  checks:
    description:
      - The families of checks to run. Those about which no option says anything find nothing. Those that are not among the defaults are
        about restores and copies, but for V(permissions).
      - Whether the caller is known at all is always checked. When it is not, there is no other finding.
    type: list
    elements: str
    choices:
      - region
      - role
      - pass_role
      - start_job
      - start_restore
      - start_copy
      - permissions
      - key
      - topic
      - secrets
      - vault
      - copy_vault
      - jobs
      - restore_jobs
      - quotas
      - place_quotas
    default: [region, role, pass_role, start_job, key, topic, secrets, vault, jobs, quotas]
  resource_types:
    description: What is to be backed up, by the names that AWS Backup gives to types.
    type: list
    elements: str
    default: []
  resource_arns:
    description: Existing resources that are to be backed up. Buckets must have versioning.
    type: list
    elements: str
    default: []
  backup_vault_name:
    description: The vault, which need not exist.
    type: str
  backup_plan_name:
    description: The plan, which need not exist.
    type: str
  iam_role_arn:
    description: The role that AWS Backup is to assume, which need not exist.
    type: str
  copy_role_arn:
    description: The role that AWS Backup is to copy recovery points with, which need not exist.
    type: str
  permissions:
    description: By action of IAM, for example C(sqs:DeleteMessage), the ARN of what the caller is to do it to.
    type: dict
    default: {}
  function_role_arns:
    description: The roles of Lambda functions that the caller is to pass, which need not exist.
    type: list
    elements: str
    default: []
  tests_restores:
    description: Whether O(iam_role_arn) is to be passed to a restore testing plan, too.
    type: bool
    default: false
  kms_key_ids:
    description: KMS keys, by ID, ARN, or alias, which need not exist.
    type: list
    elements: str
    default: []
  sns_topic_arns:
    description: Topics that AWS Backup is to publish to, which need not exist.
    type: list
    elements: str
    default: []
  secret_references:
    description:
      - Where secrets are kept that the first of O(function_role_arns) is to read, as C(ssm:) or C(secretsmanager:) and a name or an ARN.
      - Their values are never read.
    type: list
    elements: str
    default: []
  secret_key_arns:
    description: KMS keys that this role is allowed to decrypt with; an ARN may have C(*).
    type: list
    elements: str
    default: []
  vpc_names:
    description: The tags C(Name) of VPCs that are to be created, which may exist.
    type: list
    elements: str
    default: []
  db_instance_names:
    description: The names of RDS database instances that are to be created, which may exist.
    type: list
    elements: str
    default: []
  delete_after_days:
    description: How long recovery points are to be kept; V(-1) is for ever.
    type: int
  start_window_minutes:
    description: The minutes within which jobs must start.
    type: int
  completion_window_minutes:
    description: The minutes within which jobs must complete.
    type: int
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.notification_target_info
author:
  - proven.aws_backup contributors (@proven)
"""

EXAMPLES = r"""
- name: Look what would fail
  proven.aws_backup.backup_preflight_info:
    resource_types: [EC2, DynamoDB]
    backup_vault_name: nightly
    iam_role_arn: arn:aws:iam::123456789012:role/service-role/AWSBackupDefaultServiceRole
    delete_after_days: 7
  register: preflight

- name: Stop when something would
  ansible.builtin.assert:
    that: preflight.findings | selectattr('result', '==', 'failed') | length == 0
    fail_msg: "{{ preflight.findings | selectattr('result', '==', 'failed') }}"

- name: Look only whether a key can be used
  proven.aws_backup.backup_preflight_info:
    checks: [key]
    kms_key_ids: [alias/nightly]
"""

RETURN = r"""
findings:
  description: What was found, V(failed) first, then V(unknown), V(warning) and V(passed).
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: What was looked at.
      returned: always
      type: str
      sample: opt-in
    subject:
      description: Of what.
      returned: always
      type: str
      sample: DynamoDB
    result:
      description: V(failed), V(unknown) when it could not be looked at, V(warning) or V(passed).
      returned: always
      type: str
      sample: failed
    reason:
      description: Why.
      returned: always
      type: str
      sample: AWS Backup is not opted in to it in us-west-2
    remedy:
      description: How to mend it, in one line; empty when there is nothing to mend.
      returned: always
      type: str
      sample: aws backup update-region-settings --region us-west-2 --resource-type-opt-in-preference DynamoDB=true
"""

from dataclasses import asdict
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Wanted
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight_run import FAMILIES, USUAL, find_problems
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, check_role_arn

LISTS = (
    "resource_types",
    "resource_arns",
    "kms_key_ids",
    "sns_topic_arns",
    "vpc_names",
    "db_instance_names",
    "function_role_arns",
    "secret_references",
    "secret_key_arns",
)
TEXTS = ("backup_vault_name", "backup_plan_name", "iam_role_arn", "copy_role_arn")
NUMBERS = ("delete_after_days", "start_window_minutes", "completion_window_minutes")


def wanted_of(params: dict[str, Any]) -> Wanted:
    """What the module's options describe.

    Raises:
        AnsibleBackupError: an option cannot be right.
    """
    for option in ("resource_arns", "sns_topic_arns"):
        for arn in params[option]:
            check_arn(option, arn)
    for arn in (params["iam_role_arn"], params["copy_role_arn"], *params["function_role_arns"]):
        if arn:
            check_role_arn(arn)
    given: dict[str, Any] = {name: tuple(params[name]) if name in LISTS else params[name] for name in (*LISTS, *TEXTS, *NUMBERS)}
    permissions = {str(action): str(arn) for action, arn in params["permissions"].items()}
    return Wanted(**given, permissions=tuple(permissions.items()), tests_restores=params["tests_restores"])


def main() -> None:
    argument_spec: dict[str, Any] = {
        "checks": {"type": "list", "elements": "str", "choices": list(FAMILIES), "default": list(USUAL)},
        "permissions": {"type": "dict", "default": {}},
        "tests_restores": {"type": "bool", "default": False},
        **{name: {"type": "list", "elements": "str", "default": [], "no_log": False} for name in LISTS},
        **{name: {"type": "str"} for name in TEXTS},
        **{name: {"type": "int"} for name in NUMBERS},
    }
    module = AnsibleAWSModule(argument_spec=argument_spec, supports_check_mode=True)
    try:
        wanted = wanted_of(module.params)
        findings = find_problems(client_factory(module), wanted, module.params["checks"])
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, findings=[asdict(finding) for finding in findings])


if __name__ == "__main__":
    main()
