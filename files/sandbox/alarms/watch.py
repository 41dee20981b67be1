"""Evaluating each alarm once a period of the sandbox's clock, and doing what it has for its new state."""

from __future__ import annotations

import functools
import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.utilities.arns import parse_arn

from .. import clock, sns
from ..fixes.methods import wrap
from . import message, metrics
from .evaluation import Datapoint, Rule, evaluate

SERVICE = "cloudwatch.amazonaws.com"
CREATED = ("INSUFFICIENT_DATA", "Unchecked: Initial alarm creation")


def install() -> None:
    """Watch the alarms that are put from now on."""
    wrap(CloudWatchBackend, "put_metric_alarm", _watched)
    wrap(CloudWatchBackend, "set_alarm_state", _acted_upon)


class Watch:
    """One alarm, until it is deleted or put again."""

    def __init__(self, backend: CloudWatchBackend, alarm: Alarm) -> None:
        self._backend, self._alarm = backend, alarm
        self._reader = metrics.Reader(alarm)
        self._datapoints: deque[Datapoint] = deque(maxlen=int(alarm.evaluation_periods))
        self._rule = Rule(
            comparison=alarm.comparison_operator,
            threshold=float(alarm.threshold),
            periods=int(alarm.evaluation_periods),
            datapoints_to_alarm=int(alarm.datapoints_to_alarm or alarm.evaluation_periods),
            missing_data=alarm.treat_missing_data or "missing",
        )

    def begin(self) -> None:
        """Evaluate the alarm a period from now, and again and again."""
        clock.scheduler.call_later(float(self._alarm.period), self._end_period)

    def _end_period(self) -> None:
        if self._backend.alarms.get(self._alarm.name) is not self._alarm:
            return
        self.begin()
        self._datapoints.append(Datapoint(self._reader.read(), time.time()))
        verdict = evaluate(self._rule, self._datapoints, self._alarm.state_value)
        if verdict.state not in (None, self._alarm.state_value):
            change(self._alarm, str(verdict.state), verdict.reason)


def change(alarm: Alarm, state: str, reason: str) -> None:
    """Bring an alarm into another state and tell its topics."""
    old = alarm.state_value
    alarm.update_state(reason, json.dumps({"version": "1.0", "statistic": alarm.statistic, "period": alarm.period}), state)
    act(alarm, old)


def act(alarm: Alarm, old: str) -> None:
    """Publish to the topics that the alarm has for its state."""
    actions = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions, "INSUFFICIENT_DATA": alarm.insufficient_data_actions}
    if not alarm.actions_enabled:
        return
    for arn in actions[alarm.state_value]:
        if parse_arn(arn).service == "sns":
            account = parse_arn(alarm.alarm_arn).account
            sns.publish_from_service(
                arn,
                service=SERVICE,
                source_account=account,
                source_arn=alarm.alarm_arn,
                source_owner=account,
                subject=message.subject(alarm),
                message=message.text(alarm, old),
                attributes={},
            )


def _watched(put_metric_alarm: Callable[..., Alarm]) -> Callable[..., Alarm]:
    @functools.wraps(put_metric_alarm)
    def put(backend: CloudWatchBackend, name: str, *args: Any, **kwargs: Any) -> Alarm:
        before = backend.alarms.get(name)
        alarm = put_metric_alarm(backend, name, *args, **kwargs)
        if before is not None:
            alarm.state_value, alarm.state_reason = before.state_value, before.state_reason
            alarm.state_updated_timestamp = before.state_updated_timestamp
        elif metrics.is_known(alarm):
            alarm.state_value, alarm.state_reason = CREATED
        if metrics.is_known(alarm):
            Watch(backend, alarm).begin()
        return alarm

    return put


def _acted_upon(set_alarm_state: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(set_alarm_state)
    def set_state(backend: CloudWatchBackend, alarm_name: str, *args: Any, **kwargs: Any) -> None:
        alarm = backend.alarms.get(alarm_name)
        old = alarm.state_value if alarm else ""
        set_alarm_state(backend, alarm_name, *args, **kwargs)
        if alarm is not None and alarm.state_value != old:
            act(alarm, old)

    return set_state
