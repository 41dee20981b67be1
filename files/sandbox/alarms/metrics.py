"""The metrics that alarms are evaluated on: the length of a queue, and what is counted (see metric_counts)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.cloudwatch.models import Alarm
from moto.core.exceptions import ServiceException
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .. import metric_counts
from ..awslambda.backend import RunningFunction
from ..awslambda.spec import Request, Result
from ..fixes.methods import wrap

QUEUE_LENGTH = ("AWS/SQS", "ApproximateNumberOfMessagesVisible")


class Reader:
    """Reads an alarm's metric once a period."""

    def __init__(self, alarm: Alarm) -> None:
        self._metric = (alarm.namespace, alarm.metric_name)
        self._statistic = alarm.statistic
        dimensions = {dimension.name: dimension.value for dimension in alarm.dimensions}
        name = dimensions.get(metric_counts.DIMENSIONS.get(self._metric, "QueueName")) or ""
        self._resource = metric_counts.Resource(parse_arn(alarm.alarm_arn).account, alarm.region_name, name)
        self._before = metric_counts.get(self._metric, self._resource)

    def read(self) -> float | None:
        """The period's value; None when AWS would have no data."""
        return self._visible_messages() if self._metric == QUEUE_LENGTH else self._counted()

    def _visible_messages(self) -> float | None:
        """One sample a period."""
        try:
            queue = sqs_backends[self._resource.account][self._resource.region].get_queue(self._resource.name)
        except ServiceException:
            return None
        return 1.0 if self._statistic == "SampleCount" else float(queue.approximate_number_of_messages)

    def _counted(self) -> float | None:
        counted = metric_counts.get(self._metric, self._resource)
        period = counted.since(self._before)
        self._before = counted
        return period.statistic(self._statistic) if period.samples else None


def is_known(alarm: Alarm) -> bool:
    """Whether an alarm is on one of these metrics, by a plain statistic."""
    known = {QUEUE_LENGTH, *metric_counts.DIMENSIONS}
    return (alarm.namespace, alarm.metric_name) in known and alarm.statistic in ("Sum", "SampleCount", "Average", "Maximum", "Minimum")


def install() -> None:
    """Count the functions' invocations from now on."""
    wrap(RunningFunction, "run", _counting)


def _counting(run: Callable[..., Result]) -> Callable[..., Result]:
    @functools.wraps(run)
    def counted(function: RunningFunction, request: Request, *args: Any) -> Result:
        result = run(function, request, *args)
        resource = metric_counts.Resource(function.account_id, function.region, function.function_name)
        metric_counts.add(("AWS/Lambda", "Errors"), resource, result.error is not None)
        return result

    return counted
