"""What SNS counts in CloudWatch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

NOBODY = "arn:aws:lambda:us-west-2:123456789012:function:nobody"


def counted(sandbox: Any, topic: str, metric: str) -> list[float]:
    """The sums of a topic's metric around now, a value a minute."""
    now = datetime.now(UTC)
    answer = sandbox.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SNS",
        MetricName=metric,
        Dimensions=[{"Name": "TopicName", "Value": topic}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum"],
    )
    return [point["Sum"] for point in answer["Datapoints"]]


def test_messages_published_and_notifications_failed(sandbox: Any) -> None:
    sns = sandbox.client("sns")
    busy, quiet = (sns.create_topic(Name=name)["TopicArn"] for name in ("busy", "quiet"))
    sns.subscribe(TopicArn=busy, Protocol="lambda", Endpoint=NOBODY)
    for _ in range(3):
        sns.publish(TopicArn=busy, Message="news")
    sns.publish(TopicArn=quiet, Message="news")
    assert counted(sandbox, "busy", "NumberOfMessagesPublished") == [3.0]
    assert counted(sandbox, "busy", "NumberOfNotificationsFailed") == [3.0]
    assert counted(sandbox, "quiet", "NumberOfMessagesPublished") == [1.0]
    assert counted(sandbox, "quiet", "NumberOfNotificationsFailed") == []
