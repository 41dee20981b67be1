"""Queues that collect what a vault's topic and the event bus are told."""

from __future__ import annotations

import json
import time
from typing import Any


class Mailbox:
    """One queue and every message that came to it so far."""

    def __init__(self, sandbox: Any, name: str) -> None:
        self._sqs = sandbox.client("sqs")
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        self.arn = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.messages: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        """Every message so far."""
        while received := self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10).get("Messages", []):
            entries = [{"Id": str(number), "ReceiptHandle": each["ReceiptHandle"]} for number, each in enumerate(received)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)
            self.messages += [json.loads(message["Body"]) for message in received]
        return self.messages

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        """Read until count messages are there; returns them all."""
        deadline = time.monotonic() + 60
        while len(self.read()) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} of {count} came: {self.messages}"
            time.sleep(0.01)
        return self.messages


def topic_mailbox(world: Any, *events: str, vault: str = "vault") -> Mailbox:
    """What a vault's topic is told; the vault subscribes to the events."""
    mailbox, sns = Mailbox(world.sandbox, f"topic-of-{vault}"), world.sandbox.client("sns")
    topic = sns.create_topic(Name=vault)["TopicArn"]
    statement = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sns:Publish", "Resource": topic}
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps({"Statement": [statement]}))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=mailbox.arn)
    world.backup.put_backup_vault_notifications(BackupVaultName=vault, SNSTopicArn=topic, BackupVaultEvents=list(events))
    return mailbox


def bus_mailbox(sandbox: Any, pattern: dict[str, Any] | None = None, rule: str = "backup") -> Mailbox:
    """What the default event bus is told by AWS Backup, as far as it matches the pattern."""
    mailbox, events = Mailbox(sandbox, f"rule-{rule}"), sandbox.client("events")
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern or {"source": ["aws.backup"]}))
    events.put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": mailbox.arn}])
    return mailbox


def details(messages: list[dict[str, Any]], detail_type: str) -> list[dict[str, Any]]:
    """The details of the events of one type."""
    return [message["detail"] for message in messages if message["detail-type"] == detail_type]
