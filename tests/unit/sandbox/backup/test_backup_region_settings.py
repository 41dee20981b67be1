"""The Region's settings over HTTP: which types are backed up, and which of them AWS Backup fully manages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

CodeOf = Callable[..., str]

MANAGED_POINT = r"arn:aws:backup:us-west-2:123456789012:recovery-point:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
START_ADVANCED = "dynamodb:StartAwsBackupJob"


@pytest.fixture
def backup(sandbox: Any) -> Any:
    """A client of AWS Backup in an empty sandbox."""
    return sandbox.client("backup")


@pytest.fixture
def advanced(world: Any) -> Any:
    """The world, with AWS Backup's advanced features for DynamoDB."""
    world.backup.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True})
    return world


def started(world: Any, **parameters: Any) -> dict[str, Any]:
    """What StartBackupJob answers."""
    given = {"BackupVaultName": "vault", "ResourceArn": world.table_arn, "IamRoleArn": world.role_arn, **parameters}
    answer: dict[str, Any] = world.backup.start_backup_job(**given)
    return answer


def test_settings_change_one_by_one_until_a_reset(backup: Any, sandbox: Any) -> None:
    fresh = backup.describe_region_settings()
    assert fresh["ResourceTypeManagementPreference"] == {"DynamoDB": False, "EFS": True}
    assert set(fresh["ResourceTypeOptInPreference"].values()) == {True}
    backup.update_region_settings(ResourceTypeOptInPreference={"EC2": False})
    backup.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True, "EFS": True})
    changed = backup.describe_region_settings()
    assert changed["ResourceTypeManagementPreference"] == {"DynamoDB": True, "EFS": True}
    assert changed["ResourceTypeOptInPreference"] == {**fresh["ResourceTypeOptInPreference"], "EC2": False}
    sandbox.control("POST", "/reset")
    assert backup.describe_region_settings()["ResourceTypeOptInPreference"] == fresh["ResourceTypeOptInPreference"]


@pytest.mark.parametrize(
    "preferences",
    [
        {"ResourceTypeOptInPreference": {"Abacus": True}},
        {"ResourceTypeOptInPreference": {"EC2": False, "FSx": True}},
        {"ResourceTypeManagementPreference": {"EC2": True}},
        {"ResourceTypeManagementPreference": {"DynamoDB": True, "EFS": False}},
    ],
)
def test_bad_settings_are_refused_and_change_nothing(backup: Any, code_of: CodeOf, preferences: dict[str, dict[str, bool]]) -> None:
    before = backup.describe_region_settings()
    assert code_of(backup.update_region_settings, **preferences) == "InvalidParameterValueException"
    after = backup.describe_region_settings()
    assert {name: after[name] for name in before if name != "ResponseMetadata"} == {
        name: before[name] for name in before if name != "ResponseMetadata"
    }


def test_advanced_dynamodb_answers_its_recovery_point_at_once(advanced: Any) -> None:
    answer = started(advanced)
    assert re.fullmatch(MANAGED_POINT, answer["RecoveryPointArn"])
    assert advanced.job(answer["BackupJobId"])["RecoveryPointArn"] == answer["RecoveryPointArn"]
    assert advanced.wait(answer["BackupJobId"])["State"] == "COMPLETED"
    assert [point["RecoveryPointArn"] for point in advanced.points()] == [answer["RecoveryPointArn"]]


def test_advanced_dynamodb_takes_the_vaults_key(advanced: Any) -> None:
    job = advanced.finished()
    vault = advanced.backup.describe_backup_vault(BackupVaultName="vault")
    assert (job["IsEncrypted"], job["EncryptionKeyArn"]) == (True, vault["EncryptionKeyArn"])


def test_management_is_that_of_the_jobs_start(advanced: Any) -> None:
    advanced.set_outcome(hold=True)
    job_id = started(advanced)["BackupJobId"]
    advanced.backup.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": False})
    assert re.fullmatch(MANAGED_POINT, advanced.job(job_id)["RecoveryPointArn"])
    classic = started(advanced, ResourceArn=advanced.new_table("classic"))
    assert "RecoveryPointArn" not in classic
    assert "RecoveryPointArn" not in advanced.job(classic["BackupJobId"])


@pytest.mark.parametrize("managed", [True, False])
def test_role_must_be_allowed_what_the_kind_of_backup_takes(world: Any, managed: bool) -> None:
    deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": START_ADVANCED, "Resource": "*"}]}
    world.sandbox.client("iam").put_role_policy(RoleName="service", PolicyName="deny", PolicyDocument=json.dumps(deny))
    world.backup.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": managed})
    job = world.finished()
    assert (job["State"], START_ADVANCED in job.get("StatusMessage", "")) == ("FAILED" if managed else "COMPLETED", managed)


def test_job_of_a_type_that_is_not_opted_in_is_refused(world: Any) -> None:
    world.backup.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": False})
    with pytest.raises(ClientError) as caught:
        world.start()
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("InvalidRequestException", 400)
    assert "DynamoDB" in answer["Error"]["Message"]
    assert world.backup.list_backup_jobs()["BackupJobs"] == []
    world.backup.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": True})
    assert world.finished()["State"] == "COMPLETED"


def test_opting_out_concerns_its_type_and_region_alone(world: Any) -> None:
    world.backup.update_region_settings(ResourceTypeOptInPreference={"EC2": False})
    world.sandbox.client("backup", "eu-west-1").update_region_settings(ResourceTypeOptInPreference={"DynamoDB": False})
    assert world.finished()["State"] == "COMPLETED"
