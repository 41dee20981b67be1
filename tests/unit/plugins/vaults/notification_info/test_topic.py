"""What the metrics of the topic tell when there is no other evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import backup_notification_info

from tests.unit.plugins.vaults.notification_info.records import GROUP, QUEUE, Log, failure, receipt, sns_event

TOPIC = "backup-events"


@pytest.fixture
def publish(sandbox: Any, log: Log) -> Callable[..., None]:
    """Publish to the topic, which exists beside a log that says nothing."""
    log("START")
    sns = sandbox.client("sns")
    arn = sns.create_topic(Name=TOPIC)["TopicArn"]

    def send(count: int, deliverable: bool = True) -> None:
        if not deliverable:
            nobody = "arn:aws:lambda:us-west-2:123456789012:function:nobody"
            sns.subscribe(TopicArn=arn, Protocol="lambda", Endpoint=nobody)
        for _ in range(count):
            sns.publish(TopicArn=arn, Message="news")

    return send


@pytest.fixture
def args(args: dict[str, Any]) -> dict[str, Any]:
    return {**args, "topic_name": TOPIC}


def test_messages_that_could_not_be_delivered(run_module: Any, args: dict[str, Any], publish: Callable[..., None]) -> None:
    publish(2, deliverable=False)
    result = failure(run_module, args)
    assert (result["grade"], result["evidence"]["published"]) == (None, [])
    topic = result["evidence"]["topic"]
    since = datetime.fromisoformat(topic.pop("since"))
    assert topic == {"topic_name": TOPIC, "messages_published": 2, "notifications_failed": 2}
    assert f"the log group {GROUP} has nothing about this job. 2 messages were published to the topic {TOPIC} since " in result["msg"]
    assert (
        f"since {since:%Y-%m-%d %H:%M} UTC, by its metrics, which name no job; SNS could not deliver 2 of its notifications. "
        "Check that the function is subscribed and SNS may invoke it"
    ) in result["msg"]


def test_messages_that_are_somewhere(run_module: Any, args: dict[str, Any], publish: Callable[..., None]) -> None:
    publish(1)
    message = failure(run_module, args)["msg"]
    assert f"1 message was published to the topic {TOPIC} since " in message
    assert "could not deliver" not in message


def test_nothing_was_published(run_module: Any, args: dict[str, Any], publish: Callable[..., None]) -> None:
    publish(0)
    result = failure(run_module, args)
    assert f"No message was published to the topic {TOPIC} since " in result["msg"]
    assert "Check that the vault notifies" in result["msg"]
    assert "SNS may invoke" not in result["msg"]


def test_what_was_published_before_the_job_ended_does_not_count(
    run_module: Any, args: dict[str, Any], publish: Callable[..., None]
) -> None:
    publish(1)
    now = datetime.now(UTC)
    for age, published in ((timedelta(0), 1), (timedelta(days=20), 1), (timedelta(days=70), 1), (timedelta(minutes=-2), 0)):
        result = run_module(backup_notification_info, {**args, "end_time": (now - age).isoformat()})
        assert result["evidence"]["topic"]["messages_published"] == published, age


def test_the_topic_is_left_alone_when_something_else_tells(
    run_module: Any, args: dict[str, Any], log: Log, bury: Callable[..., None], proxy: Any
) -> None:
    log("START")
    bury(sns_event("COMPLETED"))
    result = run_module(backup_notification_info, {**args, "dead_letter_queue_name": QUEUE})
    assert (result["grade"], result["evidence"]["topic"]) == ("published", None)
    log(receipt())
    proxy.requests.clear()
    assert run_module(backup_notification_info, args)["evidence"]["topic"] is None
    assert len(proxy.requests) == 1


def test_metrics_that_may_not_be_read_are_done_without(
    run_module: Any, args: dict[str, Any], publish: Callable[..., None], proxy: Any
) -> None:
    publish(1)
    proxy.refuse("POST", "GetMetricData|^/$", "AccessDenied", "not authorized to perform: cloudwatch:GetMetricData", skip=1)
    result = run_module(backup_notification_info, args)
    assert (result.get("failed"), result["grade"], result["evidence"]["topic"]) == (None, None, None)
    reason = f"Failed to read the metrics of the topic {TOPIC}: not authorized to perform: cloudwatch:GetMetricData"
    assert reason in str(result["warnings"])
