"""Restore jobs over HTTP: their start, their life, their lists, their validation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from .listening import bus_mailbox, details, topic_mailbox
from .restore_world import RestoreWorld

CodeOf = Callable[..., str]
TARGET = {"targetTableName": "orders-2"}


@pytest.fixture
def restores(world: Any) -> RestoreWorld:
    """A world whose role may back up and restore."""
    return RestoreWorld(world)


@pytest.fixture
def point(restores: RestoreWorld) -> str:
    """A recovery point of a table."""
    return restores.point(restores.new_table())


def refusal(restores: RestoreWorld, point: str, metadata: dict[str, str], **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        restores.start(point, metadata, **parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_life_of_a_job(restores: RestoreWorld, point: str) -> None:
    restores.sandbox.settings(time_scale=30, job_seconds=60)
    job_id = restores.start(point, TARGET)
    assert restores.job(job_id)["Status"] == "PENDING"
    running = restores.world.wait_for(lambda: restores.job(job_id), lambda job: job["Status"] == "RUNNING")
    assert "CreatedResourceArn" not in running
    moved = restores.world.wait_for(lambda: restores.job(job_id), lambda job: float(job["PercentDone"]) > float(running["PercentDone"]))
    assert float(moved["PercentDone"]) <= 99
    restores.sandbox.settings(time_scale=6000)
    done = restores.world.wait_for(lambda: restores.job(job_id), lambda job: job["Status"] == "COMPLETED")
    described = restores.backup.describe_recovery_point(BackupVaultName="vault", RecoveryPointArn=point)
    assert (done["PercentDone"], done["ResourceType"], done["RecoveryPointArn"]) == ("100.0", "DynamoDB", point)
    assert done["RecoveryPointCreationDate"] == described["CreationDate"]
    assert done["SourceResourceArn"].endswith(":table/orders")
    assert done["CreatedResourceArn"].endswith(":table/orders-2")
    assert done["CompletionDate"] > done["CreationDate"]
    assert "StatusMessage" not in done


BAD_METADATA = [
    (RestoreWorld.new_table, {}, "Missing required key(s): targetTableName"),
    (RestoreWorld.new_table, {**TARGET, "tableName": "x"}, "Unrecognized key(s): tableName"),
    (RestoreWorld.new_volume, {"encrypted": "false"}, "Missing required key(s): availabilityZone"),
    (RestoreWorld.new_bucket, {"NewBucket": "true"}, "Missing required key(s): DestinationBucketName"),
    (RestoreWorld.new_bucket, {"DestinationBucketName": "b", "EncryptionType": "ROT13"}, "EncryptionType ROT13"),
    (RestoreWorld.new_file_system, {"file-system-id": "fs-1"}, "Missing required key(s): newFileSystem"),
    (RestoreWorld.new_file_system, {"file-system-id": "fs-1", "newFileSystem": "true"}, "Encrypted, PerformanceMode, CreationToken"),
    (RestoreWorld.new_database, {"DBName": "x"}, "Missing required key(s): DBInstanceIdentifier"),
    (RestoreWorld.new_cluster, {"DBClusterIdentifier": "x"}, "Missing required key(s): Engine"),
]


@pytest.mark.parametrize(("make", "metadata", "message"), BAD_METADATA)
def test_unfit_metadata(restores: RestoreWorld, make: Callable[[RestoreWorld], str], metadata: dict[str, str], message: str) -> None:
    code, said = refusal(restores, restores.point(make(restores)), metadata)
    assert (code, message in said) == ("InvalidParameterValueException", True), said
    assert restores.backup.list_restore_jobs()["RestoreJobs"] == []


def test_starts_that_are_refused(restores: RestoreWorld, point: str) -> None:
    assert refusal(restores, f"{point}x", TARGET)[0] == "ResourceNotFoundException"
    assert refusal(restores, point, TARGET, ResourceType="EBS")[0] == "InvalidParameterValueException"
    assert refusal(restores, point, TARGET, IamRoleArn="")[0] == "MissingParameterValueException"
    code, message = refusal(restores, point, TARGET, IamRoleArn="arn:aws:iam::123456789012:role/missing")
    assert (code, "cannot be assumed by AWS Backup" in message) == ("InvalidParameterValueException", True)
    deny = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:StartRestoreJob", "Resource": "*"}]}
    restores.backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy=json.dumps(deny))
    assert refusal(restores, point, TARGET)[0] == "AccessDeniedException"


def test_point_that_is_not_completed(restores: RestoreWorld) -> None:
    restores.world.set_outcome(hold=True)
    job = restores.world.wait(restores.world.start(ResourceArn=restores.new_table()), "RUNNING")
    [running] = restores.world.points(ByResourceArn=job["ResourceArn"])
    assert refusal(restores, running["RecoveryPointArn"], TARGET)[0] == "InvalidRequestException"


def test_point_without_content(restores: RestoreWorld) -> None:
    order = {"backup_vault_name": "vault", "resource_type": "FSx"}
    [loaded] = restores.sandbox.control("POST", "/backup/recovery-points", order)["recovery_point_arns"]
    assert restores.metadata(loaded) == {}
    job = restores.ended(loaded, {"anything": "goes"})
    assert (job["Status"], "has no data in the sandbox" in job["StatusMessage"]) == ("FAILED", True)


def test_token(restores: RestoreWorld, point: str) -> None:
    first = restores.start(point, TARGET, IdempotencyToken="once")
    assert restores.start(point, TARGET, IdempotencyToken="once") == first
    assert restores.start(point, {"targetTableName": "orders-3"}, IdempotencyToken="twice") != first
    assert refusal(restores, point, {}, IdempotencyToken="spent")[0] == "InvalidParameterValueException"
    assert refusal(restores, point, TARGET, IdempotencyToken="spent")[0] == "InvalidRequestException"


@pytest.mark.parametrize(("state", "message"), [("FAILED", "An internal error occurred."), ("ABORTED", "Restore job was stopped.")])
def test_ordered_end(restores: RestoreWorld, point: str, state: str, message: str) -> None:
    restores.set_outcome(point, state=state)
    job = restores.ended(point, TARGET)
    assert (job["Status"], job["StatusMessage"]) == (state, message)
    restores.set_outcome(point, state=state, status_message="As ordered.")
    assert restores.ended(point, TARGET)["StatusMessage"] == "As ordered."
    assert "orders-2" not in restores.client("dynamodb").list_tables()["TableNames"]


def test_hold_never_ends(restores: RestoreWorld, point: str) -> None:
    restores.set_outcome(hold=True)
    held = restores.start(point, TARGET)
    restores.world.wait_for(lambda: restores.job(held), lambda job: job["Status"] == "RUNNING")
    restores.sandbox.control("DELETE", "/backup/outcomes")
    restores.restored(point, TARGET)
    assert restores.job(held)["Status"] == "RUNNING"


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "restore_job", "resource_arn": "*", "state": "EXPIRED"},
        {"kind": "restore_job", "resource_arn": "*", "content": "stolen"},
        {"kind": "restore_job", "resource_arn": "*", "undeletable": True},
        {"kind": "scan_job", "resource_arn": "*"},
        {"resource_arn": "*", "content": "lost"},
    ],
)
def test_impossible_outcomes(sandbox: Any, body: dict[str, Any]) -> None:
    assert sandbox.request("PUT", "/_sandbox/backup/outcomes", body)[0] == 400


def test_outcomes_of_one_kind_leave_others_alone(restores: RestoreWorld, point: str) -> None:
    restores.world.set_outcome(state="FAILED")
    assert restores.ended(point, TARGET)["Status"] == "COMPLETED"


def test_lists(restores: RestoreWorld, point: str) -> None:
    volume = restores.new_volume()
    done = restores.ended(point, TARGET)
    other = restores.ended(restores.point(volume), {"availabilityZone": "us-west-2z"})

    def listed(**filters: Any) -> list[str]:
        return [job["RestoreJobId"] for job in restores.backup.list_restore_jobs(**filters)["RestoreJobs"]]

    def of_resource(**filters: Any) -> list[str]:
        jobs = restores.backup.list_restore_jobs_by_protected_resource(ResourceArn=volume, **filters)["RestoreJobs"]
        return [job["RestoreJobId"] for job in jobs]

    assert listed() == [other["RestoreJobId"], done["RestoreJobId"]]
    assert listed(ByStatus="FAILED") == listed(ByResourceType="EBS") == [other["RestoreJobId"]]
    assert listed(ByCreatedBefore=other["CreationDate"]) == [done["RestoreJobId"]]
    assert of_resource() == of_resource(ByStatus="FAILED") == [other["RestoreJobId"]]
    assert of_resource(ByStatus="COMPLETED") == []
    assert of_resource(ByRecoveryPointCreationDateAfter=other["RecoveryPointCreationDate"] + timedelta(seconds=1)) == []


def test_verdict_is_final(restores: RestoreWorld, point: str, code_of: CodeOf) -> None:
    job_id = restores.ended(point, TARGET)["RestoreJobId"]

    def put(status: str, **more: str) -> str:
        return code_of(restores.backup.put_restore_validation_result, RestoreJobId=job_id, ValidationStatus=status, **more)

    assert put("TIMED_OUT") == "InvalidParameterValueException"
    restores.backup.put_restore_validation_result(RestoreJobId=job_id, ValidationStatus="SUCCESSFUL", ValidationStatusMessage="3 items")
    job = restores.job(job_id)
    assert (job["ValidationStatus"], job["ValidationStatusMessage"]) == ("SUCCESSFUL", "3 items")
    assert put("FAILED") == put("SUCCESSFUL") == "InvalidRequestException"
    assert restores.job(job_id)["ValidationStatus"] == "SUCCESSFUL"


def test_verdict_on_what_is_not_there(restores: RestoreWorld, point: str, code_of: CodeOf) -> None:
    restores.set_outcome(state="FAILED")
    put = restores.backup.put_restore_validation_result
    failed = restores.ended(point, TARGET)["RestoreJobId"]
    assert code_of(put, RestoreJobId=failed, ValidationStatus="FAILED") == "InvalidRequestException"
    assert code_of(put, RestoreJobId="missing", ValidationStatus="FAILED") == "ResourceNotFoundException"


def test_both_routes_tell_of_a_restore(restores: RestoreWorld, point: str) -> None:
    bus = bus_mailbox(restores.sandbox)
    topic = topic_mailbox(restores.world, "RESTORE_JOB_STARTED", "RESTORE_JOB_COMPLETED")
    job = restores.ended(point, TARGET)
    states = [detail.get("state") or detail["status"] for detail in details(bus.wait_for(3), "Restore Job State Change")]
    assert states == ["CREATED", "RUNNING", "COMPLETED"]
    assert details(bus.messages, "Restore Job State Change")[-1]["createdResourceArn"] == job["CreatedResourceArn"]
    assert [notice["MessageAttributes"]["State"]["Value"] for notice in topic.wait_for(2)] == ["RUNNING", "COMPLETED"]
