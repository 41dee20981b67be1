"""What SNS counts for each topic: messages published, notifications that could not be delivered, and those that no queue kept either."""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.sns.models import Topic
from moto.utilities.arns import parse_arn

from .. import metric_counts
from ..fixes.methods import wrap

PUBLISHED, FAILED, LOST = "NumberOfMessagesPublished", "NumberOfNotificationsFailed", "NumberOfNotificationsFailedToRedriveToDlq"


def count(topic_arn: str, name: str) -> None:
    """Count one more, now."""
    topic = parse_arn(topic_arn)
    metric_counts.add(("AWS/SNS", name), metric_counts.Resource(topic.account, topic.region, topic.resource_id))


def install() -> None:
    """Count what is published from now on."""
    wrap(Topic, "publish", _counting)


def _counting(publish: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(publish)
    def counted(topic: Topic, *args: object, **kwargs: object) -> str:
        count(topic.arn, PUBLISHED)
        return publish(topic, *args, **kwargs)

    return counted
