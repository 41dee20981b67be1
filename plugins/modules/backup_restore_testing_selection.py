#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_testing_selection
version_added: 0.1.0
short_description: Manage a selection of an AWS Backup restore testing plan
description:
  - Creates, changes and deletes a selection, which says which resources of one type a restore testing plan tries to restore, how, and how
    long what was restored can be validated before AWS Backup deletes it.
notes:
  - Needs the permissions C(backup:GetRestoreTestingPlan) and C(backup:GetRestoreTestingSelection); to write,
    C(backup:CreateRestoreTestingSelection), C(backup:UpdateRestoreTestingSelection), C(backup:DeleteRestoreTestingSelection) and
    C(iam:PassRole) on the role.
options:
  state:
    description:
      - V(present) creates the selection or brings it to what is given.
      - V(absent) deletes it. A selection or a plan that does not exist is no error.
    type: str
    choices: [present, absent]
    default: present
  restore_testing_plan_name:
    description: The name of the plan.
    type: str
    required: true
  restore_testing_selection_name:
    description: The name of the selection, 1 to 50 letters, digits and underscores. AWS does not change it.
    type: str
    required: true
  protected_resource_type:
    description: The type of the resources. Required when O(state=present). AWS does not change that of an existing selection.
    type: str
    choices: [Aurora, DocumentDB, DynamoDB, EBS, EC2, EFS, FSx, Neptune, RDS, S3]
  iam_role_arn:
    description: The role with which AWS Backup restores. Required when O(state=present).
    type: str
  protected_resource_arns:
    description:
      - The ARNs of at most 30 resources, or V(*) for all of the type.
      - Required when O(state=present), unless O(protected_resource_conditions) are given, which are of all of the type then.
    type: list
    elements: str
    default: []
  protected_resource_conditions:
    description: Only resources with these tags, of which there can be 30 in all.
    type: dict
    default: {}
    suboptions:
      string_equals:
        description: Tags that a resource must have.
        type: list
        elements: dict
        default: []
        suboptions:
          key:
            description: V(aws:ResourceTag/) and the tag's key.
            type: str
            required: true
          value:
            description: The tag's value.
            type: str
            required: true
      string_not_equals:
        description: Tags that a resource must not have.
        type: list
        elements: dict
        default: []
        suboptions:
          key:
            description: V(aws:ResourceTag/) and the tag's key.
            type: str
            required: true
          value:
            description: The tag's value.
            type: str
            required: true
  restore_metadata_overrides:
    description:
      - What is to be otherwise than AWS Backup infers it, by the names that restores of the type know.
      - A text is sent as it is, and everything else as JSON, so that C(true) becomes V(true) and a list V(["sg-0123"]).
      - A key that is null is left out, since AWS Backup cannot be told to leave out what it infers.
    type: dict
    default: {}
  validation_window_hours:
    description:
      - For how many hours what was restored can be validated, 0 to 168.
      - With V(0), it is deleted as soon as it is restored.
    type: int
    default: 0
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
      - A plan that does not exist is a warning in check mode, since an earlier task may have to create it.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: proven.aws_backup.backup_restore_testing_plan
  - module: proven.aws_backup.backup_restore_testing_selection_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Try to restore two tables, and keep each for an hour
  proven.aws_backup.backup_restore_testing_selection:
    restore_testing_plan_name: weekly_proof
    restore_testing_selection_name: tables
    protected_resource_type: DynamoDB
    iam_role_arn: arn:aws:iam::123456789012:role/AWSBackup-production
    protected_resource_arns:
      - arn:aws:dynamodb:us-west-2:123456789012:table/orders
      - arn:aws:dynamodb:us-west-2:123456789012:table/customers
    validation_window_hours: 1

- name: Try to restore every database with a tag
  proven.aws_backup.backup_restore_testing_selection:
    restore_testing_plan_name: weekly_proof
    restore_testing_selection_name: databases
    protected_resource_type: RDS
    iam_role_arn: arn:aws:iam::123456789012:role/AWSBackup-production
    protected_resource_arns: ["*"]
    protected_resource_conditions:
      string_equals:
        - key: aws:ResourceTag/stage
          value: prod
    restore_metadata_overrides:
      dbInstanceClass: db.t4g.micro
"""

RETURN = r"""
restore_testing_selection:
  description: The selection after the module ran, null when there is none.
  returned: success
  type: dict
  contains:
    restore_testing_plan_name:
      description: The name of its plan.
      type: str
      sample: weekly_proof
    restore_testing_selection_name:
      description: Its name.
      type: str
      sample: tables
    protected_resource_type:
      description: The type of the resources.
      type: str
      sample: DynamoDB
    iam_role_arn:
      description: The role with which AWS Backup restores.
      type: str
      sample: arn:aws:iam::123456789012:role/AWSBackup-production
    protected_resource_arns:
      description: The resources, sorted.
      type: list
      elements: str
      sample: [arn:aws:dynamodb:us-west-2:123456789012:table/orders]
    protected_resource_conditions:
      description: The tags that the resources must have and must not have, sorted.
      type: dict
      sample: {string_equals: [], string_not_equals: []}
    restore_metadata_overrides:
      description: What is otherwise than AWS Backup infers it.
      type: dict
      sample: {}
    validation_window_hours:
      description: For how many hours what was restored can be validated.
      type: int
      sample: 1
    creation_time:
      description: When it was created, ISO 8601.
      type: str
      returned: when it exists
      sample: "2026-01-31T12:00:00.123000+00:00"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import restore_testing as api
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.prerequisites import require_existing
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_testing_selections import check_options, to_wanted, write


def ensure(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Bring the selection to what is wanted and return the module's result."""
    params = module.params
    check_options(params, client.meta.region_name)
    plan_name, name = params["restore_testing_plan_name"], params["restore_testing_selection_name"]
    before = api.read_selection(client, plan_name, name)
    after = to_wanted(params, before)
    if after is not None and before is not None and before["protected_resource_type"] != after["protected_resource_type"]:
        raise AnsibleBackupError(
            message=f"The selection {name} of the plan {plan_name} is for {before['protected_resource_type']}, and AWS does not change"
            " that: delete it (state=absent) first, or choose another name"
        )
    if after is not None and before is None:
        exists = api.get_plan(client, plan_name) is not None
        require_existing(exists, f"restore testing plan {plan_name}", client.meta.region_name, module.check_mode, module.warn)
    result = {"changed": before != after, "diff": {"before": before or {}, "after": after or {}}}
    if result["changed"] and not module.check_mode:
        if after is None:
            api.delete_selection(client, plan_name, name)
        else:
            write(client, before, after)
            after = api.read_selection(client, plan_name, name)
    return {**result, "restore_testing_selection": after}


def main() -> None:
    condition = {"key": {"required": True, "no_log": False}, "value": {"required": True}}
    conditions = {
        kind: {"type": "list", "elements": "dict", "default": [], "options": condition} for kind in ("string_equals", "string_not_equals")
    }
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "restore_testing_plan_name": {"required": True},
            "restore_testing_selection_name": {"required": True},
            "protected_resource_type": {"choices": api.TYPES},
            "iam_role_arn": {},
            "protected_resource_arns": {"type": "list", "elements": "str", "default": []},
            "protected_resource_conditions": {"type": "dict", "default": {}, "options": conditions},
            "restore_metadata_overrides": {"type": "dict", "default": {}},
            "validation_window_hours": {"type": "int", "default": 0},
        },
        required_if=[("state", "present", ["protected_resource_type", "iam_role_arn"])],
        supports_check_mode=True,
    )
    try:
        result = ensure(module, module.client("backup"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
