#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_testing_plan_info
version_added: 0.1.0
short_description: List AWS Backup restore testing plans
description:
  - Lists one restore testing plan or all of the account in a Region, with their tags and the names of their selections.
notes:
  - Needs the permissions C(backup:ListRestoreTestingPlans), C(backup:GetRestoreTestingPlan), C(backup:ListRestoreTestingSelections)
    and C(backup:ListTags).
options:
  restore_testing_plan_name:
    description: The name of one plan. Not given, all are listed.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.backup_restore_testing_plan
  - module: proven.aws_backup.backup_restore_testing_selection_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: List all plans
  proven.aws_backup.backup_restore_testing_plan_info:
  register: plans

- name: Look when a plan last ran
  proven.aws_backup.backup_restore_testing_plan_info:
    restore_testing_plan_name: weekly_proof
  register: plan
  failed_when: plan.restore_testing_plans[0].last_execution_time is not defined
"""

RETURN = r"""
restore_testing_plans:
  description: The plans, sorted by name; none when there is no plan of the name.
  returned: always
  type: list
  elements: dict
  contains:
    restore_testing_plan_name:
      description: Its name.
      returned: always
      type: str
      sample: weekly_proof
    restore_testing_plan_arn:
      description: Its ARN.
      returned: always
      type: str
      sample: arn:aws:backup:us-west-2:123456789012:restore-testing-plan:weekly_proof-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
    restore_testing_selection_names:
      description: The names of its selections.
      returned: always
      type: list
      elements: str
      sample: [tables]
    schedule_expression:
      description: When it runs.
      returned: always
      type: str
      sample: cron(0 3 ? * SUN *)
    schedule_expression_timezone:
      description: The time zone of the schedule.
      returned: always
      type: str
      sample: Etc/UTC
    start_window_hours:
      description: Within how many hours the restores start.
      returned: always
      type: int
      sample: 24
    recovery_point_selection:
      description: Which recovery points are restored; its lists are sorted.
      returned: always
      type: dict
      sample:
        algorithm: LATEST_WITHIN_WINDOW
        include_vaults: ["*"]
        exclude_vaults: []
        recovery_point_types: [CONTINUOUS, SNAPSHOT]
        selection_window_days: 30
    tags:
      description: Its tags.
      returned: always
      type: dict
      sample: {project: backup}
    creation_time:
      description: When it was created, ISO 8601.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123000+00:00"
    last_execution_time:
      description: When it last ran, ISO 8601.
      returned: when it ran
      type: str
      sample: "2026-02-01T03:00:00.123000+00:00"
    last_update_time:
      description: When it was last changed, ISO 8601.
      returned: when it was changed
      type: str
      sample: "2026-01-31T13:00:00.123000+00:00"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import restore_testing as api
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail


def find(client: Any, name: str | None) -> list[dict[str, Any]]:
    """What the module returns as plans; a plan that goes while they are read is left out.

    Raises:
        AnsibleBackupError: they cannot be read, or there can be no such name.
    """
    if name is not None:
        api.check_name("restore_testing_plan_name", name)
    names = sorted(api.list_plan_names(client)) if name is None else [name]
    plans = [plan for plan in (api.read_plan(client, each) for each in names) if plan is not None]
    return [
        {**plan, "restore_testing_selection_names": sorted(api.list_selection_names(client, plan["restore_testing_plan_name"]))}
        for plan in plans
    ]


def main() -> None:
    module = AnsibleAWSModule(argument_spec={"restore_testing_plan_name": {}}, supports_check_mode=True)
    try:
        plans = find(module.client("backup"), module.params["restore_testing_plan_name"])
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, restore_testing_plans=plans)


if __name__ == "__main__":
    main()
