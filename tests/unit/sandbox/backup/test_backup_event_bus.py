"""What the default event bus is told about real changes in AWS Backup."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from .listening import bus_mailbox, details

JOB = "Backup Job State Change"
POINT = "Recovery Point State Change"
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ONLY_JOBS = {"source": ["aws.backup"], "detail-type": [JOB]}


def by_state(jobs: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The details of one job's events by their state."""
    return {detail["state"]: detail for detail in jobs}


def test_envelope_is_that_of_an_aws_service(world: Any) -> None:
    bus = bus_mailbox(world.sandbox, ONLY_JOBS)
    job = world.finished()
    messages = bus.wait_for(3)
    ended = next(message for message in messages if message["detail"]["state"] == "COMPLETED")
    assert set(ended) == {"version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"}
    assert (ended["version"], ended["source"], ended["account"], ended["region"]) == ("0", "aws.backup", "123456789012", "us-west-2")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", ended["time"])
    assert ended["resources"] == [job["RecoveryPointArn"]]
    assert len({message["id"] for message in messages}) == 3


def test_every_state_of_a_job_is_told(world: Any) -> None:
    bus = bus_mailbox(world.sandbox, ONLY_JOBS)
    file_system = world.sandbox.client("efs").create_file_system(CreationToken="fs")["FileSystemArn"]
    job = world.finished(ResourceArn=file_system)
    told = by_state(details(bus.wait_for(3), JOB))
    assert set(told) == {"CREATED", "RUNNING", "COMPLETED"}
    assert set(told["CREATED"]) == {"backupJobId", "state", "creationDate"}
    running, ended = told["RUNNING"], told["COMPLETED"]
    assert re.fullmatch(r"[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M", running["expectedCompletionDate"])
    assert (ended["percentDone"], type(ended["percentDone"])) == (100, int)
    assert (ended["backupSizeInBytes"], ended["bytesTransferred"]) == (str(job["BackupSizeInBytes"]), str(job["BytesTransferred"]))
    assert (ended["backupVaultName"], ended["backupVaultArn"]) == ("vault", world.vault_arn)
    assert (ended["resourceArn"], ended["resourceType"], ended["iamRoleArn"]) == (file_system, "EFS", world.role_arn)
    for name in ("creationDate", "completionDate", "startBy"):
        assert ISO.fullmatch(ended[name])
    assert {"statusMessage", "expectedCompletionDate", "createdBy"}.isdisjoint(ended)


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "PARTIAL"])
def test_reasons_of_ended_jobs_are_quoted(world: Any, state: str) -> None:
    bus = bus_mailbox(world.sandbox, ONLY_JOBS)
    world.set_outcome(state=state, status_message="Access Denied trying to call AWS Backup service")
    world.finished()
    told = by_state(details(bus.wait_for(3), JOB))
    assert told[state]["statusMessage"] == '"Access Denied trying to call AWS Backup service"'
    assert ("backupSizeInBytes" in told[state]) == (state == "PARTIAL")


def test_stopped_job_is_told_twice(world: Any) -> None:
    bus = bus_mailbox(world.sandbox, {**ONLY_JOBS, "detail": {"state": ["ABORTING", "ABORTED"]}})
    world.set_outcome(hold=True)
    job_id = world.start()
    world.wait(job_id, "RUNNING")
    world.backup.stop_backup_job(BackupJobId=job_id)
    world.wait(job_id)
    aborting, aborted = details(bus.wait_for(2), JOB)
    assert (aborting["state"], aborted["state"]) == ("ABORTING", "ABORTED")
    assert aborted["statusMessage"] == '"Backup job was stopped by user."'
    assert aborting["backupJobId"] == aborted["backupJobId"] == job_id


def test_events_come_after_their_delay(world: Any) -> None:
    bus = bus_mailbox(world.sandbox, ONLY_JOBS)
    world.sandbox.settings(event_seconds=6000 * 3600)
    world.finished()
    world.sandbox.settings(event_seconds=1)
    last = world.finished()
    messages = bus.wait_for(3)
    assert {detail["backupJobId"] for detail in details(messages, JOB)} == {last["BackupJobId"]}


def test_recovery_points_are_told(world: Any) -> None:
    bus = bus_mailbox(world.sandbox, {"source": ["aws.backup"], "detail-type": [POINT]})
    job = world.finished(Lifecycle={"DeleteAfterDays": 100})
    point = {"BackupVaultName": "vault", "RecoveryPointArn": job["RecoveryPointArn"]}
    world.backup.update_recovery_point_lifecycle(**point, Lifecycle={"DeleteAfterDays": 7})
    world.backup.delete_recovery_point(**point)
    messages = bus.wait_for(5)
    told = details(messages, POINT)
    assert [detail["status"] for detail in told] == ["CREATING", "COMPLETED", "COMPLETED", "DELETING", "DELETED"]
    assert [detail["lifecycle"]["deleteAfterDays"] for detail in told] == [100, 100, 7, 7, 7]
    assert (told[1]["isEncrypted"], told[1]["storageClass"], told[4]["deletedBy"]) == ("false", "WARM", "MANUAL_DELETE")
    assert ISO.fullmatch(told[1]["calculatedLifeCycle"]["deleteAt"])
    assert "deletedBy" not in told[3]
    assert {tuple(message["resources"]) for message in messages} == {(job["RecoveryPointArn"],)}


