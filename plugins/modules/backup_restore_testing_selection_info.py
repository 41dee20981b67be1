#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_testing_selection_info
version_added: 0.1.0
short_description: List the selections of an AWS Backup restore testing plan
description:
  - Lists one selection of a restore testing plan or all of them.
notes:
  - Needs the permissions C(backup:ListRestoreTestingSelections) and C(backup:GetRestoreTestingSelection).
options:
  restore_testing_plan_name:
    description: The name of the plan. A plan that does not exist has no selections.
    type: str
    required: true
  restore_testing_selection_name:
    description: The name of one selection. Not given, all are listed.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.backup_restore_testing_selection
  - module: proven.aws_backup.backup_restore_testing_plan_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: List what a plan restores
  proven.aws_backup.backup_restore_testing_selection_info:
    restore_testing_plan_name: weekly_proof
  register: selections
"""

RETURN = r"""
restore_testing_selections:
  description: The selections, sorted by name.
  returned: always
  type: list
  elements: dict
  contains:
    restore_testing_plan_name:
      description: The name of its plan.
      returned: always
      type: str
      sample: weekly_proof
    restore_testing_selection_name:
      description: Its name.
      returned: always
      type: str
      sample: tables
    protected_resource_type:
      description: The type of the resources.
      returned: always
      type: str
      sample: DynamoDB
    iam_role_arn:
      description: The role with which AWS Backup restores.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/AWSBackup-production
    protected_resource_arns:
      description: The resources, sorted.
      returned: always
      type: list
      elements: str
      sample: [arn:aws:dynamodb:us-west-2:123456789012:table/orders]
    protected_resource_conditions:
      description: The tags that the resources must have and must not have, sorted.
      returned: always
      type: dict
      sample: {string_equals: [], string_not_equals: []}
    restore_metadata_overrides:
      description: What is otherwise than AWS Backup infers it.
      returned: always
      type: dict
      sample: {}
    validation_window_hours:
      description: For how many hours what was restored can be validated.
      returned: always
      type: int
      sample: 1
    creation_time:
      description: When it was created, ISO 8601.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123000+00:00"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import restore_testing as api
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail


def find(client: Any, plan_name: str, name: str | None) -> list[dict[str, Any]]:
    """What the module returns as selections; one that goes while they are read is left out.

    Raises:
        AnsibleBackupError: they cannot be read, or there can be no such name.
    """
    api.check_name("restore_testing_plan_name", plan_name)
    if name is not None:
        api.check_name("restore_testing_selection_name", name)
    names = sorted(api.list_selection_names(client, plan_name)) if name is None else [name]
    found = [api.read_selection(client, plan_name, each) for each in names]
    return [selection for selection in found if selection is not None]


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={"restore_testing_plan_name": {"required": True}, "restore_testing_selection_name": {}},
        supports_check_mode=True,
    )
    params = module.params
    try:
        found = find(module.client("backup"), params["restore_testing_plan_name"], params["restore_testing_selection_name"])
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, restore_testing_selections=found)


if __name__ == "__main__":
    main()
