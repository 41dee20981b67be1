"""Restore testing plans and selections: what the service takes, keeps and refuses."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

PLAN = "nightly_proof"
CHOICE = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}


def plan_document(**changes: Any) -> dict[str, Any]:
    return {"RestoreTestingPlanName": PLAN, "ScheduleExpression": "cron(0 5 ? * * *)", "RecoveryPointSelection": CHOICE, **changes}


def selection_document(world: Any, **changes: Any) -> dict[str, Any]:
    usual = {"RestoreTestingSelectionName": "tables", "ProtectedResourceType": "DynamoDB", "IamRoleArn": world.role_arn}
    return {**usual, "ProtectedResourceArns": [world.table_arn], **changes}


@pytest.fixture
def plan(world: Any) -> dict[str, Any]:
    created: dict[str, Any] = world.backup.create_restore_testing_plan(RestoreTestingPlan=plan_document(), Tags={"Stage": "dev"})
    return created


def test_a_plan_is_kept_with_default_values_and_tags(world: Any, plan: dict[str, Any]) -> None:
    assert plan["ResponseMetadata"]["HTTPStatusCode"] == 201
    kept = world.backup.get_restore_testing_plan(RestoreTestingPlanName=PLAN)["RestoreTestingPlan"]
    assert kept["RestoreTestingPlanArn"] == plan["RestoreTestingPlanArn"]
    assert kept["RestoreTestingPlanArn"].startswith(f"arn:aws:backup:us-west-2:123456789012:restore-testing-plan:{PLAN}-")
    assert (kept["StartWindowHours"], kept["ScheduleExpressionTimezone"]) == (24, "Etc/UTC")
    assert kept["RecoveryPointSelection"] == {**CHOICE, "ExcludeVaults": [], "SelectionWindowDays": 30}
    assert world.backup.list_tags(ResourceArn=plan["RestoreTestingPlanArn"])["Tags"] == {"Stage": "dev"}
    tagged = world.sandbox.client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": "Stage", "Values": ["dev"]}])
    assert [each["ResourceARN"] for each in tagged["ResourceTagMappingList"]] == [plan["RestoreTestingPlanArn"]]
    assert [each["RestoreTestingPlanName"] for each in world.backup.list_restore_testing_plans()["RestoreTestingPlans"]] == [PLAN]


@pytest.mark.usefixtures("plan")
def test_an_update_changes_what_it_names(world: Any) -> None:
    changes = {"ScheduleExpression": "rate(2 days)", "RecoveryPointSelection": {**CHOICE, "SelectionWindowDays": 7}}
    world.backup.update_restore_testing_plan(RestoreTestingPlanName=PLAN, RestoreTestingPlan=changes)
    kept = world.backup.get_restore_testing_plan(RestoreTestingPlanName=PLAN)["RestoreTestingPlan"]
    assert (kept["ScheduleExpression"], kept["StartWindowHours"]) == ("rate(2 days)", 24)
    assert kept["RecoveryPointSelection"]["SelectionWindowDays"] == 7
    assert kept["LastUpdateTime"] >= kept["CreationTime"]


def test_a_name_is_taken_unless_the_request_is_the_same(world: Any) -> None:
    first = world.backup.create_restore_testing_plan(RestoreTestingPlan=plan_document(), CreatorRequestId="one")
    again = world.backup.create_restore_testing_plan(RestoreTestingPlan=plan_document(), CreatorRequestId="one")
    assert again["RestoreTestingPlanArn"] == first["RestoreTestingPlanArn"]
    with pytest.raises(world.backup.exceptions.AlreadyExistsException):
        world.backup.create_restore_testing_plan(RestoreTestingPlan=plan_document(), CreatorRequestId="two")


@pytest.mark.parametrize(
    "changes",
    [
        {"RestoreTestingPlanName": "with-hyphen"},
        {"RestoreTestingPlanName": "n" * 51},
        {"ScheduleExpression": "cron(0 5 * * * *)"},
        {"ScheduleExpression": "cron(0 5 ? * *)"},
        {"ScheduleExpression": "cron(61 5 ? * * *)"},
        {"ScheduleExpression": "rate(0 days)"},
        {"ScheduleExpression": "daily"},
        {"ScheduleExpressionTimezone": "Mars/Olympus"},
        {"StartWindowHours": 169},
        {"RecoveryPointSelection": {**CHOICE, "SelectionWindowDays": 366}},
        {"RecoveryPointSelection": {**CHOICE, "Algorithm": "OLDEST"}},
        {"RecoveryPointSelection": {**CHOICE, "IncludeVaults": ["vault"]}},
        {"RecoveryPointSelection": {**CHOICE, "IncludeVaults": ["*"] * 31}},
        {"RecoveryPointSelection": {**CHOICE, "RecoveryPointTypes": ["TAPE"]}},
    ],
)
def test_what_breaks_the_rules_is_refused(world: Any, code_of: Any, changes: dict[str, Any]) -> None:
    code = code_of(world.backup.create_restore_testing_plan, RestoreTestingPlan=plan_document(**changes))
    assert code == "InvalidParameterValueException"
    assert world.backup.list_restore_testing_plans()["RestoreTestingPlans"] == []


@pytest.mark.usefixtures("plan")
def test_a_selection_is_kept_changed_and_deleted(world: Any, code_of: Any) -> None:
    named = {"RestoreTestingPlanName": PLAN, "RestoreTestingSelectionName": "tables"}
    world.backup.create_restore_testing_selection(
        RestoreTestingPlanName=PLAN, RestoreTestingSelection=selection_document(world, ValidationWindowHours=4)
    )
    kept = world.backup.get_restore_testing_selection(**named)["RestoreTestingSelection"]
    assert (kept["ProtectedResourceArns"], kept["ValidationWindowHours"]) == ([world.table_arn], 4)
    world.backup.update_restore_testing_selection(**named, RestoreTestingSelection={"RestoreMetadataOverrides": {"targetTableName": "t"}})
    kept = world.backup.get_restore_testing_selection(**named)["RestoreTestingSelection"]
    assert (kept["RestoreMetadataOverrides"], kept["ValidationWindowHours"]) == ({"targetTableName": "t"}, 4)
    listed = world.backup.list_restore_testing_selections(RestoreTestingPlanName=PLAN)["RestoreTestingSelections"]
    assert [each["RestoreTestingSelectionName"] for each in listed] == ["tables"]
    assert code_of(world.backup.delete_restore_testing_plan, RestoreTestingPlanName=PLAN) == "InvalidRequestException"
    world.backup.delete_restore_testing_selection(**named)
    assert code_of(world.backup.get_restore_testing_selection, **named) == "ResourceNotFoundException"
    world.backup.delete_restore_testing_plan(RestoreTestingPlanName=PLAN)
    assert code_of(world.backup.get_restore_testing_plan, RestoreTestingPlanName=PLAN) == "ResourceNotFoundException"


@pytest.mark.usefixtures("plan")
@pytest.mark.parametrize(
    "changes",
    [
        {"RestoreTestingSelectionName": "with-hyphen"},
        {"ProtectedResourceType": "Redshift"},
        {"ValidationWindowHours": 169},
        {"ProtectedResourceArns": []},
        {"ProtectedResourceArns": ["orders"]},
        {"ProtectedResourceArns": [f"arn:aws:dynamodb:us-west-2:123456789012:table/t{number}" for number in range(31)]},
        {"ProtectedResourceConditions": {"StringEquals": [{"Key": "Stage", "Value": "dev"}]}},
        {"IamRoleArn": "arn:aws:iam::123456789012:role/nobody"},
    ],
)
def test_a_selection_that_breaks_the_rules_is_refused(world: Any, code_of: Any, changes: dict[str, Any]) -> None:
    document = selection_document(world, **changes)
    code = code_of(world.backup.create_restore_testing_selection, RestoreTestingPlanName=PLAN, RestoreTestingSelection=document)
    assert code == "InvalidParameterValueException"


@pytest.mark.usefixtures("plan")
def test_limits(world: Any, code_of: Any) -> None:
    for number in range(30):
        document = selection_document(world, RestoreTestingSelectionName=f"s{number}")
        world.backup.create_restore_testing_selection(RestoreTestingPlanName=PLAN, RestoreTestingSelection=document)
    document = selection_document(world, RestoreTestingSelectionName="s30")
    code = code_of(world.backup.create_restore_testing_selection, RestoreTestingPlanName=PLAN, RestoreTestingSelection=document)
    assert code == "LimitExceededException"
    for number in range(99):
        world.backup.create_restore_testing_plan(RestoreTestingPlan=plan_document(RestoreTestingPlanName=f"p{number}"))
    code = code_of(world.backup.create_restore_testing_plan, RestoreTestingPlan=plan_document(RestoreTestingPlanName="p99"))
    assert code == "LimitExceededException"


def test_what_is_inferred_for_a_test_restore(world: Any) -> None:
    point = world.finished()["RecoveryPointArn"]
    answer = world.backup.get_restore_testing_inferred_metadata(BackupVaultName="vault", RecoveryPointArn=point)
    inferred = answer["InferredMetadata"]
    assert inferred["deletionProtection"] == "false"
    assert inferred["targetTableName"].startswith("awsbackup-restore-test-")
    with pytest.raises(ClientError, match="does not exist in the vault"):
        world.backup.get_restore_testing_inferred_metadata(BackupVaultName="vault", RecoveryPointArn=point + "x")
