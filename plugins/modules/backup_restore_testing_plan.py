#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_testing_plan
version_added: 0.1.0
short_description: Manage an AWS Backup restore testing plan
description:
  - Creates, changes and deletes a plan by which AWS Backup regularly restores recovery points to try them, and deletes again what it
    restored.
  - What is restored is said by the plan's selections, which M(proven.aws_backup.backup_restore_testing_selection) manages.
notes:
  - Needs the permissions C(backup:GetRestoreTestingPlan) and C(backup:ListTags); to write, C(backup:CreateRestoreTestingPlan),
    C(backup:UpdateRestoreTestingPlan), C(backup:DeleteRestoreTestingPlan), C(backup:ListRestoreTestingSelections),
    C(backup:DeleteRestoreTestingSelection), C(backup:TagResource) and C(backup:UntagResource).
options:
  state:
    description:
      - V(present) creates the plan or brings it to what is given.
      - V(absent) deletes it. A plan that does not exist is no error.
    type: str
    choices: [present, absent]
    default: present
  restore_testing_plan_name:
    description: The name of the plan, 1 to 50 letters, digits and underscores. AWS does not change it.
    type: str
    required: true
  schedule_expression:
    description: When the plan runs, as V(cron(0 5 ? * * *\)) or V(rate(1 day\)). Required when O(state=present).
    type: str
  schedule_expression_timezone:
    description: The time zone of O(schedule_expression).
    type: str
    default: Etc/UTC
  start_window_hours:
    description: Within how many hours of a scheduled time the restores start, 1 to 168.
    type: int
    default: 24
  recovery_point_selection:
    description: Which recovery point of each resource is restored.
    type: dict
    default: {}
    suboptions:
      algorithm:
        description: The latest of the window, or one of it by chance.
        type: str
        choices: [LATEST_WITHIN_WINDOW, RANDOM_WITHIN_WINDOW]
        default: LATEST_WITHIN_WINDOW
      include_vaults:
        description: The ARNs of the vaults whose recovery points are restored, or V(*) for all.
        type: list
        elements: str
        default: ["*"]
      exclude_vaults:
        description: The ARNs of vaults that are left out.
        type: list
        elements: str
        default: []
      recovery_point_types:
        description: The types of recovery points.
        type: list
        elements: str
        choices: [SNAPSHOT, CONTINUOUS]
        default: [SNAPSHOT, CONTINUOUS]
      selection_window_days:
        description: How many days old a recovery point may be, 1 to 365.
        type: int
        default: 30
  delete_selections:
    description:
      - With O(state=absent), delete the plan's selections before it.
      - Otherwise a plan that has selections is an error, since AWS does not delete it.
    type: bool
    default: false
  tags:
    description: Tags of the plan. Not given, its tags stay as they are.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description: Whether to remove tags that O(tags) does not name.
    type: bool
    default: true
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
  idempotent:
    support: full
seealso:
  - module: proven.aws_backup.backup_restore_testing_plan_info
  - module: proven.aws_backup.backup_restore_testing_selection
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Try the newest recovery points of a vault every Sunday night
  proven.aws_backup.backup_restore_testing_plan:
    restore_testing_plan_name: weekly_proof
    schedule_expression: cron(0 3 ? * SUN *)
    schedule_expression_timezone: Europe/Berlin
    start_window_hours: 1
    recovery_point_selection:
      include_vaults:
        - arn:aws:backup:us-west-2:123456789012:backup-vault:production
      selection_window_days: 7
    tags:
      project: backup

- name: Try nothing any more
  proven.aws_backup.backup_restore_testing_plan:
    state: absent
    restore_testing_plan_name: weekly_proof
    delete_selections: true
"""

RETURN = r"""
restore_testing_plan:
  description: The plan after the module ran, null when there is none.
  returned: success
  type: dict
  contains:
    restore_testing_plan_name:
      description: Its name.
      type: str
      sample: weekly_proof
    restore_testing_plan_arn:
      description: Its ARN, empty in check mode for a plan that does not exist yet.
      type: str
      sample: arn:aws:backup:us-west-2:123456789012:restore-testing-plan:weekly_proof-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9
    schedule_expression:
      description: When it runs.
      type: str
      sample: cron(0 3 ? * SUN *)
    schedule_expression_timezone:
      description: The time zone of the schedule.
      type: str
      sample: Etc/UTC
    start_window_hours:
      description: Within how many hours the restores start.
      type: int
      sample: 24
    recovery_point_selection:
      description: Which recovery points are restored; its lists are sorted.
      type: dict
      sample:
        algorithm: LATEST_WITHIN_WINDOW
        include_vaults: ["*"]
        exclude_vaults: []
        recovery_point_types: [CONTINUOUS, SNAPSHOT]
        selection_window_days: 30
    tags:
      description: Its tags.
      type: dict
      sample: {project: backup}
    creation_time:
      description: When it was created, ISO 8601. Also last_update_time and last_execution_time, as soon as there is one.
      type: str
      returned: when it exists
      sample: "2026-01-31T12:00:00.123000+00:00"
