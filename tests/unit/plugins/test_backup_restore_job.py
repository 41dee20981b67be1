"""The modules backup_restore_job, backup_restore_job_info and backup_restore_validation against the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import remedy
from ansible_collections.proven.aws_backup.plugins.modules import (
    backup_job,
    backup_restore_job,
    backup_restore_job_info,
    backup_restore_validation,
)

MISSING_ID = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"


@pytest.fixture
def restore_args(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> dict[str, Any]:
    """Arguments of backup_restore_job that restore the table orders, with an item, to orders-2."""
    sandbox.let_restore("backup")
    sandbox.client("dynamodb").put_item(TableName="orders", Item={"id": {"S": "canary"}, "text": {"S": "42"}})
    done = run_module(backup_job, {**start_args, "wait": True, "wait_timeout": 60})
    return {
        **sandbox.connection(),
        "backup_vault_name": "nightly",
        "recovery_point_arn": done["backup_job"]["recovery_point_arn"],
        "iam_role_arn": start_args["iam_role_arn"],
        "metadata": {"targetTableName": "orders-2"},
    }


def outcome(sandbox: Any, **more: Any) -> None:
    sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": "*", **more})


def jobs(sandbox: Any) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = sandbox.client("backup").list_restore_jobs()["RestoreJobs"]
    return listed


def test_restore_and_wait(sandbox: Any, run_module: Any, restore_args: dict[str, Any]) -> None:
    result = run_module(backup_restore_job, {**restore_args, "wait": True, "wait_timeout": 60})
    assert (result["changed"], result["restore_job"]["status"], "msg" in result) == (True, "COMPLETED", False)
    assert result["created_resource_arn"] == "arn:aws:dynamodb:us-west-2:123456789012:table/orders-2"
    assert result["restore_metadata"] == {"targetTableName": "orders-2"}
    assert [result["timeline"][-1][key] for key in ("state", "percent_done")] == ["COMPLETED", 100]
    assert result["timed_out"] is False
    [item] = sandbox.client("dynamodb").scan(TableName="orders-2")["Items"]
    assert item == {"id": {"S": "canary"}, "text": {"S": "42"}}


def test_start_without_waiting_then_wait_by_id(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    started = run_module(backup_restore_job, restore_args)
    assert started["changed"] is True
    assert "timeline" not in started
    job_id = started["restore_job"]["restore_job_id"]
    waited = run_module(backup_restore_job, {**sandbox.connection(), "restore_job_id": job_id, "wait": True})
    assert (waited["changed"], waited["restore_job"]["status"]) == (False, "COMPLETED")
    assert waited["created_resource_arn"].endswith(":table/orders-2")
    assert "restore_metadata" not in waited


def test_same_token_is_the_same_job_and_no_change(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    args = {**restore_args, "idempotency_token": "release-42"}
    first, second = run_module(backup_restore_job, args), run_module(backup_restore_job, args)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["restore_job"]["restore_job_id"] == second["restore_job"]["restore_job_id"]
    assert len(jobs(sandbox)) == 1


def test_tags_are_copied_when_told_so(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    dynamodb = sandbox.client("dynamodb")
    dynamodb.tag_resource(ResourceArn="arn:aws:dynamodb:us-west-2:123456789012:table/orders", Tags=[{"Key": "project", "Value": "shop"}])
    backup = {key: restore_args[key] for key in ("backup_vault_name", "iam_role_arn", *sandbox.connection())}
    done = run_module(backup_job, {**backup, "resource_arn": "arn:aws:dynamodb:us-west-2:123456789012:table/orders", "wait": True})
    restore = {**restore_args, "recovery_point_arn": done["backup_job"]["recovery_point_arn"], "wait": True}
    for copied, tags in ((False, []), (True, [{"Key": "project", "Value": "shop"}])):
        made = run_module(backup_restore_job, {**restore, "copy_source_tags": copied, "metadata": {"targetTableName": f"copy-{copied}"}})
        assert dynamodb.list_tags_of_resource(ResourceArn=made["created_resource_arn"])["Tags"] == tags


def test_check_mode_starts_nothing(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    result = run_module(backup_restore_job, {**restore_args, "wait": True}, check=True)
    assert (result["changed"], result["restore_job"]["status"]) == (True, "PENDING")
    assert result["restore_metadata"] == {"targetTableName": "orders-2"}
    assert jobs(sandbox) == []
    missing = run_module(backup_restore_job, {**restore_args, "metadata": {}}, check=True)
    assert missing["msg"].startswith("metadata.targetTableName: missing")


def test_database_without_a_name_of_its_own_is_refused_before_it_starts(
    run_module: Any, sandbox: Any, restore_args: dict[str, Any], start_args: dict[str, Any]
) -> None:
    database = sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t3.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="admin1",
        MasterUserPassword="AKIAIOSFODNN7EXAMPLE",
    )
    arn = database["DBInstance"]["DBInstanceArn"]
    done = run_module(backup_job, {**start_args, "resource_arn": arn, "wait": True, "wait_timeout": 60})
    args = {**restore_args, "recovery_point_arn": done["backup_job"]["recovery_point_arn"], "metadata": {}}
    for check in (True, False):
        assert run_module(backup_restore_job, args, check=check)["msg"].startswith("metadata.DBInstanceIdentifier: missing")
    assert jobs(sandbox) == []
    named = run_module(backup_restore_job, {**args, "metadata": {"DBInstanceIdentifier": "db-2"}, "wait": True, "wait_timeout": 60})
    assert named["created_resource_arn"].endswith(":db:db-2")


def test_failed_restore_tells_why_and_how_to_mend_it(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    result = run_module(backup_restore_job, {**restore_args, "metadata": {"targetTableName": "orders"}, "wait": True})
    job_id, point = result["restore_job"]["restore_job_id"], restore_args["recovery_point_arn"]
    assert (result["failed"], result["changed"], result["restore_job"]["status"]) == (True, True, "FAILED")
    assert result["msg"] == (
        f"The restore job {job_id} of {point} ended FAILED: Table already exists: orders"
        " (give the restored resource a name of its own in metadata)"
    )
    assert result["restore_metadata"] == {"targetTableName": "orders"}
    expected = run_module(
        backup_restore_job, {**sandbox.connection(), "restore_job_id": job_id, "wait": True, "expected_states": ["FAILED"]}
    )
    assert "msg" not in expected


def test_restore_that_never_ends(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    outcome(sandbox, hold=True)
    result = run_module(backup_restore_job, {**restore_args, "wait": True, "wait_timeout": 2})
    job_id = result["restore_job"]["restore_job_id"]
    assert (result["failed"], result["timed_out"], result["timeline"][-1]["state"]) == (True, True, "RUNNING")
    assert result["msg"].startswith(f"The restore job {job_id} is still RUNNING at ")
    assert result["msg"].endswith(f"or wait on with backup_restore_job, both with restore_job_id: {job_id}")


def test_role_that_may_not_restore(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    policy = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
    sandbox.client("iam").detach_role_policy(RoleName="backup", PolicyArn=policy)
    result = run_module(backup_restore_job, {**restore_args, "wait": True})
    assert "is not authorized to perform: dynamodb:RestoreTableFromBackup" in result["msg"]
    assert "attach AWSBackupServiceRolePolicyForRestores to the role" in result["msg"]


def test_rejected_metadata_may_use_up_the_token(run_module: Any, restore_args: dict[str, Any]) -> None:
    args = {**restore_args, "metadata": {"targetTableName": "orders-2", "colour": "red"}}
    result = run_module(backup_restore_job, args)
    assert "Unrecognized key(s): colour" in result["msg"]
    assert "idempotency_token" not in result["msg"]
    result = run_module(backup_restore_job, {**args, "idempotency_token": "release-42"})
    assert "AWS may have used up the idempotency_token: when this is mended, give another one" in result["msg"]
    again = run_module(backup_restore_job, {**restore_args, "idempotency_token": "release-42"})
    assert (again["failed"], "give another one" in again["msg"]) == (True, True)


def test_role_that_cannot_be_assumed(run_module: Any, restore_args: dict[str, Any]) -> None:
    role_arn = "arn:aws:iam::123456789012:role/missing"
    result = run_module(backup_restore_job, {**restore_args, "iam_role_arn": role_arn, "role_propagation_timeout": 1})
    assert "the role must exist and trust backup.amazonaws.com" in result["msg"]


def test_vault_that_denies_restores(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    policy = '{"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}]}'
    sandbox.client("backup").put_backup_vault_access_policy(BackupVaultName="nightly", Policy=policy)
    result = run_module(backup_restore_job, restore_args)
    assert result["msg"].startswith(f"Failed to start a restore job of {restore_args['recovery_point_arn']} with the role")
    assert "check the caller's IAM permissions" in result["msg"]


def test_throttled_calls_are_repeated(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    rule = {"operation": "*", "kind": "throttle", "rate": 0.4}
    sandbox.control("PUT", "/backup/service", {"faults": [rule], "seed": 7})
    result = run_module(backup_restore_job, {**restore_args, "wait": True})
    assert (result["restore_job"]["status"], len(jobs_behind_faults(sandbox))) == ("COMPLETED", 1)


def jobs_behind_faults(sandbox: Any) -> list[dict[str, Any]]:
    sandbox.control("DELETE", "/backup/service")
    return jobs(sandbox)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recovery_point_arn": "arn:aws:ec2:us-west-2::image/ami-1"}, "There is no recovery point arn:aws:ec2:us-west-2::image/ami-1 in"),
        ({"backup_vault_name": "weekly"}, "in the vault weekly: check recovery_point_arn, backup_vault_name and region"),
        ({"recovery_point_arn": "ami-1"}, "recovery_point_arn: 'ami-1' is not an ARN"),
        ({"recovery_point_arn": "arn:aws:ec2:us-east-1::image/ami-1"}, "is in us-east-1, but the Region is us-west-2"),
        ({"iam_role_arn": "backup"}, "iam_role_arn: 'backup' is not the ARN of a role"),
        ({"iam_role_arn": ""}, "iam_role_arn: missing, a restore can't be started without"),
        ({"metadata": {}}, "metadata.targetTableName: missing, a restore of type DynamoDB needs a name that no table"),
        ({"wait_timeout": 0}, "wait_timeout: 0 is less than 1 second"),
        ({"role_propagation_timeout": -1}, "role_propagation_timeout: -1 is less than 0"),
        ({"restore_job_id": MISSING_ID}, "parameters are mutually exclusive"),
    ],
)
def test_impossible_starts(run_module: Any, sandbox: Any, restore_args: dict[str, Any], change: dict[str, Any], message: str) -> None:
    result = run_module(backup_restore_job, {**restore_args, **change})
    assert (result["failed"], message in result["msg"]) == (True, True), result["msg"]
    assert jobs(sandbox) == []


def test_id_of_no_job(sandbox: Any, run_module: Any) -> None:
    missing = {**sandbox.connection(), "restore_job_id": MISSING_ID}
    message = f"There is no restore job {MISSING_ID} in this account and Region: check restore_job_id and region"
    assert run_module(backup_restore_job, missing)["msg"] == message
    assert run_module(backup_restore_validation, {**missing, "validation_status": "FAILED"})["msg"] == message
    assert run_module(backup_restore_job_info, missing)["restore_jobs"] == []


def test_lists(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    done = run_module(backup_restore_job, {**restore_args, "wait": True})["restore_job"]
    failed = run_module(backup_restore_job, {**restore_args, "wait": True, "expected_states": ["FAILED"]})["restore_job"]

    def listed(**filters: str) -> list[str]:
        result = run_module(backup_restore_job_info, {**sandbox.connection(), **filters})
        assert result["changed"] is False
        return [job["restore_job_id"] for job in result["restore_jobs"]]

    both, point = [failed["restore_job_id"], done["restore_job_id"]], restore_args["recovery_point_arn"]
    assert listed() == listed(backup_vault_name="nightly") == listed(recovery_point_arn=point) == both
    assert listed(resource_arn=done["source_resource_arn"]) == listed(resource_type="DynamoDB") == both
    assert listed(status="COMPLETED") == listed(restore_job_id=both[1]) == [both[1]]
    assert listed(completed_before=failed["completion_date"]) == [both[1]]
    assert listed(backup_vault_name="weekly") == listed(recovery_point_arn=f"{point}x") == listed(resource_type="EC2") == []
    assert listed(resource_arn="arn:aws:s3:::other", status="COMPLETED") == []


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"resource_arn": "orders"}, "resource_arn: 'orders' is not an ARN"),
        ({"created_after": "yesterday"}, "created_after: 'yesterday' is not an ISO 8601 time"),
        ({"account_id": "1"}, "account_id: '1' is neither 12 digits nor *"),
        ({"backup_vault_name": "no such.vault"}, "backup_vault_name: 'no such.vault' is not"),
        ({"status": "EXPIRED"}, "value of status must be one of"),
    ],
)
def test_impossible_filters(sandbox: Any, run_module: Any, filters: dict[str, str], message: str) -> None:
    assert message in run_module(backup_restore_job_info, {**sandbox.connection(), **filters})["msg"]


def test_verdict(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    job_id = run_module(backup_restore_job, {**restore_args, "wait": True})["restore_job"]["restore_job_id"]
    args = {**sandbox.connection(), "restore_job_id": job_id, "validation_status": "SUCCESSFUL", "validation_status_message": "1 item"}
    predicted = run_module(backup_restore_validation, args, check=True)
    assert (predicted["changed"], predicted["restore_job"]["validation_status"]) == (True, "SUCCESSFUL")
    assert "ValidationStatus" not in sandbox.client("backup").describe_restore_job(RestoreJobId=job_id)
    first = run_module(backup_restore_validation, args, diff=True)
    assert (first["changed"], first["restore_job"]["validation_status_message"]) == (True, "1 item")
    assert first["diff"] == {"before": {}, "after": {"validation_status": "SUCCESSFUL"}}
    again = run_module(backup_restore_validation, {**args, "validation_status_message": "another"})
    assert (again["changed"], again["restore_job"]["validation_status_message"]) == (False, "1 item")
    other = run_module(backup_restore_validation, {**args, "validation_status": "FAILED"})
    assert other["msg"] == (
        f"The validation result of the restore job {job_id} is SUCCESSFUL (1 item) and can't become FAILED:"
        " AWS never changes one. Restore again to validate again"
    )


def test_verdict_on_a_job_that_is_not_completed(run_module: Any, sandbox: Any, restore_args: dict[str, Any]) -> None:
    outcome(sandbox, hold=True)
    job_id = run_module(backup_restore_job, restore_args)["restore_job"]["restore_job_id"]
    args = {**sandbox.connection(), "restore_job_id": job_id, "validation_status": "SUCCESSFUL"}
    for check in (True, False):
        message = run_module(backup_restore_validation, args, check=check)["msg"]
        assert message.endswith("AWS takes a validation result of a COMPLETED one only")


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        ("You are not authorized to perform this operation.", "attach AWSBackupServiceRolePolicyForRestores"),
        (
            "You are not authorized to perform this operation. User: a is not authorized to perform: iam:PassRole on resource: b",
            "set metadata.IamInstanceProfileName to null",
        ),
        ("AWS Backup does not permit attaching a new instance profile to an EC2 instance.", "set metadata.IamInstanceProfileName to null"),
        ("Security group sg-1 and subnet subnet-1 belong to different networks.", "SubnetId and SecurityGroupIds of one VPC"),
        ("The zone 'us-west-2z' does not exist.", "give a zone of this Region"),
        ("Versioning is not enabled on the destination bucket a.", "enable versioning"),
        ("An internal error occurred.", None),
        (None, None),
    ],
)
def test_remedies(message: str | None, advice: str | None) -> None:
    found = remedy({"StatusMessage": message} if message else {})
    assert found == advice if advice is None or found is None else advice in found


@pytest.mark.parametrize("module", [backup_restore_job, backup_restore_job_info, backup_restore_validation])
def test_documentation_is_well_formed(module: Any) -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)
    assert documented["module"] == Path(module.__file__).stem
    assert yaml.safe_load(module.EXAMPLES)
    assert yaml.safe_load(module.RETURN)
