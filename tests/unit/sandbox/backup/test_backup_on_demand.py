"""Events on demand: every kind in every state, on both routes, with the job behind it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from botocore.model import Shape
from sandbox.backup.on_demand.order import KINDS

from .listening import bus_mailbox, topic_mailbox

EVERY_STATE = [(kind, state) for kind, states in KINDS.items() for state in states]
ONLY_SNS = {"s3_object", "eks_object", "access_point", "continuous"}
ONLY_BUS = {"vault", "plan", "region_setting", "scan_job"}
INSTANCE = "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"


def order(world: Any, kind: str, state: str, **more: Any) -> dict[str, Any]:
    """Order events of the vault; returns the endpoint's answer."""
    answer: dict[str, Any] = world.sandbox.control(
        "POST", "/backup/events", {"kind": kind, "state": state, "region": "us-west-2", "vault": "vault", **more}
    )
    return answer


def vault_events(world: Any) -> list[str]:
    """Every event a vault can subscribe to."""
    shape: Shape = world.backup.meta.service_model.shape_for("BackupVaultEvent")
    return list(shape.enum)


def test_every_kind_in_every_state_is_told(world: Any) -> None:
    topic, bus = topic_mailbox(world, *vault_events(world)), bus_mailbox(world.sandbox)
    expected = {"sns": 0, "eventbridge": 0}
    for kind, state in EVERY_STATE:
        sent = order(world, kind, state)["sent"]
        quiet_on_sns = kind in ONLY_BUS or (kind == "recovery_point" and state != "MODIFIED")
        assert sent == {"sns": int(not quiet_on_sns), "eventbridge": int(kind not in ONLY_SNS)}, (kind, state)
        expected = {route: expected[route] + sent[route] for route in expected}
    assert len(topic.wait_for(expected["sns"])) == expected["sns"]
    assert len(bus.wait_for(expected["eventbridge"])) == expected["eventbridge"]
    assert {message["Subject"] for message in topic.messages} == {"Notification from AWS Backup"}
    assert {message["source"] for message in bus.messages} == {"aws.backup"}


@pytest.mark.parametrize(
    ("kind", "state", "event"),
    [
        ("backup_job", "RUNNING", "BACKUP_JOB_STARTED"),
        ("backup_job", "EXPIRED", "BACKUP_JOB_COMPLETED"),
        ("copy_job", "RUNNING", "COPY_JOB_STARTED"),
        ("copy_job", "COMPLETED", "COPY_JOB_SUCCESSFUL"),
        ("copy_job", "FAILED", "COPY_JOB_FAILED"),
        ("restore_job", "PENDING", "RESTORE_JOB_STARTED"),
        ("restore_job", "FAILED", "RESTORE_JOB_COMPLETED"),
        ("recovery_point", "MODIFIED", "RECOVERY_POINT_MODIFIED"),
        ("recovery_point_index", "ACTIVE", "RECOVERY_POINT_INDEX_COMPLETED"),
        ("recovery_point_index", "DELETED", "RECOVERY_POINT_INDEX_DELETED"),
        ("recovery_point_index", "FAILED", "RECOVERY_POINT_INDEXING_FAILED"),
        ("s3_object", "BACKUP_OBJECT_FAILED", "S3_BACKUP_OBJECT_FAILED"),
        ("eks_object", "RESTORE_OBJECT_SKIPPED", "EKS_RESTORE_OBJECT_SKIPPED"),
        ("access_point", "DISASSOCIATED", "ACCESS_POINT_DISASSOCIATED"),
        ("continuous", "INTERRUPTED", "CONTINUOUS_BACKUP_INTERRUPTED"),
    ],
)
def test_topic_hears_only_what_the_vault_subscribed_to(world: Any, kind: str, state: str, event: str) -> None:
    others = [name for name in vault_events(world) if name != event]
    topic_mailbox(world, *others)
    assert order(world, kind, state)["sent"]["sns"] == 0
    topic = world.backup.get_backup_vault_notifications(BackupVaultName="vault")["SNSTopicArn"]
    world.backup.put_backup_vault_notifications(BackupVaultName="vault", SNSTopicArn=topic, BackupVaultEvents=[event])
    assert order(world, kind, state)["sent"]["sns"] == 1


