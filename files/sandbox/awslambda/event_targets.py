"""EventBridge rules with Lambda and SQS targets: moto refuses the first and leaves parts of the event out for the second."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from moto.events import models
from moto.events.utils import EventTemplateParser
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .. import metric_counts, service_queue
from . import backend, permission


class DeliveringRule(models.Rule):
    """A rule that invokes its Lambda targets, if their policies let EventBridge do so, and sends queues the whole event."""

    __module__ = models.__name__

    def send_to_targets(self, original_event: Any, transform_input: bool = True) -> None:
        """Send an event to the targets when it matches the rule's pattern; a disabled rule sends nothing."""
        if self.state != "ENABLED" or not self.event_pattern.matches_event(original_event):
            return
        senders = {"lambda": self._invoke, "sqs": self._send}
        others = copy.copy(self)
        others.targets = []
        for target in list(self.targets):
            sender = senders.get(parse_arn(target["Arn"]).service)
            if sender is None:
                others.targets.append(target)
            else:
                sender(target, json.dumps(target_input(target, original_event)))
        super(DeliveringRule, others).send_to_targets(original_event, transform_input)

    def _invoke(self, target: dict[str, Any], event: str) -> None:
        refusal = permission.refusal("events.amazonaws.com", target["Arn"], self.arn, self.account_id)
        if refusal is None:
            backend.find(target["Arn"]).accept(event.encode(), target["Arn"])
        elif queue_arn := target.get("DeadLetterConfig", {}).get("Arn"):
            # EventBridge does not try again for errors that no retry can mend.
            self._keep(queue_arn, event, {"TARGET_ARN": target["Arn"], "ERROR_CODE": refusal.code, "ERROR_MESSAGE": refusal.text})

    def _keep(self, queue_arn: str, event: str, attributes: dict[str, str]) -> None:
        attributes = {"RULE_ARN": self.arn, **attributes}
        if not service_queue.send_from_service(
            queue_arn, event, service="events.amazonaws.com", source_arn=self.arn, attributes=attributes
        ):
            resource = metric_counts.Resource(self.account_id, self.region_name, self.name)
            metric_counts.add(("AWS/Events", "InvocationsFailedToBeSentToDlq"), resource)

    def _send(self, target: dict[str, Any], event: str) -> None:
        queue = parse_arn(target["Arn"])
        group = target.get("SqsParameters", {}).get("MessageGroupId")
        sqs_backends[queue.account][queue.region].send_message(queue.resource_id, event, group_id=group)


def target_input(target: dict[str, Any], event: Any) -> Any:
    """What a target gets for an event: the event, a part of it, a constant or a filled template."""
    if "InputTransformer" in target:
        transformer = target["InputTransformer"]
        return EventTemplateParser.parse(transformer["InputTemplate"], transformer.get("InputPathsMap", {}), event)
    event = {name: value for name, value in event.items() if name != "ingestion-time"}
    if not isinstance(event.get("time"), str):
        event = {**event, "time": datetime.fromtimestamp(event["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
    if "Input" in target:
        return json.loads(target["Input"])
    if "InputPath" in target:
        return _at_path(event, target["InputPath"])
    return event


def _at_path(event: Any, path: str) -> Any:
    for name in path.split(".")[1:]:
        event = event[name]
    return event


def install() -> None:
    """Make rules of this kind from now on."""
    models.Rule = DeliveringRule  # type: ignore[misc]
