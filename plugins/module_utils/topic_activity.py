# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What CloudWatch counted at a topic: that something was published to it, but never about which job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient

PUBLISHED, FAILED = "NumberOfMessagesPublished", "NumberOfNotificationsFailed"

KEPT = ((timedelta(days=15), 60), (timedelta(days=63), 300))
LONGEST_PERIOD = 3600
"""For how long CloudWatch keeps values of a period (seconds); those of an hour for 455 days
(https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html)."""


@dataclass(frozen=True)
class TopicActivity:
    """What happened at a topic, whatever it was about.

    Attributes:
        topic_name: of the SNS topic.
        since: from when on it is counted, the beginning of a minute.
        published: messages that the topic took.
        failed: notifications that SNS could not deliver to a subscriber, one that may not be invoked, for example.
    """

    topic_name: str
    since: datetime
    published: int
    failed: int

    def as_dict(self) -> dict[str, Any]:
        """As modules return it."""
        return {
            "topic_name": self.topic_name,
            "since": self.since.isoformat(timespec="seconds"),
            "messages_published": self.published,
            "notifications_failed": self.failed,
        }


def read_topic_activity(client: BaseClient, topic_name: str, since: datetime) -> TopicActivity:
    """What CloudWatch has counted so far, some minutes behind.

    Args:
        client: a CloudWatch client.
        topic_name: of the SNS topic.
        since: the earliest time; what was in the same minute before counts, too.

    Raises:
        AnsibleBackupError: the metrics cannot be read.
    """
    period = _period(datetime.now(UTC) - since)
    start = datetime.fromtimestamp(since.timestamp() // period * period, UTC)
    sums = get_topic_sums(client, topic_name, start, period)
    return TopicActivity(topic_name, start, sums[PUBLISHED], sums[FAILED])


@aws_call("read the metrics of the topic {topic_name}")
def get_topic_sums(client: BaseClient, topic_name: str, start: datetime, period: int) -> dict[str, int]:
    """The sums of the topic's metrics from start until now; 0 where there are no values."""
    queries = {f"metric{number}": name for number, name in enumerate((PUBLISHED, FAILED))}
    pages = client.get_paginator("get_metric_data").paginate(
        MetricDataQueries=[_query(identifier, name, topic_name, period) for identifier, name in queries.items()],
        StartTime=start,
        EndTime=max(start, datetime.now(UTC)) + timedelta(seconds=period),
    )
    sums = dict.fromkeys(queries.values(), 0)
    for page in pages:
        for result in page["MetricDataResults"]:
            sums[queries[result["Id"]]] += round(sum(result["Values"]))
    return sums


def _query(identifier: str, metric_name: str, topic_name: str, period: int) -> dict[str, Any]:
    dimensions = [{"Name": "TopicName", "Value": topic_name}]
    metric = {"Namespace": "AWS/SNS", "MetricName": metric_name, "Dimensions": dimensions}
    return {"Id": identifier, "MetricStat": {"Metric": metric, "Period": period, "Stat": "Sum"}}


def _period(age: timedelta) -> int:
    return next((period for kept, period in KEPT if age < kept), LONGEST_PERIOD)