def test_known_wordings_and_attributes(world: Any) -> None:
    topic = topic_mailbox(world, *vault_events(world))
    point = "arn:aws:backup:us-west-2:123456789012:recovery-point:1"
    (copy_id,) = order(world, "copy_job", "FAILED")["job_ids"]
    order(world, "recovery_point_index", "ACTIVE", recovery_point_arn=point)
    cluster = "arn:aws:eks:us-west-2:123456789012:cluster/blue"
    order(world, "eks_object", "BACKUP_OBJECT_FAILED", resource_arn=cluster, job_id="abc", status_message="no room")
    copied, indexed, kubernetes = topic.wait_for(3)
    assert copied["Message"] == f"An AWS Copy job was completed but was failed or was aborted. Copy Job Id : {copy_id}"
    assert values(copied).items() >= {"EventType": "COPY_JOB", "State": "FAILED", "Id": copy_id}.items()
    assert indexed["Message"] == f"An AWS Backup backup index job was completed. Indexed recovery point arn: {point}"
    assert values(indexed) == {
        "EventType": "RECOVERY_POINT_INDEXING_COMPLETED",
        "AccountId": "123456789012",
        "IndexStatus": "ACTIVE",
        "IsIndexingContinuous": "false",
        "RecoveryPointArn": point,
    }
    assert kubernetes["Message"].startswith("A Kubernetes resource failed to backup from your Amazon EKS Backup. Resource: ")
    assert kubernetes["Message"].endswith(" EKS Cluster Name: blue. BackupJob ID: abc")
    assert set(values(kubernetes)) == {"eventType", "backupJobId", "clusterName", "reason", "resourceName"}
    assert values(kubernetes)["reason"] == "no room"


def values(message: dict[str, Any]) -> dict[str, str]:
    """The attributes of a message."""
    return {name: attribute["Value"] for name, attribute in message["MessageAttributes"].items()}


def test_restore_message_ends_in_a_sentence_about_the_job(world: Any) -> None:
    topic = topic_mailbox(world, "RESTORE_JOB_COMPLETED")
    (job_id,) = order(world, "restore_job", "FAILED")["job_ids"]
    (message,) = topic.wait_for(1)
    assert "failed" in message["Message"]
    assert message["Message"].split(". ")[-1] == f"Restore Job Id : {job_id}"


def test_quirks_of_the_event_bus(world: Any) -> None:
    bus = bus_mailbox(world.sandbox)
    for kind, state in (
        ("backup_job", "PENDING"),
        ("copy_job", "CREATED"),
        ("copy_job", "FAILED"),
        ("copy_job", "COMPLETED"),
        ("restore_job", "CREATED"),
        ("restore_job", "COMPLETED"),
    ):
        order(world, kind, state, resource_arn=INSTANCE)
    pending, created_copy, failed_copy, done_copy, created_restore, done_restore = [event["detail"] for event in bus.wait_for(6)]
    assert pending["statusMessage"] == ""
    assert set(created_copy) == {"creationDate", "state", "sourceBackupVaultArn", "destinationBackupVaultArn"}
    assert (failed_copy["destinationRecoveryPointArn"], failed_copy["statusMessage"]) == (
        {},
        "Access denied exception while trying to list tags",
    )
    assert done_copy["destinationRecoveryPointArn"].startswith("arn:aws:ec2:us-west-2::image/ami-")
    assert type(done_copy["backupSizeInBytes"]) is int
    assert set(created_restore) == {"restoreJobId", "creationDate", "state"}
    assert (done_restore["status"], done_restore["backupSizeInBytes"]) == ("COMPLETED", str(8 << 30))
    assert "state" not in done_restore
    assert done_restore["createdResourceArn"].startswith("arn:aws:ec2:us-west-2:123456789012:instance/i-")
    assert done_restore["createdResourceArn"] != INSTANCE


def test_completed_with_issues(world: Any) -> None:
    topic, bus = topic_mailbox(world, "BACKUP_JOB_COMPLETED"), bus_mailbox(world.sandbox)
    reason = "Windows VSS Backup attempt failed because of a timeout"
    (job_id,) = order(world, "backup_job", "COMPLETED", status_message=reason, message_category="VSS_FAILED")["job_ids"]
    job = world.job(job_id)
    assert (job["State"], job["StatusMessage"], job["MessageCategory"]) == ("COMPLETED", reason, "VSS_FAILED")
    (message,), (event,) = topic.wait_for(1), bus.wait_for(1)
    assert "completed successfully" in message["Message"]
    assert values(message)["State"] == "COMPLETED"
    assert event["detail"]["statusMessage"] == f'"{reason}"'


