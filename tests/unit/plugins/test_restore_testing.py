"""The modules of restore testing plans and selections against a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import (
    backup_restore_testing_plan,
    backup_restore_testing_plan_info,
    backup_restore_testing_selection,
    backup_restore_testing_selection_info,
)

PLAN, SELECTION = "weekly_proof", "tables"
VAULT = "arn:aws:backup:us-west-2:123456789012:backup-vault:nightly"
WANTED = {"schedule_expression": "cron(0 3 ? * SUN *)", "tags": {"Stage": "dev"}}

Ensure = Callable[..., dict[str, Any]]


@pytest.fixture
def ensure_plan(sandbox: Any, run_module: Any) -> Ensure:
    """Run the module for the plan."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        args = {**sandbox.connection(), "restore_testing_plan_name": PLAN, **options}
        return run_module(backup_restore_testing_plan, args, check=check, diff=True)

    return run


@pytest.fixture
def ensure_selection(sandbox: Any, run_module: Any, role_arn: str, table_arn: str) -> Ensure:
    """Run the module for the selection."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        wanted = {"protected_resource_type": "DynamoDB", "iam_role_arn": role_arn, "protected_resource_arns": [table_arn]}
        names = {"restore_testing_plan_name": PLAN, "restore_testing_selection_name": SELECTION}
        args = {**sandbox.connection(), **names, **({} if options.get("state") == "absent" else wanted), **options}
        return run_module(backup_restore_testing_selection, args, check=check, diff=True)

    return run


def plans(sandbox: Any) -> list[str]:
    return [plan["RestoreTestingPlanName"] for plan in sandbox.client("backup").list_restore_testing_plans()["RestoreTestingPlans"]]


def selections(sandbox: Any) -> list[str]:
    listed = sandbox.client("backup").list_restore_testing_selections(RestoreTestingPlanName=PLAN)
    return [selection["RestoreTestingSelectionName"] for selection in listed["RestoreTestingSelections"]]


def test_a_plan_is_created_once(sandbox: Any, ensure_plan: Ensure) -> None:
    predicted = ensure_plan(check=True, **WANTED)
    assert (predicted["changed"], plans(sandbox)) == (True, [])
    result = ensure_plan(**WANTED)
    plan = result["restore_testing_plan"]
    assert (result["changed"], result["diff"]["before"]) == (True, {})
    assert plan.pop("creation_time")
    assert plan.pop("restore_testing_plan_arn").startswith("arn:aws:backup:us-west-2:123456789012:restore-testing-plan:weekly_proof")
    assert predicted["restore_testing_plan"] == {**plan, "restore_testing_plan_arn": ""}
    assert plan["recovery_point_selection"] == {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "include_vaults": ["*"],
        "exclude_vaults": [],
        "recovery_point_types": ["CONTINUOUS", "SNAPSHOT"],
        "selection_window_days": 30,
    }
    assert not ensure_plan(**WANTED)["changed"]
    assert not ensure_plan(check=True, **WANTED)["changed"]


@pytest.mark.parametrize(
    ("change", "key", "expected"),
    [
        ({"schedule_expression": "rate(1 day)"}, "schedule_expression", "rate(1 day)"),
        ({"start_window_hours": 1}, "start_window_hours", 1),
        ({"tags": {"Stage": "prod"}}, "tags", {"Stage": "prod"}),
        ({"tags": {"Team": "db"}, "purge_tags": False}, "tags", {"Stage": "dev", "Team": "db"}),
    ],
    ids=["schedule", "window", "tags", "more tags"],
)
def test_a_plan_is_changed_where_it_differs(ensure_plan: Ensure, change: dict[str, Any], key: str, expected: Any) -> None:
    before = ensure_plan(**WANTED)["restore_testing_plan"]
    assert ensure_plan(check=True, **{**WANTED, **change})["restore_testing_plan"] == {**before, key: expected}
    result = ensure_plan(**{**WANTED, **change})
    updated = result["restore_testing_plan"]
    updated.pop("last_update_time", None)
    assert (result["changed"], updated) == (True, {**before, key: expected})
    assert not ensure_plan(**{**WANTED, **change})["changed"]


def test_the_way_of_choosing_is_changed_and_its_order_is_no_change(sandbox: Any, ensure_plan: Ensure) -> None:
    ensure_plan(**WANTED)
    chosen = {"include_vaults": [VAULT, f"{VAULT}2"], "recovery_point_types": ["SNAPSHOT"], "algorithm": "RANDOM_WITHIN_WINDOW"}
    assert ensure_plan(**WANTED, recovery_point_selection=chosen)["changed"]
    kept = sandbox.client("backup").get_restore_testing_plan(RestoreTestingPlanName=PLAN)["RestoreTestingPlan"]
    assert kept["RecoveryPointSelection"]["IncludeVaults"] == [VAULT, f"{VAULT}2"]
    chosen["include_vaults"] = [f"{VAULT}2", VAULT]
    assert not ensure_plan(**WANTED, recovery_point_selection=chosen)["changed"]


def test_without_tags_they_stay(ensure_plan: Ensure) -> None:
    ensure_plan(**WANTED)
    result = ensure_plan(schedule_expression=WANTED["schedule_expression"])
    assert (result["changed"], result["restore_testing_plan"]["tags"]) == (False, {"Stage": "dev"})


def test_a_plan_with_selections_is_deleted_only_on_demand(sandbox: Any, ensure_plan: Ensure, ensure_selection: Ensure) -> None:
    ensure_plan(**WANTED)
    ensure_selection()
    for check in (True, False):
        refused = ensure_plan(check=check, state="absent")
        assert refused["failed"]
        assert "has selections, without which AWS would delete it: tables. Delete them first" in refused["msg"]
    assert ensure_plan(check=True, state="absent", delete_selections=True)["changed"]
    assert (plans(sandbox), selections(sandbox)) == ([PLAN], [SELECTION])
    result = ensure_plan(state="absent", delete_selections=True)
    assert (result["changed"], result["restore_testing_plan"], result["diff"]["after"], plans(sandbox)) == (True, None, {}, [])
    assert not ensure_plan(state="absent")["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"restore_testing_plan_name": "with-hyphen"}, "restore_testing_plan_name: 'with-hyphen' is not 1 to 50 letters"),
        ({"start_window_hours": 169}, "start_window_hours: 169 is not between 1 and 168"),
        ({"recovery_point_selection": {"selection_window_days": 0}}, "selection_window_days: 0 is not between 1 and 365"),
        ({"recovery_point_selection": {"include_vaults": []}}, "include_vaults is empty: name at least one vault"),
        ({"recovery_point_selection": {"include_vaults": ["nightly"]}}, "'nightly' is not an ARN"),
        ({"recovery_point_selection": {"exclude_vaults": [VAULT] * 30}}, "31 are given, AWS takes 30"),
        ({"schedule_expression": "daily"}, "Failed to create the restore testing plan weekly_proof: "),
    ],
)
def test_what_cannot_be_a_plan(sandbox: Any, ensure_plan: Ensure, options: dict[str, Any], message: str) -> None:
    result = ensure_plan(**{**WANTED, **options})
    assert (result["failed"], message in result["msg"], plans(sandbox)) == (True, True, [])


def test_a_selection_comes_changes_and_goes(sandbox: Any, ensure_plan: Ensure, ensure_selection: Ensure, table_arn: str) -> None:
    ensure_plan(**WANTED)
    wanted = {"validation_window_hours": 1, "restore_metadata_overrides": {"targetTableName": "proof"}}
    predicted = ensure_selection(check=True, **wanted)
    assert (predicted["changed"], selections(sandbox)) == (True, [])
    result = ensure_selection(**wanted)
    created = result["restore_testing_selection"]
    assert created.pop("creation_time")
    assert (result["changed"], predicted["restore_testing_selection"]) == (True, created)
    assert (created["protected_resource_arns"], created["restore_metadata_overrides"]) == ([table_arn], {"targetTableName": "proof"})
    assert not ensure_selection(**wanted)["changed"]
    change = {
        "protected_resource_arns": ["*"],
        "protected_resource_conditions": {"string_equals": [{"key": "aws:ResourceTag/Stage", "value": "dev"}]},
    }
    changed = ensure_selection(**change)
    assert changed["changed"]
    assert changed["restore_testing_selection"]["restore_metadata_overrides"] == {}
    assert not ensure_selection(**change)["changed"]
    kept = sandbox.client("backup").get_restore_testing_selection(RestoreTestingPlanName=PLAN, RestoreTestingSelectionName=SELECTION)
    assert not ensure_selection(**{**change, "protected_resource_arns": []})["changed"]
    conditions = kept["RestoreTestingSelection"]["ProtectedResourceConditions"]
    assert conditions["StringEquals"] == [{"Key": "aws:ResourceTag/Stage", "Value": "dev"}]
    assert ensure_selection(check=True, state="absent")["changed"]
    assert selections(sandbox) == [SELECTION]
    gone = ensure_selection(state="absent")
    assert (gone["changed"], gone["restore_testing_selection"], selections(sandbox)) == (True, None, [])
    assert not ensure_selection(state="absent")["changed"]


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("t3.small", "t3.small"),
        (True, "true"),
        (5, "5"),
        (["sg-1"], '["sg-1"]'),
        ({"Enabled": False}, '{"Enabled":false}'),
        (None, None),
    ],
)
def test_metadata_as_aws_reads_it(sandbox: Any, ensure_plan: Ensure, ensure_selection: Ensure, value: Any, sent: str | None) -> None:
    ensure_plan(**WANTED)
    wanted = {"restore_metadata_overrides": {"targetTableName": "proof", "more": value}}
    assert ensure_selection(**wanted)["changed"]
    kept = sandbox.client("backup").get_restore_testing_selection(RestoreTestingPlanName=PLAN, RestoreTestingSelectionName=SELECTION)
    overrides = kept["RestoreTestingSelection"]["RestoreMetadataOverrides"]
    assert overrides == {"targetTableName": "proof"} | ({"more": sent} if sent is not None else {})
    assert not ensure_selection(**wanted)["changed"]


def test_a_selection_needs_its_plan(ensure_selection: Ensure) -> None:
    predicted = ensure_selection(check=True)
    assert predicted["changed"]
    assert "weekly_proof does not exist in us-west-2 yet: it has to be created first" in str(predicted["warnings"])
    assert "weekly_proof does not exist in us-west-2: create it first" in ensure_selection()["msg"]
    assert not ensure_selection(state="absent")["changed"]


def test_a_selection_keeps_its_type(ensure_plan: Ensure, ensure_selection: Ensure) -> None:
    ensure_plan(**WANTED)
    ensure_selection()
    refused = ensure_selection(protected_resource_type="EC2")
    assert "is for DynamoDB, and AWS does not change that: delete it (state=absent) first" in refused["msg"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"restore_testing_selection_name": "a b"}, "restore_testing_selection_name: 'a b' is not 1 to 50 letters"),
        ({"iam_role_arn": "backup"}, "iam_role_arn: 'backup' is not the ARN of a role"),
        ({"validation_window_hours": 169}, "validation_window_hours: 169 is not between 0 and 168"),
        ({"protected_resource_arns": []}, "Give protected_resource_arns (* for all)"),
        ({"protected_resource_arns": ["*", VAULT]}, "give either * or ARNs"),
        ({"protected_resource_arns": ["orders"]}, "'orders' is not an ARN"),
        ({"protected_resource_arns": [VAULT.replace("us-west-2", "us-east-1")]}, "is in us-east-1, but the Region is us-west-2"),
        (
            {"protected_resource_conditions": {"string_not_equals": [{"key": "Stage", "value": "dev"}]}},
            "the key 'Stage' does not start with aws:ResourceTag/",
        ),
        ({"iam_role_arn": "arn:aws:iam::123456789012:role/nobody"}, "the role must exist and trust backup.amazonaws.com"),
    ],
)
def test_what_cannot_be_a_selection(ensure_plan: Ensure, ensure_selection: Ensure, options: dict[str, Any], message: str) -> None:
    ensure_plan(**WANTED)
    result = ensure_selection(**options)
    assert (result["failed"], message in result["msg"]) == (True, True), result["msg"]


def test_what_there_is(sandbox: Any, run_module: Any, ensure_plan: Ensure, ensure_selection: Ensure) -> None:
    connection = sandbox.connection()
    selection_args = {**connection, "restore_testing_plan_name": PLAN}
    assert run_module(backup_restore_testing_plan_info, connection)["restore_testing_plans"] == []
    assert run_module(backup_restore_testing_selection_info, selection_args)["restore_testing_selections"] == []
    plan = ensure_plan(**WANTED)["restore_testing_plan"]
    selection = ensure_selection()["restore_testing_selection"]
    for args in (connection, {**connection, "restore_testing_plan_name": PLAN}):
        (found,) = run_module(backup_restore_testing_plan_info, args)["restore_testing_plans"]
        assert found == {**plan, "restore_testing_selection_names": [SELECTION]}
    for args in (selection_args, {**selection_args, "restore_testing_selection_name": SELECTION}):
        assert run_module(backup_restore_testing_selection_info, args)["restore_testing_selections"] == [selection]
    unknown = {**selection_args, "restore_testing_selection_name": "other"}
    assert run_module(backup_restore_testing_selection_info, unknown)["restore_testing_selections"] == []
    assert run_module(backup_restore_testing_plan_info, {**connection, "restore_testing_plan_name": "other"})["restore_testing_plans"] == []
    assert "is not 1 to 50 letters" in run_module(backup_restore_testing_plan_info, {**connection, "restore_testing_plan_name": "-"})["msg"]
