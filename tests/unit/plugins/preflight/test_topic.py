"""Topics that AWS Backup publishes to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, Ask

TOPIC = f"arn:aws:sns:us-west-2:{ACCOUNT}:events"
WANTED = {"checks": ["topic"], "sns_topic_arns": [TOPIC]}
BACKUP = {"Service": "backup.amazonaws.com"}
PUBLISH = {"Effect": "Allow", "Principal": BACKUP, "Action": "SNS:Publish", "Resource": TOPIC}
USE = {
    "Effect": "Allow",
    "Principal": BACKUP,
    "Action": ["kms:GenerateDataKey*", "kms:Decrypt"],
    "Resource": "*",
}
ADMINISTER = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "kms:*", "Resource": "*"}


def make_topic(sandbox: Any, *statements: dict[str, Any], **attributes: str) -> None:
    """The topic, with AWS's policy unless statements are given."""
    sns = sandbox.client("sns")
    sns.create_topic(Name="events", Attributes=attributes)
    if statements:
        sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=json.dumps({"Statement": list(statements)}))


def results(found: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Result and reason of each check."""
    return {each["check"]: (each["result"], each["reason"]) for each in found}


def test_a_topic_that_does_not_exist_yet(ask: Ask) -> None:
    yet = ("passed", "it does not exist yet; deploy.yml creates it")
    assert results(ask(**WANTED)) == {"topic policy": yet, "topic encryption": yet}


@pytest.mark.parametrize("condition", [{}, {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}], ids=["any", "account"])
def test_a_good_topic(sandbox: Any, ask: Ask, condition: dict[str, Any]) -> None:
    make_topic(sandbox, {**PUBLISH, **condition})
    assert results(ask(**WANTED)) == {
        "topic policy": ("passed", "backup.amazonaws.com may publish to it"),
        "topic encryption": ("passed", "it is not encrypted with a key of KMS"),
    }


def test_the_policy_that_aws_gives_to_every_topic_does_not_do(sandbox: Any, ask: Ask) -> None:
    make_topic(sandbox)
    reason = "backup.amazonaws.com may not publish to it, and no notification would arrive"
    assert results(ask(**WANTED))["topic policy"] == ("failed", reason)


def test_a_policy_for_another_account(sandbox: Any, ask: Ask) -> None:
    make_topic(sandbox, {**PUBLISH, "Condition": {"StringEquals": {"aws:SourceAccount": "999999999999"}}})
    assert results(ask(**WANTED))["topic policy"][0] == "failed"


def test_a_policy_with_a_condition_that_nobody_can_judge(sandbox: Any, ask: Ask) -> None:
    make_topic(sandbox, {**PUBLISH, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})
    assert results(ask(**WANTED))["topic policy"][0] == "unknown"


def test_a_topic_with_awss_key_loses_everything(sandbox: Any, ask: Ask) -> None:
    make_topic(sandbox, PUBLISH, KmsMasterKeyId="alias/aws/sns")
    found = [each for each in ask(**WANTED) if each["check"] == "topic encryption"]
    assert found[0]["result"] == "failed"
    assert found[0]["reason"] == "its key is managed by AWS, which does not let AWS Backup use it: every notification would be lost"
    assert "customer managed key" in found[0]["remedy"]


def test_a_topic_with_a_key_of_ones_own(sandbox: Any, ask: Ask) -> None:
    kms = sandbox.client("kms")
    key = kms.create_key(Policy=json.dumps({"Statement": [ADMINISTER]}))["KeyMetadata"]["KeyId"]
    make_topic(sandbox, PUBLISH, KmsMasterKeyId=key)
    found = results(ask(**WANTED))["topic encryption"]
    assert found == ("failed", f"the policy of its key {key} does not let backup.amazonaws.com use it")
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps({"Statement": [ADMINISTER, USE]}))
    assert results(ask(**WANTED))["topic encryption"][0] == "passed"
    kms.disable_key(KeyId=key)
    assert results(ask(**WANTED))["topic encryption"] == ("failed", f"its key {key} is Disabled")
    gone = f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    sandbox.client("sns").set_topic_attributes(TopicArn=TOPIC, AttributeName="KmsMasterKeyId", AttributeValue=gone)
    assert results(ask(**WANTED))["topic encryption"] == ("failed", f"there is no key {gone}")