def test_one_job_goes_through_its_states(world: Any) -> None:
    bus = bus_mailbox(world.sandbox)
    (job_id,) = order(world, "backup_job", "CREATED", resource_arn=INSTANCE, seconds=300)["job_ids"]
    created = world.job(job_id)
    assert (created["State"], created["PercentDone"]) == ("CREATED", "0.0")
    assert {"InitiationDate", "CompletionDate", "RecoveryPointArn"}.isdisjoint(created)
    for state in ("RUNNING", "COMPLETED"):
        assert order(world, "backup_job", state, job_id=job_id.lower())["job_ids"] == [job_id]
    done = world.job(job_id)
    assert (done["State"], done["PercentDone"], done["CreationDate"]) == ("COMPLETED", "100.0", created["CreationDate"])
    assert done["CompletionDate"] - done["CreationDate"] >= timedelta(seconds=300)
    assert (done["ResourceArn"], done["ResourceType"], done["BackupVaultName"]) == (INSTANCE, "EC2", "vault")
    assert {event["detail"]["backupJobId"] for event in bus.wait_for(3)} == {job_id}
    assert world.points() == []


def test_existing_resource_is_told_as_it_is(world: Any) -> None:
    (job_id,) = order(world, "backup_job", "FAILED", resource_arn=world.table_arn, routes=["eventbridge"])["job_ids"]
    job = world.job(job_id)
    assert (job["ResourceType"], job["ResourceName"], job["StatusMessage"]) == ("DynamoDB", "table", "An internal error occurred.")


def test_repeats_are_the_same_message_and_event(world: Any) -> None:
    topic, bus = topic_mailbox(world, "BACKUP_JOB_COMPLETED"), bus_mailbox(world.sandbox)
    assert order(world, "backup_job", "COMPLETED", repeat=2)["sent"] == {"sns": 1, "eventbridge": 1}
    assert len({message["MessageId"] for message in topic.wait_for(3)}) == 1
    assert len({event["id"] for event in bus.wait_for(3)}) == 1


def test_storm_arrives_complete(world: Any) -> None:
    topic = topic_mailbox(world, "BACKUP_JOB_COMPLETED")
    answer = order(world, "backup_job", "FAILED", count=1000)
    assert answer["sent"] == {"sns": 1000, "eventbridge": 1000}
    assert len(set(answer["job_ids"])) == 1000
    assert {values(message)["Id"] for message in topic.wait_for(1000)} == set(answer["job_ids"])


def test_reset_ends_a_storm(world: Any) -> None:
    order(world, "backup_job", "FAILED", count=1000)
    world.sandbox.control("POST", "/reset")
    assert world.backup.list_backup_jobs()["BackupJobs"] == []


def test_copy_jobs_are_described_and_listed(world: Any) -> None:
    backup = world.backup
    more = {
        "resource_arn": INSTANCE,
        "parent_job_id": "parent",
        "destination_vault_arn": "arn:aws:backup:us-east-1:123456789012:backup-vault:far",
    }
    (failed,) = order(
        world, "copy_job", "FAILED", recovery_point_arn="arn:aws:ec2:us-west-2::image/ami-1", message_category="AccessDenied", **more
    )["job_ids"]
    (done,) = order(world, "copy_job", "COMPLETED", resource_arn=world.table_arn)["job_ids"]
    job = backup.describe_copy_job(CopyJobId=failed)["CopyJob"]
    assert (job["State"], job["StatusMessage"]) == ("FAILED", "Access denied exception while trying to list tags")
    assert (job["SourceBackupVaultArn"], job["DestinationBackupVaultArn"]) == (world.vault_arn, more["destination_vault_arn"])
    assert "DestinationRecoveryPointArn" not in job
    assert "DestinationRecoveryPointArn" in backup.describe_copy_job(CopyJobId=done.lower())["CopyJob"]

    def listed(**filters: Any) -> set[str]:
        return {each["CopyJobId"] for each in backup.list_copy_jobs(**filters)["CopyJobs"]}

    later = job["CompletionDate"] + timedelta(minutes=1)
    assert listed() == listed(ByAccountId="*") == listed(ByCreatedBefore=later) == listed(ByCompleteBefore=later) == {failed, done}
    assert (
        listed(ByState="FAILED")
        == listed(ByResourceArn=INSTANCE)
        == listed(ByResourceType="EC2")
        == listed(ByParentJobId="parent")
        == {failed}
    )
    assert listed(ByDestinationVaultArn=more["destination_vault_arn"]) == listed(ByMessageCategory="AccessDenied") == {failed}
    assert listed(BySourceRecoveryPointArn="arn:aws:ec2:us-west-2::image/ami-1") == {failed}
    assert listed(ByMessageCategory="SUCCESS") == {done}
    assert listed(ByCreatedAfter=later) == listed(ByCompleteAfter=later) == set()


