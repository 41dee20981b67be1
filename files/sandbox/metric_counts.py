"""What happened to a resource, counted as CloudWatch does: a sample for each time it could have happened, 1 when it did and 0 when not.

Alarms read how much came since they looked last; CloudWatch's API tells the values of each minute.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from moto.cloudwatch.models import MetricAggregatedDatum
from moto.core.common_models import CloudWatchMetricProvider
from moto.core.utils import utcnow

from . import control

DIMENSIONS = {
    ("AWS/Lambda", "Errors"): "FunctionName",
    ("AWS/Lambda", "DeadLetterErrors"): "FunctionName",
    ("AWS/SNS", "NumberOfMessagesPublished"): "TopicName",
    ("AWS/SNS", "NumberOfNotificationsFailed"): "TopicName",
    ("AWS/SNS", "NumberOfNotificationsFailedToRedriveToDlq"): "TopicName",
    ("AWS/Events", "InvocationsFailedToBeSentToDlq"): "RuleName",
}
"""The metrics that are counted, and the dimension that names the resource."""

Metric = tuple[str, str]
"""Namespace and name."""


@dataclass(frozen=True)
class Resource:
    """What a metric is about; name as in its dimension."""

    account: str
    region: str
    name: str


@dataclass(frozen=True)
class Count:
    """Samples so far, and their sum."""

    samples: int = 0
    total: int = 0

    def since(self, before: Count) -> Count:
        """What came after an earlier count."""
        return Count(self.samples - before.samples, self.total - before.total)

    def statistic(self, name: str) -> float:
        """A statistic of at least one sample."""
        values = {
            "Sum": self.total,
            "SampleCount": self.samples,
            "Average": self.total / self.samples,
            "Maximum": self.total > 0,
            "Minimum": self.total == self.samples,
        }
        return float(values[name])


# By metric and resource, then by minute.
_counts: defaultdict[tuple[Metric, Resource], dict[datetime, Count]] = defaultdict(dict)


class Metrics(CloudWatchMetricProvider):
    """Hands the values to CloudWatch, which asks every class of this kind."""

    @staticmethod
    def get_cloudwatch_metrics(account_id: str, region: str) -> list[MetricAggregatedDatum]:
        """The values of an account's resources in a Region."""
        return [
            _datum(metric, resource, minute, count)
            for (metric, resource), minutes in list(_counts.items())
            if (resource.account, resource.region) == (account_id, region)
            for minute, count in list(minutes.items())
        ]


def add(metric: Metric, resource: Resource, happened: bool = True) -> None:
    """Count one sample, now."""
    minutes, minute = _counts[metric, resource], utcnow().replace(second=0, microsecond=0)
    before = minutes.get(minute, Count())
    minutes[minute] = Count(before.samples + 1, before.total + happened)


def get(metric: Metric, resource: Resource) -> Count:
    """What was counted so far."""
    counts = list(_counts.get((metric, resource), {}).values())
    return Count(sum(count.samples for count in counts), sum(count.total for count in counts))


@control.on_reset
def forget() -> None:
    """Count from nought."""
    _counts.clear()


def _datum(metric: Metric, resource: Resource, minute: datetime, count: Count) -> MetricAggregatedDatum:
    namespace, name = metric
    return MetricAggregatedDatum(
        namespace=namespace,
        name=name,
        min_stat=count.statistic("Minimum"),
        max_stat=count.statistic("Maximum"),
        sample_count=count.samples,
        sum_stat=count.total,
        dimensions=[{"Name": DIMENSIONS[metric], "Value": resource.name}],
        timestamp=minute,
        unit="Count",
    )
