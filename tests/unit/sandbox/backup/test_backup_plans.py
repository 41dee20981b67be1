"""Plans, selections, report plans and the Region's settings over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

CodeOf = Callable[..., str]


def plan_document(**rule: Any) -> dict[str, Any]:
    """A plan with one rule."""
    return {"BackupPlanName": "plan", "Rules": [{"RuleName": "hourly", "TargetBackupVaultName": "vault", **rule}]}


@pytest.fixture
def backup(sandbox: Any) -> Any:
    """A client of AWS Backup with one vault, named vault."""
    client = sandbox.client("backup")
    client.create_backup_vault(BackupVaultName="vault")
    return client


def test_plan_is_completed_with_defaults(backup: Any) -> None:
    created = backup.create_backup_plan(BackupPlan=plan_document(), BackupPlanTags={"a": "b"}, CreatorRequestId="me")
    read = backup.get_backup_plan(BackupPlanId=created["BackupPlanId"])
    rule = read["BackupPlan"]["Rules"][0]
    assert len(rule.pop("RuleId")) == 36
    assert rule == {
        "RuleName": "hourly",
        "TargetBackupVaultName": "vault",
        "ScheduleExpression": "cron(0 5 ? * * *)",
        "ScheduleExpressionTimezone": "Etc/UTC",
        "StartWindowMinutes": 480,
        "CompletionWindowMinutes": 10080,
        "EnableContinuousBackup": False,
    }
    assert (read["VersionId"], read["CreatorRequestId"]) == (created["VersionId"], "me")
    assert backup.list_tags(ResourceArn=created["BackupPlanArn"])["Tags"] == {"a": "b"}


def test_update_adds_a_version(backup: Any, code_of: CodeOf) -> None:
    first = backup.create_backup_plan(BackupPlan=plan_document())
    plan_id = first["BackupPlanId"]
    before = backup.get_backup_plan(BackupPlanId=plan_id)
    second = backup.update_backup_plan(BackupPlanId=plan_id, BackupPlan=plan_document(StartWindowMinutes=60))
    after = backup.get_backup_plan(BackupPlanId=plan_id)
    assert second["VersionId"] == after["VersionId"] != first["VersionId"]
    assert after["BackupPlan"]["Rules"][0]["StartWindowMinutes"] == 60
    assert after["BackupPlan"]["Rules"][0]["RuleId"] == before["BackupPlan"]["Rules"][0]["RuleId"]
    assert backup.get_backup_plan(BackupPlanId=plan_id, VersionId=first["VersionId"])["BackupPlan"] == before["BackupPlan"]
    versions = backup.list_backup_plan_versions(BackupPlanId=plan_id)["BackupPlanVersionsList"]
    assert {version["VersionId"] for version in versions} == {first["VersionId"], second["VersionId"]}
    assert code_of(backup.get_backup_plan, BackupPlanId=plan_id, VersionId="none") == "ResourceNotFoundException"


def test_same_plan_is_not_created_twice(backup: Any, code_of: CodeOf) -> None:
    first = backup.create_backup_plan(BackupPlan=plan_document(), CreatorRequestId="me")
    assert backup.create_backup_plan(BackupPlan=plan_document(), CreatorRequestId="me")["BackupPlanId"] == first["BackupPlanId"]
    assert code_of(backup.create_backup_plan, BackupPlan=plan_document()) == "AlreadyExistsException"


def test_deleted_plan_is_gone_from_lists(backup: Any, code_of: CodeOf) -> None:
    plan_id = backup.create_backup_plan(BackupPlan=plan_document())["BackupPlanId"]
    assert "DeletionDate" in backup.delete_backup_plan(BackupPlanId=plan_id)
    assert backup.list_backup_plans()["BackupPlansList"] == []
    assert [plan["BackupPlanId"] for plan in backup.list_backup_plans(IncludeDeleted=True)["BackupPlansList"]] == [plan_id]
    for call in (backup.get_backup_plan, backup.delete_backup_plan):
        assert code_of(call, BackupPlanId=plan_id) == "ResourceNotFoundException"
    backup.create_backup_plan(BackupPlan=plan_document())


def test_plans_page(backup: Any) -> None:
    made = [backup.create_backup_plan(BackupPlan=plan_document(StartWindowMinutes=60 + n))["BackupPlanId"] for n in range(3)]
    pages = list(backup.get_paginator("list_backup_plans").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["BackupPlansList"]) for page in pages] == [2, 1]
    assert {plan["BackupPlanId"] for page in pages for plan in page["BackupPlansList"]} == set(made)


BAD_RULES: list[tuple[dict[str, Any], str]] = [
    ({"TargetBackupVaultName": "missing"}, "Error in rule hourly : Backup vault missing does not exist."),
    ({"ScheduleExpression": "hourly"}, "Error in rule hourly : Invalid schedule expression hourly"),
    ({"StartWindowMinutes": 59}, "StartWindowMinutes 59"),
    ({"StartWindowMinutes": 60, "CompletionWindowMinutes": 60}, "longer than the start window"),
    ({"Lifecycle": {"DeleteAfterDays": 36501}}, "Invalid lifecycle. DeleteAfterDays cannot be less than 1 or more than 36500 days"),
    ({"Lifecycle": {"DeleteAfterDays": 91, "MoveToColdStorageAfterDays": 2}}, "90 days apart"),
    ({"RuleName": "no spaces"}, "Invalid rule name no spaces"),
]


def test_bad_rules_are_refused(backup: Any) -> None:
    for rule, text in BAD_RULES:
        with pytest.raises(ClientError) as caught:
            backup.create_backup_plan(BackupPlan=plan_document(**rule))
        assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException", rule
        assert text in caught.value.response["Error"]["Message"], rule
    assert backup.list_backup_plans()["BackupPlansList"] == []


def test_cold_storage_excludes_continuous_backup(backup: Any) -> None:
    with pytest.raises(ClientError) as caught:
        backup.create_backup_plan(BackupPlan=plan_document(EnableContinuousBackup=True, Lifecycle={"MoveToColdStorageAfterDays": 1}))
    assert caught.value.response["Code"] == "ERROR_3015"


def test_selection_holds_its_plan(world: Any, code_of: CodeOf) -> None:
    backup = world.backup
    plan_id = backup.create_backup_plan(BackupPlan=plan_document())["BackupPlanId"]
    document = {"SelectionName": "selection", "IamRoleArn": world.role_arn, "Resources": [world.table_arn]}
    selection_id = backup.create_backup_selection(BackupPlanId=plan_id, BackupSelection=document)["SelectionId"]
    read = backup.get_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)["BackupSelection"]
    nothing = {"StringEquals": [], "StringNotEquals": [], "StringLike": [], "StringNotLike": []}
    assert read == {**document, "ListOfTags": [], "NotResources": [], "Conditions": nothing}
    listed = backup.list_backup_selections(BackupPlanId=plan_id)["BackupSelectionsList"]
    assert [(known["SelectionId"], known["SelectionName"]) for known in listed] == [(selection_id, "selection")]
    assert code_of(backup.create_backup_selection, BackupPlanId=plan_id, BackupSelection=document) == "AlreadyExistsException"
    with pytest.raises(ClientError) as caught:
        backup.delete_backup_plan(BackupPlanId=plan_id)
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"
    assert "selections must be deleted prior to backup plan deletion" in caught.value.response["Error"]["Message"]
    backup.delete_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)
    assert code_of(backup.get_backup_selection, BackupPlanId=plan_id, SelectionId=selection_id) == "ResourceNotFoundException"
    backup.delete_backup_plan(BackupPlanId=plan_id)


def test_bad_selections_are_refused(world: Any) -> None:
    plan_id = world.backup.create_backup_plan(BackupPlan=plan_document())["BackupPlanId"]
    good = {"SelectionName": "s", "IamRoleArn": world.role_arn, "Resources": ["*"]}
    condition = {"ConditionType": "STRINGLIKE", "ConditionKey": "k", "ConditionValue": "v"}
    for change, text in [
        ({"Resources": []}, "Either 'ListOfTags' or 'Resources' section must be non-empty."),
        ({"Resources": ["instance"]}, "Invalid resource ARN: instance"),
        ({"SelectionName": "no spaces"}, "Invalid selection name"),
        ({"IamRoleArn": "arn:aws:iam::123456789012:role/no"}, "IAM Role arn:aws:iam::123456789012:role/no cannot be assumed by AWS Backup"),
        ({"ListOfTags": [condition]}, "Invalid value STRINGLIKE"),
    ]:
        with pytest.raises(ClientError) as caught:
            world.backup.create_backup_selection(BackupPlanId=plan_id, BackupSelection={**good, **change})
        assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException", change
        assert text in caught.value.response["Error"]["Message"], change


def test_report_plans_live(backup: Any, code_of: CodeOf) -> None:
    given = {"ReportDeliveryChannel": {"S3BucketName": "b"}, "ReportSetting": {"ReportTemplate": "BACKUP_JOB_REPORT"}}
    arn = backup.create_report_plan(ReportPlanName="report", **given, ReportPlanTags={"a": "b"})["ReportPlanArn"]
    assert code_of(backup.create_report_plan, ReportPlanName="report", **given) == "AlreadyExistsException"
    described = backup.describe_report_plan(ReportPlanName="report")["ReportPlan"]
    assert (described["ReportPlanArn"], described["ReportSetting"]) == (arn, given["ReportSetting"])
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "b"}
    assert [plan["ReportPlanName"] for plan in backup.list_report_plans()["ReportPlans"]] == ["report"]
    backup.delete_report_plan(ReportPlanName="report")
    assert code_of(backup.describe_report_plan, ReportPlanName="report") == "ResourceNotFoundException"
