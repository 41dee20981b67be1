"""What SNS counts in CloudWatch, a value for each topic and minute: messages published, and notifications that could not be delivered."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from moto.cloudwatch.models import MetricAggregatedDatum
from moto.core.common_models import CloudWatchMetricProvider
from moto.core.utils import utcnow
from moto.sns.models import Topic
from moto.utilities.arns import parse_arn

from .. import control
from ..fixes.methods import wrap

PUBLISHED, FAILED = "NumberOfMessagesPublished", "NumberOfNotificationsFailed"

_counted: Counter[tuple[str, str, datetime]] = Counter()


class TopicMetrics(CloudWatchMetricProvider):
    """Hands the values to CloudWatch, which asks every class of this kind."""

    @staticmethod
    def get_cloudwatch_metrics(account_id: str, region: str) -> list[MetricAggregatedDatum]:
        """The values of an account's topics in a Region."""
        found = [(parse_arn(arn), name, minute, count) for (arn, name, minute), count in _counted.items()]
        return [
            MetricAggregatedDatum(
                namespace="AWS/SNS",
                name=name,
                min_stat=1,
                max_stat=1,
                sample_count=count,
                sum_stat=count,
                dimensions=[{"Name": "TopicName", "Value": topic.resource_id}],
                timestamp=minute,
                unit="Count",
            )
            for topic, name, minute, count in found
            if (topic.account, topic.region) == (account_id, region)
        ]


def count(topic_arn: str, metric: str) -> None:
    """Count one more, now."""
    _counted[(topic_arn, metric, utcnow().replace(second=0, microsecond=0))] += 1


@control.on_reset
def forget() -> None:
    """Count from nought."""
    _counted.clear()


def install() -> None:
    """Count what is published from now on."""
    wrap(Topic, "publish", _counting)


def _counting(publish: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(publish)
    def counted(topic: Topic, *args: object, **kwargs: object) -> str:
        count(topic.arn, PUBLISHED)
        return publish(topic, *args, **kwargs)

    return counted
