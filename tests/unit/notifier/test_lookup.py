"""What AWS is asked about a job: against the sandbox, and with botocore's own answers where the sandbox has none."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from backup_notifier import facts, format, lookup, states
from backup_notifier.notification import Notification
from botocore.config import Config
from botocore.stub import Stubber

Factory = Callable[[str, str], Any]
JOB_ID = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"
INSTANCE = "arn:aws:ec2:us-west-2:123456789012:instance/i-0515aee7de03f58e1"
VAULT = "arn:aws:backup:us-west-2:123456789012:backup-vault:prod-daily"
CREATED = datetime(2026, 7, 15, 3, 13, 7, 392000, UTC)
ENDED = datetime(2026, 7, 15, 3, 43, 42, tzinfo=UTC)


def of_job(job_type: str = "backup", state: str = "FAILED", **known: Any) -> Notification:
    """What SNS tells of a job."""
    return Notification(
        text="",
        route="sns",
        event_type=f"{job_type.upper()}_JOB",
        state=state,
        job_type=job_type,
        job_id=JOB_ID,
        region="us-west-2",
        **known,
    )


@pytest.fixture
def stubs() -> Iterator[Callable[[str], tuple[Stubber, Factory]]]:
    """Makes a botocore client that answers what it is told, and the factory that gives it."""
    active: list[Stubber] = []

    def make(service: str) -> tuple[Stubber, Factory]:
        client = boto3.client(
            service, region_name="us-west-2", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="EXAMPLEKEY"
        )
        stubber = Stubber(client)
        stubber.activate()
        active.append(stubber)

        def factory(asked: str, region: str) -> Any:
            assert (asked, region) == (service, "us-west-2")
            return client

        return stubber, factory

    yield make
    for stubber in active:
        stubber.assert_no_pending_responses()


def never(service: str, region: str) -> Any:
    """A factory that must not be asked."""
    raise AssertionError(f"asked for a client of {service} in {region}")


@pytest.mark.parametrize("job_type", ["backup", "copy", "restore"])
def test_failed_job_on_the_sandbox(sandbox: Any, job_type: str) -> None:
    told = {"kind": f"{job_type}_job", "state": "FAILED", "region": "us-west-2", "vault": "prod-daily", "resource_arn": INSTANCE}
    (job_id,) = sandbox.control("POST", "/backup/events", {**told, "status_message": "Insufficient privileges to perform this action"})[
        "job_ids"
    ]
    event = replace(of_job(job_type), job_id=job_id)
    filled, failure = lookup.fill(event, lambda service, region: sandbox.client(service, region))
    assert failure == ""
    assert filled.vault_name
    assert (filled.resource_arn, filled.resource_type) == (INSTANCE, "EC2")
    assert filled.reason == "Insufficient privileges to perform this action"
    assert filled.started_at < filled.ended_at
    assert (filled.job_id, filled.state) == (job_id, "FAILED")


def test_backup_with_issues_turns_yellow(stubs: Any) -> None:
    stubber, factory = stubs("backup")
    answer = {
        "AccountId": "123456789012",
        "State": "COMPLETED",
        "StatusMessage": '"Windows VSS Backup attempt failed because of a timeout"',
        "MessageCategory": "VssFailure",
        "BackupVaultName": "prod-daily",
        "BackupVaultArn": VAULT,
        "ResourceArn": INSTANCE,
        "ResourceType": "EC2",
        "ResourceName": "web-1",
        "RecoveryPointArn": "arn:aws:ec2:us-west-2::image/ami-00179b33a7a88cac5",
        "CreationDate": CREATED,
        "CompletionDate": ENDED,
        "BackupSizeInBytes": 32212254720,
        "ParentJobId": "9f2345b2-f22c-4dab-5eb6-bbc7890ed999",
    }
    stubber.add_response("describe_backup_job", answer, {"BackupJobId": JOB_ID})
    event = of_job(state="COMPLETED", resource_arn=INSTANCE)
    assert states.severity(event) is states.Severity.SUCCESS
    filled, failure = lookup.fill(event, factory)
    assert failure == ""
    assert states.severity(filled) is states.Severity.WARNING
    assert filled.parent_job_id == "9f2345b2-f22c-4dab-5eb6-bbc7890ed999"
    assert format.headline(filled) == (
        "⚠️ *Backup completed with issues*: EC2 instance `web-1` (`i-0515aee7de03f58e1`) · us-west-2 · account 123456789012"
    )
    shown = {fact.name: fact.value for fact in facts.facts(filled)}
    assert shown["Vault"] == "prod-daily"
    assert shown["Size"] == "30.0 GiB"
    assert shown["Ended"] == "2026-07-15 03:43:42 UTC (took 30 min)"


def test_success_stays_green(stubs: Any) -> None:
    stubber, factory = stubs("backup")
    stubber.add_response("describe_backup_job", {"State": "COMPLETED", "MessageCategory": "SUCCESS", "StatusMessage": "All is well."})
    filled, _ = lookup.fill(of_job(state="COMPLETED"), factory)
    assert states.severity(filled) is states.Severity.SUCCESS


def test_copy_is_described_by_its_destination(stubs: Any) -> None:
    stubber, factory = stubs("backup")
    job = {
        "State": "FAILED",
        "StatusMessage": "Copy job failed. Both source and destination account must be a member of the same organization.",
        "SourceBackupVaultArn": VAULT,
        "DestinationBackupVaultArn": "arn:aws:backup:eu-central-1:123456789012:backup-vault:vault-dr",
        "ResourceArn": INSTANCE,
        "ResourceType": "EC2",
    }
    stubber.add_response("describe_copy_job", {"CopyJob": job}, {"CopyJobId": JOB_ID})
    filled, failure = lookup.fill(of_job("copy"), factory)
    assert failure == ""
    assert (filled.vault_name, filled.resource_arn, filled.reason) == ("vault-dr", INSTANCE, job["StatusMessage"])


def test_restore_names_its_source_and_what_it_created(stubs: Any) -> None:
    stubber, factory = stubs("backup")
    job = {
        "Status": "COMPLETED",
        "BackupVaultArn": VAULT,
        "SourceResourceArn": INSTANCE,
        "CreatedResourceArn": "arn:aws:ec2:us-west-2:123456789012:instance/i-1",
        "ResourceType": "EC2",
        "RecoveryPointArn": "arn:aws:ec2:us-west-2::image/ami-1",
    }
    stubber.add_response("describe_restore_job", job, {"RestoreJobId": JOB_ID})
    filled, failure = lookup.fill(of_job("restore", "COMPLETED"), factory)
    assert failure == ""
    assert (filled.vault_name, filled.resource_arn, filled.created_resource_arn) == ("prod-daily", INSTANCE, job["CreatedResourceArn"])


def test_how_the_job_ended_is_not_told_of_its_start(stubs: Any) -> None:
    stubber, factory = stubs("backup")
    answer = {
        "State": "FAILED",
        "StatusMessage": "Table not found.",
        "CompletionDate": ENDED,
        "BackupSizeInBytes": 7,
        "BackupVaultName": "prod-daily",
    }
    stubber.add_response("describe_backup_job", answer)
    filled, _ = lookup.fill(of_job(state="RUNNING"), factory)
    assert filled.vault_name == "prod-daily"
    assert (filled.state, filled.reason, filled.ended_at, filled.size_bytes) == ("RUNNING", "", "", None)


def test_what_the_event_says_is_kept(stubs: Any) -> None:
    stubber, factory = stubs("backup")
    stubber.add_response("describe_backup_job", {"State": "FAILED", "StatusMessage": "later", "BackupVaultName": "another"})
    filled, _ = lookup.fill(of_job(reason="first", vault_name="prod-daily"), factory)
    assert (filled.reason, filled.vault_name) == ("first", "prod-daily")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AccessDeniedException", "the function's role may not call backup:DescribeBackupJob"),
        ("ThrottlingException", "AWS Backup throttled the call"),
        ("ResourceNotFoundException", "AWS Backup does not know the job (any more)"),
        ("ServiceUnavailableException", "ServiceUnavailableException"),
    ],
)
def test_refused_look_up_is_told_and_costs_nothing_else(stubs: Any, code: str, reason: str) -> None:
    stubber, factory = stubs("backup")
    stubber.add_client_error("describe_backup_job", code, "arn:aws:sts::123456789012:assumed-role/secret")
    event = of_job(resource_arn=INSTANCE)
    filled, failure = lookup.fill(event, factory)
    assert failure == reason
    assert filled.details == (("Look-up", f"failed: {reason}"),)
    assert (filled.resource_arn, filled.key) == (event.resource_arn, event.key)
    assert "assumed-role" not in json.dumps(format.message(filled))


def test_unknown_job_on_the_sandbox(sandbox: Any) -> None:
    filled, failure = lookup.fill(of_job(), lambda service, region: sandbox.client(service, region))
    assert failure == "AWS Backup does not know the job (any more)"
    assert filled.state == "FAILED"


def test_silent_service_costs_no_more_than_the_clients_time_outs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = boto3.client(
            "backup",
            region_name="us-west-2",
            endpoint_url=f"http://127.0.0.1:{server.getsockname()[1]}",
            aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
            aws_secret_access_key="EXAMPLEKEY",
            config=Config(connect_timeout=0.2, read_timeout=0.2, retries={"total_max_attempts": 1}),
        )
        filled, failure = lookup.fill(of_job(), lambda _service, _region: client)
    assert failure == "AWS Backup did not answer in time (ReadTimeoutError)"
    assert filled.job_id == JOB_ID


def test_a_client_that_cannot_be_made_is_a_failed_look_up() -> None:
    filled, failure = lookup.fill(of_job(), lambda _service, _region: 1 / 0)
    assert (failure, filled.job_id) == ("ZeroDivisionError", JOB_ID)


COMPLETE = of_job(vault_name="prod-daily", resource_type="EC2", resource_arn=INSTANCE, reason="Table not found.")


@pytest.mark.parametrize(
    "event",
    [
        COMPLETE,
        replace(
            of_job("restore", "COMPLETED", resource_type="RDS", created_resource_arn="arn:aws:rds:us-west-2:123456789012:db:x"),
            route="eventbridge",
        ),
        of_job("scan"),
        Notification(text="", event_type="BACKUP_VAULT", state="DELETED", region="us-west-2"),
        Notification(text="", job_type="backup", job_id=JOB_ID),
        Notification(text="hello"),
    ],
    ids=["says all", "restore", "scan", "vault", "no Region", "text"],
)
def test_nothing_is_asked_where_nothing_is_missing(event: Notification) -> None:
    assert not lookup.is_wanted(event)
    assert lookup.fill(event, never) == (event, "")


def test_tags_of_a_resource_on_the_sandbox(sandbox: Any) -> None:
    instances = sandbox.client("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Team", "Value": "db"}]}],
    )
    arn = f"arn:aws:ec2:us-west-2:123456789012:instance/{instances['Instances'][0]['InstanceId']}"
    tagged, failure = lookup.with_tags(of_job(resource_arn=arn), lambda service, region: sandbox.client(service, region))
    assert failure == ""
    assert tagged.tags == (("Team", "db"),)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("AccessDeniedException", "the function's role may not call tag:GetResources"),
        ("ThrottlingException", "Resource Groups Tagging throttled the call"),
    ],
)
def test_refused_tags_are_no_tags_and_the_reason_is_told(stubs: Any, code: str, reason: str) -> None:
    stubber, factory = stubs("resourcegroupstaggingapi")
    stubber.add_client_error("get_resources", code)
    event = of_job(resource_arn=INSTANCE)
    assert lookup.with_tags(event, factory) == (event, reason)


@pytest.mark.parametrize("resource_arn", ["", "no ARN"])
def test_no_tags_are_asked_of_what_has_no_arn(resource_arn: str) -> None:
    event = of_job(resource_arn=resource_arn)
    assert lookup.with_tags(event, never) == (event, "")
