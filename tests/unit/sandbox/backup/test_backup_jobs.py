"""Backup jobs over HTTP: their life, their parameters, their lists, stopping them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

CodeOf = Callable[..., str]


def test_new_job_is_created(world: Any) -> None:
    world.sandbox.settings(time_scale=1)
    job = world.job(world.start())
    assert (job["State"], job["PercentDone"]) == ("CREATED", "0.0")
    assert job["StartBy"] - job["CreationDate"] == timedelta(hours=8)
    assert {"RecoveryPointArn", "InitiationDate", "CompletionDate"}.isdisjoint(job)


def test_percent_moves_while_it_runs(world: Any) -> None:
    world.set_outcome(hold=True)
    world.sandbox.settings(time_scale=60)
    job_id = world.start()
    running = world.wait(job_id, "RUNNING")
    assert running["ExpectedCompletionDate"] >= running["InitiationDate"] >= running["CreationDate"]
    moved = world.wait_for(lambda: world.job(job_id), lambda job: float(job["PercentDone"]) > float(running["PercentDone"]))
    assert float(moved["PercentDone"]) <= 99


def test_job_of_an_instance_completes(world: Any) -> None:
    instance_arn = world.new_instance(Name="web")
    done = world.finished(ResourceArn=instance_arn, StartWindowMinutes=60, CompleteWindowMinutes=120, Lifecycle={"DeleteAfterDays": 1})
    assert (done["State"], done["PercentDone"], done["MessageCategory"]) == ("COMPLETED", "100.0", "SUCCESS")
    assert (done["ResourceType"], done["ResourceArn"], done["ResourceName"]) == ("EC2", instance_arn, "web")
    assert (done["BackupVaultName"], done["BackupVaultArn"], done["AccountId"]) == ("vault", world.vault_arn, "123456789012")
    assert (done["BackupSizeInBytes"], done["IamRoleArn"]) == (8 << 30, world.role_arn)
    assert done["StartBy"] - done["CreationDate"] == timedelta(minutes=60)
    assert done["RecoveryPointLifecycle"] == {"DeleteAfterDays": 1}
    assert done["RecoveryPointArn"].startswith("arn:aws:ec2:us-west-2::image/ami-")
    assert "StatusMessage" not in done


def test_same_token_is_same_job(world: Any) -> None:
    assert world.start(IdempotencyToken="once") == world.start(IdempotencyToken="once")
    assert world.start(IdempotencyToken="once") != world.start(IdempotencyToken="twice")


BAD_PARAMETERS: list[tuple[dict[str, Any], str, str]] = [
    ({"StartWindowMinutes": 59}, "InvalidParameterValueException", "StartWindowMinutes 59"),
    ({"StartWindowMinutes": 52_560_001}, "InvalidParameterValueException", "at most 52560000"),
    ({"StartWindowMinutes": 60, "CompleteWindowMinutes": 60}, "InvalidParameterValueException", "longer than the start window"),
    ({"CompleteWindowMinutes": 0}, "InvalidParameterValueException", "at least 1 minute"),
    ({"Lifecycle": {"DeleteAfterDays": 0}}, "InvalidParameterValueException", "cannot be less than 1 or more than 36500 days"),
    (
        {"Lifecycle": {"DeleteAfterDays": 100, "MoveToColdStorageAfterDays": 20}},
        "InvalidParameterValueException",
        "cannot be less than 90 days apart from MoveToColdStorageAfterDays",
    ),
    ({"Lifecycle": {"DeleteAfterEvent": "DELETE_AFTER_COPY"}}, "InvalidParameterValueException", "DeleteAfterEvent"),
    ({"BackupOptions": {"WindowsVSS": "maybe"}}, "InvalidParameterValueException", "WindowsVSS=maybe"),
    ({"BackupVaultName": "no such vault"}, "InvalidParameterValueException", "no such vault"),
    ({"BackupVaultName": "missing"}, "ResourceNotFoundException", "Backup vault missing does not exist."),
    ({"ResourceArn": "nonsense"}, "InvalidParameterValueException", "Invalid resource ARN: nonsense"),
    (
        {"ResourceArn": "arn:aws:sqs:us-west-2:123456789012:q"},
        "InvalidParameterValueException",
        "Unsupported resource type: arn:aws:sqs",
    ),
    (
        {"ResourceArn": "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"},
        "ResourceNotFoundException",
        "i-0123456789abcdef0",
    ),
    ({"ResourceArn": "arn:aws:ec2:us-east-1:123456789012:instance/i-1"}, "ResourceNotFoundException", "Could not find resource"),
    (
        {"IamRoleArn": "arn:aws:iam::123456789012:role/missing"},
        "InvalidParameterValueException",
        "IAM Role arn:aws:iam::123456789012:role/missing cannot be assumed by AWS Backup",
    ),
]


def test_bad_parameters_are_refused(world: Any) -> None:
    for parameters, code, text in BAD_PARAMETERS:
        with pytest.raises(ClientError) as caught:
            world.start(**parameters)
        answer = caught.value.response
        assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == (code, 400), parameters
        assert text in answer["Error"]["Message"], parameters
    assert world.backup.list_backup_jobs()["BackupJobs"] == []


def test_role_that_trusts_another_service_is_refused(world: Any, code_of: CodeOf) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    }
    role = world.sandbox.client("iam").create_role(RoleName="other", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    assert code_of(world.start, IamRoleArn=role) == "InvalidParameterValueException"


def test_second_job_of_a_resource_expires(world: Any) -> None:
    world.set_outcome(hold=True)
    first = world.start()
    world.wait(first, "RUNNING")
    second = world.finished()
    assert (second["State"], second["StatusMessage"]) == (
        "EXPIRED",
        "Backup job failed because there was a running job for the same resource.",
    )
    assert world.job(first)["State"] == "RUNNING"


def test_jobs_of_two_resources_run_side_by_side(world: Any) -> None:
    jobs = [world.start(ResourceArn=arn) for arn in (world.table_arn, world.new_table("other"))]
    assert [world.wait(job)["State"] for job in jobs] == ["COMPLETED", "COMPLETED"]


@pytest.mark.parametrize(
    ("state", "message"),
    [("FAILED", "Given key ID is not accessible"), ("EXPIRED", None), ("ABORTED", None), ("PARTIAL", None)],
)
def test_outcome_can_be_forced(world: Any, state: str, message: str | None) -> None:
    world.set_outcome(state=state, **({"status_message": message} if message else {}))
    job = world.finished()
    assert job["State"] == state
    assert job["StatusMessage"] if message is None else job["StatusMessage"] == message
    assert [point["Status"] for point in world.points()] == (["PARTIAL"] if state == "PARTIAL" else [])
    world.sandbox.control("DELETE", "/backup/outcomes")
    assert world.finished()["State"] == "COMPLETED"


@pytest.mark.parametrize(
    ("outcome", "category", "message"),
    [
        ({"status_message": "Windows VSS Backup attempt failed", "message_category": "AccessDenied"}, "AccessDenied", "Windows VSS"),
        ({"status_message": "Windows VSS Backup attempt failed"}, "InvalidParameters", "Windows VSS"),
        ({"message_category": "AccessDenied"}, "AccessDenied", "We are unable to copy resource tags"),
    ],
)
def test_completed_with_issues(world: Any, outcome: dict[str, str], category: str, message: str) -> None:
    world.set_outcome(**outcome)
    job = world.finished()
    assert (job["State"], job["MessageCategory"]) == ("COMPLETED", category)
    assert job["StatusMessage"].startswith(message)
    (listed,) = world.backup.list_backup_jobs(ByMessageCategory=category)["BackupJobs"]
    assert listed["StatusMessage"] == job["StatusMessage"]
    (point,) = world.points()
    assert (point["Status"], "StatusMessage" in point) == ("COMPLETED", False)


def test_partial_job_has_a_partial_recovery_point(world: Any) -> None:
    world.set_outcome(state="PARTIAL", message_category="AccessDenied")
    job = world.finished()
    assert (job["State"], job["StatusMessage"], job["MessageCategory"]) == ("PARTIAL", "Backup job completed partially.", "AccessDenied")
    (point,) = world.points()
    assert (point["Status"], point["StatusMessage"]) == ("PARTIAL", job["StatusMessage"])
    assert point["RecoveryPointArn"] == job["RecoveryPointArn"]


@pytest.mark.parametrize("body", [{}, {"resource_arn": "*", "state": "DONE"}, {"resource_arn": "*", "colour": "red"}])
def test_bad_outcome_is_refused(sandbox: Any, body: dict[str, Any]) -> None:
    assert sandbox.request("PUT", "/_sandbox/backup/outcomes", body)[0] == 400


def test_running_job_is_stopped(world: Any, code_of: CodeOf) -> None:
    world.set_outcome(hold=True)
    job_id = world.start()
    world.wait(job_id, "RUNNING")
    assert [point["Status"] for point in world.points()] == ["CREATING"]
    world.sandbox.settings(time_scale=1, job_seconds=60)
    world.backup.stop_backup_job(BackupJobId=job_id)
    assert world.job(job_id)["State"] == "ABORTING"
    aborted = world.wait(job_id)
    assert (aborted["State"], aborted["StatusMessage"]) == ("ABORTED", "Backup job was stopped by user.")
    assert world.points() == []
    assert code_of(world.backup.stop_backup_job, BackupJobId=job_id) == "InvalidRequestException"


def test_created_job_is_stopped(world: Any) -> None:
    world.sandbox.settings(time_scale=1)
    job_id = world.start()
    world.sandbox.settings(time_scale=6000)
    world.backup.stop_backup_job(BackupJobId=job_id)
    assert world.wait(job_id)["State"] == "ABORTED"
    assert "InitiationDate" not in world.job(job_id)


def test_jobs_of_databases_cannot_be_stopped(world: Any, code_of: CodeOf) -> None:
    database = world.sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier="db", DBInstanceClass="db.t3.micro", Engine="postgres", AllocatedStorage=20
    )["DBInstance"]["DBInstanceArn"]
    world.set_outcome(hold=True)
    job_id = world.start(ResourceArn=database)
    assert code_of(world.backup.stop_backup_job, BackupJobId=job_id) == "InvalidRequestException"


def test_unknown_job_is_not_found(world: Any, code_of: CodeOf) -> None:
    for call in (world.backup.describe_backup_job, world.backup.stop_backup_job):
        assert code_of(call, BackupJobId="E16FD778-147E-BBD0-14E9-BC67450BE135") == "ResourceNotFoundException"


def test_job_of_a_terminated_instance_fails(world: Any) -> None:
    instance_arn = world.new_instance()
    world.ec2.terminate_instances(InstanceIds=[instance_arn.split("/")[1]])
    job = world.finished(ResourceArn=instance_arn)
    assert job["State"] == "FAILED"
    assert "Instance is not in state" in job["StatusMessage"]


def test_job_fails_when_its_vault_or_its_resource_goes_away(world: Any) -> None:
    world.backup.create_backup_vault(BackupVaultName="other")
    other_arn = world.new_table("other")
    world.sandbox.settings(time_scale=3.6)
    vaultless, tableless = world.start(), world.start(ResourceArn=other_arn, BackupVaultName="other")
    world.backup.delete_backup_vault(BackupVaultName="vault")
    world.sandbox.client("dynamodb").delete_table(TableName="other")
    ends = [(job["State"], job["StatusMessage"]) for job in (world.wait(vaultless), world.wait(tableless))]
    assert ends == [
        ("FAILED", f"Backup job failed because backup vault {world.vault_arn} does not exist."),
        ("FAILED", "Table not found."),
    ]


def test_job_fails_when_a_locked_vault_forbids_its_retention(world: Any) -> None:
    world.backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=7)
    assert world.finished(Lifecycle={"DeleteAfterDays": 1})["State"] == "FAILED"
    assert world.finished(Lifecycle={"DeleteAfterDays": 7})["State"] == "COMPLETED"


def test_lists_filter(world: Any) -> None:
    done = world.finished()
    world.set_outcome(state="FAILED", message_category="AccessDenied")
    failed = world.finished(ResourceArn=world.new_table("other"))

    def listed(**filters: Any) -> set[str]:
        return {job["BackupJobId"] for job in world.backup.list_backup_jobs(**filters)["BackupJobs"]}

    both, one, other = {done["BackupJobId"], failed["BackupJobId"]}, {done["BackupJobId"]}, {failed["BackupJobId"]}
    later = failed["CompletionDate"] + timedelta(seconds=60)
    assert listed() == listed(ByBackupVaultName="vault") == listed(ByResourceType="DynamoDB") == listed(ByAccountId="*") == both
    assert listed(ByState="COMPLETED") == listed(ByResourceArn=world.table_arn) == listed(ByMessageCategory="SUCCESS") == one
    assert listed(ByState="FAILED") == listed(ByMessageCategory="AccessDenied") == other
    assert listed(ByBackupVaultName="Vault") == listed(ByResourceType="EBS") == listed(ByParentJobId="x") == set()
    assert listed(ByCreatedBefore=later) == listed(ByCompleteBefore=later) == both
    assert listed(ByCreatedAfter=later) == listed(ByCompleteAfter=later) == set()
    assert listed(ByCreatedAfter=done["CreationDate"]) == other


def test_lists_refuse_unknown_states(world: Any, code_of: CodeOf) -> None:
    assert code_of(world.backup.list_backup_jobs, ByState="DONE") == "InvalidParameterValueException"


def test_lists_page_newest_first(world: Any) -> None:
    ids = [world.start() for _ in range(5)]
    pages = list(world.backup.get_paginator("list_backup_jobs").paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page["BackupJobs"]) for page in pages] == [2, 2, 1]
    assert [job["BackupJobId"] for page in pages for job in page["BackupJobs"]] == ids[::-1]
