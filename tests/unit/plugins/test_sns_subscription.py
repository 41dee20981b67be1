"""The module sns_subscription against a sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import sns_subscription

TOPIC = "arn:aws:sns:us-west-2:123456789012:events"
FUNCTION = "arn:aws:lambda:us-west-2:123456789012:function:notifier"
QUEUE = "arn:aws:sqs:us-west-2:123456789012:undelivered"

Ensure = Callable[..., dict[str, Any]]


@pytest.fixture
def ensure(sandbox: Any, run_module: Any) -> Ensure:
    """Run the module for a function's subscription."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        args = {**sandbox.connection(), "topic_arn": TOPIC, "protocol": "lambda", "endpoint": FUNCTION, **options}
        return run_module(sns_subscription, args, check=check, diff=True)

    return run


@pytest.fixture
def topic(sandbox: Any) -> None:
    """A topic."""
    sandbox.client("sns").create_topic(Name="events")


def queues(sandbox: Any) -> list[str | None]:
    """The dead-letter queue of each subscription of the topic."""
    sns = sandbox.client("sns")
    arns = [subscription["SubscriptionArn"] for subscription in sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]]
    attributes = [sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"] for arn in arns]
    return [json.loads(each.get("RedrivePolicy") or "{}").get("deadLetterTargetArn") for each in attributes]


@pytest.mark.usefixtures("topic")
def test_subscribes_changes_and_ends(sandbox: Any, ensure: Ensure) -> None:
    for options, after in (
        ({"dead_letter_arn": QUEUE}, [QUEUE]),
        ({}, [None]),
        ({"dead_letter_arn": f"{QUEUE}-2"}, [f"{QUEUE}-2"]),
        ({"state": "absent"}, []),
        ({}, [None]),
    ):
        before = queues(sandbox)
        assert ensure(check=True, **options)["changed"]
        assert queues(sandbox) == before
        result = ensure(**options)
        assert (result["changed"], queues(sandbox)) == (True, after)
        assert not ensure(**options)["changed"]


@pytest.mark.usefixtures("topic")
def test_returns_it(ensure: Ensure) -> None:
    result = ensure(dead_letter_arn=QUEUE)
    arn = result["subscription"].pop("subscription_arn")
    assert arn.startswith(f"{TOPIC}:")
    assert result["subscription"] == {"topic_arn": TOPIC, "protocol": "lambda", "endpoint": FUNCTION, "dead_letter_arn": QUEUE}
    assert result["diff"]["before"] == {}


def test_a_topic_that_is_not_there(ensure: Ensure) -> None:
    assert ensure(check=True)["changed"]
    assert not ensure(state="absent")["changed"]
    result = ensure()
    assert result["failed"]
    assert f"Failed to subscribe {FUNCTION} to the topic {TOPIC}" in result["msg"]