def test_restore_jobs_are_described_and_listed(world: Any) -> None:
    backup, plan = world.backup, "arn:aws:backup:us-west-2:123456789012:restore-testing-plan:p"
    (done,) = order(
        world, "restore_job", "COMPLETED", resource_arn=INSTANCE, restore_testing_plan_arn=plan, created_resource_arn="arn:new"
    )["job_ids"]
    (created,) = order(world, "restore_job", "CREATED", resource_arn=world.table_arn, parent_job_id="parent")["job_ids"]
    job = backup.describe_restore_job(RestoreJobId=done)
    assert (job["Status"], job["CreatedResourceArn"], job["PercentDone"]) == ("COMPLETED", "arn:new", "100.0")
    assert (job["SourceResourceArn"], job["CreatedBy"]) == (INSTANCE, {"RestoreTestingPlanArn": plan})
    assert backup.describe_restore_job(RestoreJobId=created)["Status"] == "PENDING"

    def listed(**filters: Any) -> set[str]:
        return {each["RestoreJobId"] for each in backup.list_restore_jobs(**filters)["RestoreJobs"]}

    later = job["CompletionDate"] + timedelta(minutes=1)
    assert listed() == listed(ByAccountId="123456789012") == listed(ByCreatedBefore=later) == {done, created}
    assert listed(ByStatus="COMPLETED") == listed(ByRestoreTestingPlanArn=plan) == listed(ByResourceType="EC2") == {done}
    assert listed(ByStatus="PENDING") == listed(ByParentJobId="parent") == listed(ByResourceType="DynamoDB") == {created}
    assert listed(ByCompleteBefore=later) == {done}
    assert listed(ByCreatedAfter=later) == listed(ByCompleteAfter=later) == set()


@pytest.mark.parametrize(
    ("kind", "method", "key"), [("copy_job", "list_copy_jobs", "CopyJobs"), ("restore_job", "list_restore_jobs", "RestoreJobs")]
)
def test_lists_have_pages(world: Any, kind: str, method: str, key: str) -> None:
    order(world, kind, "COMPLETED", count=5)
    pages = list(world.backup.get_paginator(method).paginate(PaginationConfig={"PageSize": 2}))
    assert [len(page[key]) for page in pages] == [2, 2, 1]
    dates = [job["CreationDate"] for page in pages for job in page[key]]
    assert dates == sorted(dates, reverse=True)


BAD_ORDERS: list[tuple[dict[str, Any], str]] = [
    ({}, "kind must be one of backup_job, "),
    ({"kind": "backup_job", "state": "DONE"}, "state of kind backup_job must be one of CREATED, "),
    ({"colour": "red"}, "unknown members: colour; known: kind, "),
    ({"count": 0}, "count must be a whole number from 1 to 10000, not 0"),
    ({"count": "2"}, "count must be a whole number"),
    ({"repeat": -1}, "repeat must be a whole number"),
    ({"seconds": "now"}, "seconds must be a number from 0 on, not 'now'"),
    ({"routes": ["mail"]}, "routes must be some of sns, eventbridge"),
    ({"routes": "sns"}, "routes must be a list of texts"),
    ({"routes": [["sns"]]}, "routes must be a list of texts"),
    ({"kind": ["backup_job"], "state": "FAILED"}, "kind must be one of"),
    ({"seconds": float("nan")}, "seconds must be a number from 0 on, not nan"),
    ({"vault": 3}, "vault must be a text, not 3"),
    ({"job_id": "abc", "count": 2}, "job_id goes with a count of 1"),
    ({"region": "us-west-9"}, "there is no Region us-west-9"),
]


@pytest.mark.parametrize(("members", "message"), BAD_ORDERS)
def test_bad_orders_are_refused(sandbox: Any, members: dict[str, Any], message: str) -> None:
    body = members if "kind" in members or not members else {"kind": "backup_job", "state": "FAILED", **members}
    status, text = sandbox.request("POST", "/_sandbox/backup/events", body)
    assert status == 400
    assert message in json.loads(text)["error"]


def test_lambda_function_gets_events(functions: Any) -> None:
    arn = functions.deploy("import json\ndef handler(event, context):\n    print('got', json.dumps(event))\n")
    events = functions.sandbox.client("events")
    pattern = {"source": ["aws.backup"], "detail-type": ["Backup Job State Change"], "detail": {"state": ["FAILED"]}}
    rule = events.put_rule(Name="failures", EventPattern=json.dumps(pattern))["RuleArn"]
    events.put_targets(Rule="failures", Targets=[{"Id": "function", "Arn": arn}])
    functions.api.add_permission(
        FunctionName="fn", StatementId="rule", Action="lambda:InvokeFunction", Principal="events.amazonaws.com", SourceArn=rule
    )
    for state in ("COMPLETED", "FAILED"):
        functions.sandbox.control("POST", "/backup/events", {"kind": "backup_job", "state": state, "region": "us-west-2"})
    (line,) = functions.wait_for(lambda: functions.log('"got"'))
    assert json.loads(line[4:])["detail"]["state"] == "FAILED"
