# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore testing plans and selections: one function per API call, and how modules show them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.transformation import boto3_resource_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import list_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require

if TYPE_CHECKING:
    from botocore.client import BaseClient

Record = dict[str, Any]

NAME = re.compile(r"[a-zA-Z0-9_]{1,50}")
TYPES = ["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"]
ALGORITHMS = ["LATEST_WITHIN_WINDOW", "RANDOM_WITHIN_WINDOW"]
POINT_TYPES = ["SNAPSHOT", "CONTINUOUS"]
KEPT_AS_THEY_ARE = ["RestoreMetadataOverrides"]


@aws_call("read the restore testing plan {name}", missing=None)
def get_plan(client: BaseClient, name: str) -> Record | None:
    """A plan as AWS describes it; None when there is no such plan."""
    return client.get_restore_testing_plan(RestoreTestingPlanName=name)["RestoreTestingPlan"]


@aws_call("list the restore testing plans")
def list_plan_names(client: BaseClient) -> list[str]:
    """The names of all plans of the account in the client's Region."""
    plans = client.get_paginator("list_restore_testing_plans").paginate().build_full_result()["RestoreTestingPlans"]
    return [plan["RestoreTestingPlanName"] for plan in plans]


@aws_call("create the restore testing plan {name}")
def create_plan(client: BaseClient, name: str, document: Record, tags: dict[str, str]) -> None:
    """Create a plan with its tags."""
    given = {"RestoreTestingPlanName": name, **document}
    client.create_restore_testing_plan(RestoreTestingPlan=given, **({"Tags": tags} if tags else {}))


@aws_call("change the restore testing plan {name}")
def update_plan(client: BaseClient, name: str, document: Record) -> None:
    """Change a plan."""
    client.update_restore_testing_plan(RestoreTestingPlanName=name, RestoreTestingPlan=document)


@aws_call("delete the restore testing plan {name}", missing=None)
def delete_plan(client: BaseClient, name: str) -> None:
    """Delete a plan without selections. That it is gone already is no error."""
    client.delete_restore_testing_plan(RestoreTestingPlanName=name)


@aws_call("tag the restore testing plan {arn}")
def tag_plan(client: BaseClient, arn: str, tags: dict[str, str]) -> None:
    """Add tags."""
    client.tag_resource(ResourceArn=arn, Tags=tags)


@aws_call("remove tags of the restore testing plan {arn}")
def untag_plan(client: BaseClient, arn: str, keys: list[str]) -> None:
    """Remove tags."""
    client.untag_resource(ResourceArn=arn, TagKeyList=keys)


@aws_call("read the selection {name} of the restore testing plan {plan_name}", missing=None)
def get_selection(client: BaseClient, plan_name: str, name: str) -> Record | None:
    """A selection as AWS describes it; None when there is no such selection or plan."""
    answer = client.get_restore_testing_selection(RestoreTestingPlanName=plan_name, RestoreTestingSelectionName=name)
    return answer["RestoreTestingSelection"]


@aws_call("list the selections of the restore testing plan {plan_name}", missing=[])
def list_selection_names(client: BaseClient, plan_name: str) -> list[str]:
    """The names of a plan's selections; none when there is no such plan."""
    pages = client.get_paginator("list_restore_testing_selections").paginate(RestoreTestingPlanName=plan_name)
    return [selection["RestoreTestingSelectionName"] for selection in pages.build_full_result()["RestoreTestingSelections"]]


@aws_call("create the selection {name} of the restore testing plan {plan_name}")
def create_selection(client: BaseClient, plan_name: str, name: str, document: Record) -> None:
    """Create a selection."""
    client.create_restore_testing_selection(
        RestoreTestingPlanName=plan_name, RestoreTestingSelection={"RestoreTestingSelectionName": name, **document}
    )


@aws_call("change the selection {name} of the restore testing plan {plan_name}")
def update_selection(client: BaseClient, plan_name: str, name: str, document: Record) -> None:
    """Change a selection."""
    client.update_restore_testing_selection(
        RestoreTestingPlanName=plan_name, RestoreTestingSelectionName=name, RestoreTestingSelection=document
    )


@aws_call("delete the selection {name} of the restore testing plan {plan_name}", missing=None)
def delete_selection(client: BaseClient, plan_name: str, name: str) -> None:
    """Delete a selection. That it is gone already is no error."""
    client.delete_restore_testing_selection(RestoreTestingPlanName=plan_name, RestoreTestingSelectionName=name)


def read_plan(client: BaseClient, name: str) -> Record | None:
    """A plan with its tags as modules return it; None when there is none.

    Raises:
        AnsibleBackupError: it cannot be read.
    """
    plan = get_plan(client, name)
    if plan is None:
        return None
    shown = _shown(plan)
    chosen = shown["recovery_point_selection"]
    for member in ("include_vaults", "exclude_vaults", "recovery_point_types"):
        chosen[member] = sorted(chosen.get(member) or [])
    return {**shown, "tags": list_tags(client, plan["RestoreTestingPlanArn"])}


def read_selection(client: BaseClient, plan_name: str, name: str) -> Record | None:
    """A selection as modules return it; None when there is none.

    Raises:
        AnsibleBackupError: it cannot be read.
    """
    selection = get_selection(client, plan_name, name)
    if selection is None:
        return None
    shown = _shown(selection)
    conditions = shown.get("protected_resource_conditions") or {}
    return {
        "validation_window_hours": 0,
        "restore_metadata_overrides": {},
        **shown,
        "protected_resource_arns": sorted(shown.get("protected_resource_arns") or []),
        "protected_resource_conditions": {
            kind: sorted_conditions(conditions.get(kind) or []) for kind in ("string_equals", "string_not_equals")
        },
    }


def sorted_conditions(conditions: list[dict[str, str]]) -> list[dict[str, str]]:
    """Conditions in one order, whatever order they came in."""
    return sorted(conditions, key=lambda condition: (condition["key"], condition["value"]))


def check_name(option: str, name: str) -> None:
    """Raise AnsibleBackupError unless AWS allows the name for a restore testing plan or selection."""
    require(NAME.fullmatch(name), f"{option}: {name!r} is not 1 to 50 letters, digits or underscores, as AWS demands")


def check_most(option: str, values: list[Any], most: int) -> None:
    """Raise AnsibleBackupError when there are more values than AWS takes."""
    require(len(values) <= most, f"{option}: {len(values)} are given, AWS takes {most}")


def check_number(option: str, value: int, least: int, most: int) -> None:
    """Raise AnsibleBackupError unless a number is in AWS's bounds."""
    require(least <= value <= most, f"{option}: {value} is not between {least} and {most}")


def remove_plan(client: BaseClient, name: str, *, delete_selections: bool, check_mode: bool) -> None:
    """Delete a plan and, if that is wanted, its selections before it.

    Raises:
        AnsibleBackupError: it has selections, and they are not to be deleted; also in check mode.
    """
    selections = list_selection_names(client, name)
    if selections and not delete_selections:
        raise AnsibleBackupError(
            message=f"The restore testing plan {name} has selections, without which AWS would delete it: {', '.join(selections)}."
            " Delete them first (backup_restore_testing_selection), or set delete_selections"
        )
    if check_mode:
        return
    for selection in selections:
        delete_selection(client, name, selection)
    delete_plan(client, name)


def _shown(record: Record) -> Record:
    """A record as modules return it: snake_case keys and ISO 8601 times."""
    shown = boto3_resource_to_ansible_dict(record, transform_tags=False, force_tags=False, ignore_list=KEPT_AS_THEY_ARE)
    return {key: value for key, value in shown.items() if key != "creator_request_id"}
