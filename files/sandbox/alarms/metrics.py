"""The two metrics that alarms are evaluated on."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from moto.cloudwatch.models import Alarm
from moto.core.exceptions import ServiceException
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .. import control
from ..awslambda.backend import RunningFunction
from ..awslambda.spec import Request, Result
from ..fixes.methods import wrap


@dataclass
class Invocations:
    """How often a function has run, and how often it failed."""

    count: int = 0
    errors: int = 0


_invocations: dict[tuple[str, str, str], Invocations] = {}


class Reader:
    """Reads an alarm's metric once a period."""

    def __init__(self, alarm: Alarm) -> None:
        self._account = parse_arn(alarm.alarm_arn).account
        self._region = alarm.region_name
        self._dimensions = {dimension.name: dimension.value for dimension in alarm.dimensions}
        self._statistic = alarm.statistic
        self._read = METRICS[(alarm.namespace, alarm.metric_name)]
        self._before = Invocations(**vars(self._counted()))

    def read(self) -> float | None:
        """The period's value; None when AWS would have no data."""
        return self._read(self)

    def visible_messages(self) -> float | None:
        """AWS/SQS ApproximateNumberOfMessagesVisible: one sample a period."""
        try:
            queue = sqs_backends[self._account][self._region].get_queue(self._dimensions.get("QueueName") or "")
        except ServiceException:
            return None
        return 1.0 if self._statistic == "SampleCount" else float(queue.approximate_number_of_messages)

    def errors(self) -> float | None:
        """AWS/Lambda Errors: a sample for each invocation of the period."""
        counted = self._counted()
        count, errors = counted.count - self._before.count, counted.errors - self._before.errors
        self._before = Invocations(counted.count, counted.errors)
        if count == 0:
            return None
        values = {"Sum": errors, "SampleCount": count, "Average": errors / count, "Maximum": errors > 0, "Minimum": errors == count}
        return float(values[self._statistic])

    def _counted(self) -> Invocations:
        key = (self._account, self._region, self._dimensions.get("FunctionName") or "")
        return _invocations.setdefault(key, Invocations())


METRICS: dict[tuple[str, str], Callable[[Reader], float | None]] = {
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): Reader.visible_messages,
    ("AWS/Lambda", "Errors"): Reader.errors,
}


def is_known(alarm: Alarm) -> bool:
    """Whether an alarm is on one of these metrics, by a plain statistic."""
    return (alarm.namespace, alarm.metric_name) in METRICS and alarm.statistic in ("Sum", "SampleCount", "Average", "Maximum", "Minimum")


@control.on_reset
def forget() -> None:
    """Count from nought."""
    _invocations.clear()


def install() -> None:
    """Count the functions' invocations from now on."""
    wrap(RunningFunction, "run", _counting)


def _counting(run: Callable[..., Result]) -> Callable[..., Result]:
    @functools.wraps(run)
    def counted(function: RunningFunction, request: Request, *args: Any) -> Result:
        result = run(function, request, *args)
        key = (function.account_id, function.region, function.function_name)
        invocations = _invocations.setdefault(key, Invocations())
        invocations.count += 1
        invocations.errors += result.error is not None
        return result

    return counted
