# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selections of restore testing plans: what AWS would refuse, what is wanted, and how it is written."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.dict_transformations import snake_dict_to_camel_dict
from ansible_collections.proven.aws_backup.plugins.module_utils import restore_testing as api
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_metadata import as_text
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, check_region, check_role_arn, require

CHANGEABLE = (
    "iam_role_arn",
    "protected_resource_arns",
    "protected_resource_conditions",
    "restore_metadata_overrides",
    "validation_window_hours",
)
CONDITION_KEY = "aws:ResourceTag/"


def check_options(params: dict[str, Any], region: str) -> None:
    """Raise AnsibleBackupError for what AWS would refuse."""
    for option in ("restore_testing_plan_name", "restore_testing_selection_name"):
        api.check_name(option, params[option])
    if params["state"] == "absent":
        return
    check_role_arn(params["iam_role_arn"])
    api.check_number("validation_window_hours", params["validation_window_hours"], 0, 168)
    arns = params["protected_resource_arns"]
    conditions = [each for kind in params["protected_resource_conditions"].values() for each in kind]
    require(arns or conditions, "Give protected_resource_arns (* for all), protected_resource_conditions or both")
    require("*" not in arns or len(set(arns)) == 1, "protected_resource_arns: give either * or ARNs")
    api.check_most("protected_resource_arns", arns, 30)
    api.check_most("protected_resource_conditions", conditions, 30)
    for arn in set(arns) - {"*"}:
        check_arn("protected_resource_arns", arn)
        check_region("protected_resource_arns", arn, region)
    for condition in conditions:
        require(
            condition["key"].startswith(CONDITION_KEY),
            f"protected_resource_conditions: the key {condition['key']!r} does not start with {CONDITION_KEY}",
        )


def to_wanted(params: dict[str, Any], before: api.Record | None) -> api.Record | None:
    """The selection as it shall be, with what AWS alone decides as it is; None for no selection."""
    if params["state"] == "absent":
        return None
    conditions = params["protected_resource_conditions"]
    return {
        **(before or {}),
        **{name: params[name] for name in ("restore_testing_plan_name", "restore_testing_selection_name", "protected_resource_type")},
        **{name: params[name] for name in CHANGEABLE},
        # AWS takes conditions for * ("if you have included the wildcard in ProtectedResourceArns", says its API reference).
        "protected_resource_arns": sorted(set(params["protected_resource_arns"] or ["*"])),
        "protected_resource_conditions": {kind: api.sorted_conditions(conditions[kind]) for kind in conditions},
        "restore_metadata_overrides": _metadata(params["restore_metadata_overrides"]),
    }


def _metadata(overrides: dict[str, Any]) -> dict[str, str]:
    """Overrides as AWS takes them: it knows no nulls, so that a null says nothing."""
    return {key: as_text(value) for key, value in overrides.items() if value is not None}


def _has_conditions(selection: api.Record | None) -> bool:
    return selection is not None and any(selection["protected_resource_conditions"].values())


def write(client: Any, before: api.Record | None, after: api.Record) -> None:
    """Bring the selection from how it is to how it is wanted.

    Raises:
        AnsibleBackupError: AWS refused it.
    """
    plan_name, name = after["restore_testing_plan_name"], after["restore_testing_selection_name"]
    kept = {"RestoreMetadataOverrides": after["restore_metadata_overrides"]}
    members = [member for member in CHANGEABLE if member != "restore_metadata_overrides"]
    if not _has_conditions(after) and not _has_conditions(before):
        members.remove("protected_resource_conditions")
    document = {**snake_dict_to_camel_dict({member: after[member] for member in members}, capitalize_first=True), **kept}
    if before is None:
        api.create_selection(client, plan_name, name, {"ProtectedResourceType": after["protected_resource_type"], **document})
    else:
        api.update_selection(client, plan_name, name, document)
