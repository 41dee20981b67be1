"""What a vault's SNS topic is told, read from a queue behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

CodeOf = Callable[..., str]
EVENTS = ["BACKUP_JOB_STARTED", "BACKUP_JOB_COMPLETED"]


class Inbox:
    """A topic that takes messages from AWS Backup, and a queue that collects them."""

    def __init__(self, world: Any) -> None:
        self._sns, self._sqs = world.sandbox.client("sns"), world.sandbox.client("sqs")
        self.topic_arn = self._sns.create_topic(Name="topic")["TopicArn"]
        self._queue_url = self._sqs.create_queue(QueueName="queue")["QueueUrl"]
        queue_arn = self._sqs.get_queue_attributes(QueueUrl=self._queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        policy = self._allow("sns.amazonaws.com", "sqs:SendMessage", queue_arn)
        self._sqs.set_queue_attributes(QueueUrl=self._queue_url, Attributes={"Policy": policy})
        self._sns.subscribe(TopicArn=self.topic_arn, Protocol="sqs", Endpoint=queue_arn)
        self.let_in("backup.amazonaws.com")
        self.messages: list[dict[str, Any]] = []

    def let_in(self, service: str) -> None:
        """Let one service publish."""
        policy = self._allow(service, "sns:Publish", self.topic_arn)
        self._sns.set_topic_attributes(TopicArn=self.topic_arn, AttributeName="Policy", AttributeValue=policy)

    def read(self) -> list[dict[str, Any]]:
        """Every message so far."""
        received = self._sqs.receive_message(QueueUrl=self._queue_url, MaxNumberOfMessages=10).get("Messages", [])
        for message in received:
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
        self.messages += [json.loads(message["Body"]) for message in received]
        return self.messages

    @staticmethod
    def _allow(service: str, action: str, arn: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": arn}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.fixture
def inbox(world: Any) -> Inbox:
    """The vault's topic."""
    return Inbox(world)


def subscribe(world: Any, inbox: Inbox, *events: str) -> None:
    """Let the vault tell its topic about events."""
    world.backup.put_backup_vault_notifications(BackupVaultName="vault", SNSTopicArn=inbox.topic_arn, BackupVaultEvents=list(events))


def states(messages: list[dict[str, Any]]) -> list[str]:
    """The states that messages tell."""
    return [message["MessageAttributes"]["State"]["Value"] for message in messages]


def test_completed_job_tells_start_and_end(world: Any, inbox: Inbox) -> None:
    subscribe(world, inbox, *EVENTS)
    job = world.finished()
    started, ended = world.wait_for(inbox.read, lambda messages: len(messages) == 2)
    assert (started["Subject"], ended["Subject"]) == ("Notification from AWS Backup", "Notification from AWS Backup")
    assert ended["Message"] == (
        f"An AWS Backup job was completed successfully. Recovery point ARN: {job['RecoveryPointArn']}. "
        f"Backed up Resource ARN : {world.table_arn}. Backup Job Id : {job['BackupJobId']}"
    )
    assert started["Message"] == f"An AWS Backup job was started. Resource ARN : {world.table_arn}. BackupJob ID : {job['BackupJobId']}"
    values = {name: attribute["Value"] for name, attribute in ended["MessageAttributes"].items()}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", values.pop("StartTime"))
    assert values == {"EventType": "BACKUP_JOB", "State": "COMPLETED", "AccountId": "123456789012", "Id": job["BackupJobId"]}
    assert states([started]) == ["RUNNING"]


@pytest.mark.parametrize(
    ("state", "opening"),
    [
        ("FAILED", "An AWS Backup job failed."),
        ("EXPIRED", "An AWS Backup job failed to complete in time."),
        ("ABORTED", "An AWS Backup job was stopped."),
        ("PARTIAL", "An AWS Backup job was partially completed."),
    ],
)
def test_every_end_is_told(world: Any, inbox: Inbox, state: str, opening: str) -> None:
    subscribe(world, inbox, "BACKUP_JOB_COMPLETED")
    world.set_outcome(state=state)
    job = world.finished()
    (ended,) = world.wait_for(inbox.read, bool)
    assert states([ended]) == [state]
    assert ended["Message"].startswith(opening)
    assert ended["Message"].endswith(f"Resource ARN : {world.table_arn}. BackupJob ID : {job['BackupJobId']}")


def test_only_current_events_of_this_vault_are_told(world: Any, inbox: Inbox) -> None:
    world.backup.create_backup_vault(BackupVaultName="quiet")
    world.finished(BackupVaultName="quiet")
    subscribe(world, inbox, "BACKUP_JOB_FAILED", "BACKUP_JOB_SUCCESSFUL", "BACKUP_JOB_EXPIRED")
    world.finished()
    subscribe(world, inbox, "BACKUP_JOB_COMPLETED")
    last = world.finished()
    world.wait_for(inbox.read, bool)
    assert [message["MessageAttributes"]["Id"]["Value"] for message in inbox.read()] == [last["BackupJobId"]]


def test_topic_that_does_not_let_aws_backup_in_hears_nothing(world: Any, inbox: Inbox) -> None:
    subscribe(world, inbox, "BACKUP_JOB_COMPLETED")
    inbox.let_in("events.amazonaws.com")
    world.finished()
    inbox.let_in("backup.amazonaws.com")
    last = world.finished()
    world.wait_for(inbox.read, bool)
    assert [message["MessageAttributes"]["Id"]["Value"] for message in inbox.read()] == [last["BackupJobId"]]


def test_configuration_is_kept_and_removed(world: Any, inbox: Inbox, code_of: CodeOf) -> None:
    assert code_of(world.backup.get_backup_vault_notifications, BackupVaultName="vault") == "ResourceNotFoundException"
    subscribe(world, inbox, *EVENTS, "BACKUP_JOB_FAILED")
    read = world.backup.get_backup_vault_notifications(BackupVaultName="vault")
    del read["ResponseMetadata"]
    assert read == {
        "BackupVaultName": "vault",
        "BackupVaultArn": world.vault_arn,
        "SNSTopicArn": inbox.topic_arn,
        "BackupVaultEvents": [*EVENTS, "BACKUP_JOB_FAILED"],
    }
    world.backup.delete_backup_vault_notifications(BackupVaultName="vault")
    assert code_of(world.backup.get_backup_vault_notifications, BackupVaultName="vault") == "ResourceNotFoundException"
    assert code_of(world.backup.get_backup_vault_notifications, BackupVaultName="missing") == "ResourceNotFoundException"


def test_bad_configurations_are_refused(world: Any, inbox: Inbox, code_of: CodeOf) -> None:
    fifo = world.sandbox.client("sns").create_topic(Name="topic.fifo", Attributes={"FifoTopic": "true"})["TopicArn"]
    good = {"BackupVaultName": "vault", "SNSTopicArn": inbox.topic_arn, "BackupVaultEvents": EVENTS}
    for change in (
        {"BackupVaultEvents": ["BACKUP_JOB_DONE"]},
        {"BackupVaultEvents": []},
        {"SNSTopicArn": fifo},
        {"SNSTopicArn": f"{inbox.topic_arn}-missing"},
        {"SNSTopicArn": "topic"},
    ):
        assert code_of(world.backup.put_backup_vault_notifications, **{**good, **change}) == "InvalidParameterValueException", change
    missing = {**good, "BackupVaultName": "missing"}
    assert code_of(world.backup.put_backup_vault_notifications, **missing) == "ResourceNotFoundException"