def test_point_that_cannot_be_deleted_is_told(world: Any) -> None:
    bus = bus_mailbox(world.sandbox, {"source": ["aws.backup"], "detail": {"status": ["EXPIRED"]}})
    world.set_outcome(undeletable=True)
    job = world.finished()
    world.backup.delete_recovery_point(BackupVaultName="vault", RecoveryPointArn=job["RecoveryPointArn"])
    (expired,) = details(bus.wait_for(1), POINT)
    assert "could not be deleted" in expired["statusMessage"]


def test_vaults_plans_and_region_settings_are_told(world: Any) -> None:
    bus = bus_mailbox(world.sandbox)
    vault = world.backup.create_backup_vault(BackupVaultName="other")["BackupVaultArn"]
    world.backup.put_backup_vault_lock_configuration(BackupVaultName="other", MinRetentionDays=1)
    world.backup.delete_backup_vault_lock_configuration(BackupVaultName="other")
    world.backup.delete_backup_vault(BackupVaultName="other")
    document = {"BackupPlanName": "p", "Rules": [{"RuleName": "r", "TargetBackupVaultName": "vault"}]}
    plan = world.backup.create_backup_plan(BackupPlan=document)
    world.backup.update_backup_plan(BackupPlanId=plan["BackupPlanId"], BackupPlan={**document, "BackupPlanName": "q"})
    world.backup.delete_backup_plan(BackupPlanId=plan["BackupPlanId"])
    world.backup.update_region_settings(ResourceTypeOptInPreference={"Aurora": True})
    messages = bus.wait_for(8)
    assert details(messages, "Backup Vault State Change") == [
        {"backupVaultName": "other", "state": "CREATED"},
        {"backupVaultName": "other", "state": "MODIFIED", "isLocked": "true"},
        {"backupVaultName": "other", "state": "MODIFIED", "isLocked": "false"},
        {"backupVaultName": "other", "state": "DELETED"},
    ]
    told = details(messages, "Backup Plan State Change")
    assert [detail["state"] for detail in told] == ["CREATED", "MODIFIED", "DELETED"]
    assert [set(detail) - {"backupPlanId", "versionId", "state"} for detail in told] == [{"creationDate"}, {"modifiedAt"}, {"deletionDate"}]
    assert (told[0]["versionId"], told[0]["backupPlanId"]) == (plan["VersionId"], plan["BackupPlanId"])
    (setting,) = details(messages, "Region Setting State Change")
    assert ISO.fullmatch(setting.pop("modifiedAt"))
    assert setting == {"ResourceTypeOptInPreference": {"Aurora": True}, "state": "MODIFIED"}
    assert [message["resources"] for message in messages if "Vault" in message["detail-type"]] == [[vault]] * 4


def test_put_events_refuses_sources_of_aws(sandbox: Any) -> None:
    bus, events = bus_mailbox(sandbox, {"source": [{"prefix": ""}]}), sandbox.client("events")
    entry = {"DetailType": JOB, "Detail": json.dumps({"n": 1})}
    answer = events.put_events(Entries=[{**entry, "Source": source} for source in ("aws.backup", "own.app", "aws-like.app", "aws.")])
    assert answer["FailedEntryCount"] == 2
    refusal = {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}
    assert answer["Entries"][0] == answer["Entries"][3] == refusal
    assert [set(taken) for taken in answer["Entries"][1:3]] == [{"EventId"}] * 2
    assert [message["source"] for message in bus.wait_for(2)] == ["own.app", "aws-like.app"]


def test_put_events_still_refuses_too_many(sandbox: Any) -> None:
    events = sandbox.client("events")
    entry = {"DetailType": JOB, "Detail": "{}", "Source": "aws.backup"}
    with pytest.raises(events.exceptions.ClientError, match="less than or equal to 10"):
        events.put_events(Entries=[entry] * 11)


def test_broken_target_does_not_stop_the_others(world: Any) -> None:
    events = world.sandbox.client("events")
    events.put_rule(Name="a-broken", EventPattern=json.dumps({"source": ["aws.backup"]}))
    events.put_targets(Rule="a-broken", Targets=[{"Id": "q", "Arn": "arn:aws:sqs:us-west-2:123456789012:missing"}])
    bus = bus_mailbox(world.sandbox)
    world.backup.create_backup_vault(BackupVaultName="other")
    assert bus.wait_for(1)[0]["detail"]["backupVaultName"] == "other"


def test_disabled_rule_is_told_nothing(world: Any) -> None:
    events = world.sandbox.client("events")
    bus, witness = bus_mailbox(world.sandbox), bus_mailbox(world.sandbox, rule="witness")
    events.disable_rule(Name="backup")
    world.backup.create_backup_vault(BackupVaultName="one")
    witness.wait_for(1)
    events.enable_rule(Name="backup")
    world.backup.create_backup_vault(BackupVaultName="two")
    assert [message["detail"]["backupVaultName"] for message in bus.wait_for(1)] == ["two"]