"""

from typing import Any

from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags
from ansible_collections.proven.aws_backup.plugins.module_utils import restore_testing as api
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, require
from ansible_collections.proven.aws_backup.plugins.module_utils.wanted_tags import wanted_tags

MEMBERS = ("schedule_expression", "schedule_expression_timezone", "start_window_hours", "recovery_point_selection")
LISTS = ("include_vaults", "exclude_vaults", "recovery_point_types")


def check_options(params: dict[str, Any]) -> None:
    """Raise AnsibleBackupError for what AWS would refuse."""
    api.check_name("restore_testing_plan_name", params["restore_testing_plan_name"])
    if params["state"] == "absent":
        return
    api.check_number("start_window_hours", params["start_window_hours"], 1, 168)
    chosen = params["recovery_point_selection"]
    api.check_number("recovery_point_selection.selection_window_days", chosen["selection_window_days"], 1, 365)
    require(chosen["include_vaults"], "recovery_point_selection.include_vaults is empty: name at least one vault, or * for all")
    require(chosen["recovery_point_types"], "recovery_point_selection.recovery_point_types is empty: name SNAPSHOT, CONTINUOUS or both")
    vaults = chosen["include_vaults"] + chosen["exclude_vaults"]
    api.check_most("recovery_point_selection.include_vaults and exclude_vaults", vaults, 30)
    for vault in vaults:
        if vault != "*":
            check_arn("recovery_point_selection", vault)


def to_wanted(params: dict[str, Any], before: api.Record | None) -> api.Record | None:
    """The plan as it shall be, with what AWS alone decides as it is; None for no plan."""
    if params["state"] == "absent":
        return None
    chosen = {name: sorted(set(value)) if name in LISTS else value for name, value in params["recovery_point_selection"].items()}
    return {
        "restore_testing_plan_arn": "",
        **(before or {}),
        "restore_testing_plan_name": params["restore_testing_plan_name"],
        **{name: params[name] for name in MEMBERS},
        "recovery_point_selection": chosen,
        "tags": wanted_tags(before["tags"] if before else {}, params["tags"], params["purge_tags"]),
    }


def write(client: Any, before: api.Record | None, after: api.Record) -> None:
    """Bring the plan from how it is to how it is wanted.

    Raises:
        AnsibleBackupError: a part could not be written; what was written before it stays.
    """
    name = after["restore_testing_plan_name"]
    document = snake_dict_to_camel_dict({member: after[member] for member in MEMBERS}, capitalize_first=True)
    if before is None:
        api.create_plan(client, name, document, after["tags"])
        return
    if any(before.get(member) != after[member] for member in MEMBERS):
        api.update_plan(client, name, document)
    to_set, to_remove = compare_aws_tags(before["tags"], after["tags"])
    if to_remove:
        api.untag_plan(client, before["restore_testing_plan_arn"], to_remove)
    if to_set:
        api.tag_plan(client, before["restore_testing_plan_arn"], to_set)


def ensure(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Bring the plan to what is wanted and return the module's result."""
    params = module.params
    check_options(params)
    before = api.read_plan(client, params["restore_testing_plan_name"])
    after = to_wanted(params, before)
    result = {"changed": before != after, "diff": {"before": before or {}, "after": after or {}}}
    if not result["changed"]:
        return {**result, "restore_testing_plan": after}
    if after is None:
        name, delete_selections = params["restore_testing_plan_name"], params["delete_selections"]
        api.remove_plan(client, name, delete_selections=delete_selections, check_mode=module.check_mode)
    elif not module.check_mode:
        write(client, before, after)
        after = api.read_plan(client, params["restore_testing_plan_name"])
    return {**result, "restore_testing_plan": after}


def main() -> None:
    chosen = {
        "algorithm": {"choices": api.ALGORITHMS, "default": "LATEST_WITHIN_WINDOW"},
        "include_vaults": {"type": "list", "elements": "str", "default": ["*"]},
        "exclude_vaults": {"type": "list", "elements": "str", "default": []},
        "recovery_point_types": {"type": "list", "elements": "str", "choices": api.POINT_TYPES, "default": api.POINT_TYPES},
        "selection_window_days": {"type": "int", "default": 30},
    }
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "restore_testing_plan_name": {"required": True},
            "schedule_expression": {},
            "schedule_expression_timezone": {"default": "Etc/UTC"},
            "start_window_hours": {"type": "int", "default": 24},
            "recovery_point_selection": {"type": "dict", "default": {}, "options": chosen},
            "delete_selections": {"type": "bool", "default": False},
            "tags": {"type": "dict", "aliases": ["resource_tags"]},
            "purge_tags": {"type": "bool", "default": True},
        },
        required_if=[("state", "present", ["schedule_expression"])],
        supports_check_mode=True,
    )
    try:
        result = ensure(module, module.client("backup"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
