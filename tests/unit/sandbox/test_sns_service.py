"""AWS services publishing to topics, and the policies that decide about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto.core.base_backend import BackendDict
from moto.sns.models import sns_backends
from sandbox.resource_policy import allows, role_allows
from sandbox.sns.service import publish_from_service

ACCOUNT = "123456789012"
TOPIC = "arn:aws:sns:us-west-2:123456789012:alerts"
VAULT = "arn:aws:backup:us-west-2:123456789012:backup-vault:v"
GRANT = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "SNS:Publish", "Resource": TOPIC}


@pytest.fixture
def topic() -> Iterator[Any]:
    """A topic in this process."""
    yield sns_backends[ACCOUNT]["us-west-2"].create_topic("alerts")
    BackendDict.reset()


def publish(topic_arn: str = TOPIC) -> bool:
    """Publish as AWS Backup."""
    return publish_from_service(
        topic_arn,
        service="backup.amazonaws.com",
        source_account=ACCOUNT,
        source_arn=VAULT,
        subject="Notification from AWS Backup",
        message="text",
        attributes={"State": "COMPLETED"},
    )


def test_published_when_the_policy_grants_it(topic: Any) -> None:
    topic.policy = json.dumps({"Statement": [GRANT]})
    assert publish()
    ((_, text, subject, attributes, _),) = topic.sent_notifications
    assert (text, subject, attributes) == ("text", "Notification from AWS Backup", {"State": {"Type": "String", "Value": "COMPLETED"}})


def test_refused_by_default_policy_missing_topic_and_managed_key(topic: Any) -> None:
    assert not publish()
    assert not publish(f"{TOPIC}-missing")
    topic.policy = json.dumps({"Statement": [GRANT]})
    topic.kms_master_key_id = "alias/aws/sns"
    assert not publish()
    assert topic.sent_notifications == []


@pytest.mark.parametrize(
    ("change", "allowed"),
    [
        ({}, True),
        ({"Principal": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Principal": {"Service": ["events.amazonaws.com", "backup.amazonaws.com"]}}, True),
        ({"Principal": {"Service": "events.amazonaws.com"}}, False),
        ({"Action": "sns:publish"}, True),
        ({"Action": ["sns:Subscribe", "sns:Pub*"]}, True),
        ({"Action": "sns:Subscribe"}, False),
        ({"Resource": "*"}, True),
        ({"Resource": f"{TOPIC}s"}, False),
        ({"Effect": "Deny"}, False),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}, True),
        ({"Condition": {"StringEquals": {"AWS:SOURCEACCOUNT": [ACCOUNT, "1"]}}}, True),
        ({"Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}}, False),
        ({"Condition": {"ArnLike": {"aws:SourceArn": "arn:aws:backup:*:123456789012:*"}}}, True),
        ({"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::b"}}}, False),
        ({"Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}, False),
        ({"Condition": {"StringEqualsIfExists": {"AWS:SourceOwner": ACCOUNT}}}, True),
        ({"Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}}, False),
        ({"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}, False),
    ],
)
def test_policy_decisions(change: dict[str, Any], allowed: bool) -> None:
    policy = {"Statement": GRANT | change}
    context = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": VAULT}
    assert allows(policy, "backup.amazonaws.com", "SNS:Publish", TOPIC, context) is allowed


def test_deny_wins() -> None:
    assert not allows({"Statement": [GRANT, GRANT | {"Effect": "Deny"}]}, "backup.amazonaws.com", "sns:Publish", TOPIC, {})
    allow = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    assert role_allows([allow], "sqs:SendMessage", TOPIC)
    assert not role_allows([allow, {"Statement": {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}}], "sqs:SendMessage", TOPIC)
