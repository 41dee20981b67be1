"""EventBridge rules with Lambda targets, which moto refuses."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

from moto.events import models
from moto.events.utils import EventTemplateParser

from . import backend, permission


class LambdaRule(models.Rule):
    """A rule that invokes its Lambda targets, if their policies let EventBridge do so."""

    __module__ = models.__name__

    def send_to_targets(self, original_event: Any, transform_input: bool = True) -> None:
        """Send an event to the targets when it matches the rule's pattern."""
        functions = [target for target in self.targets if ":lambda:" in target["Arn"]]
        if functions and self.state == "ENABLED" and self.event_pattern.matches_event(original_event):
            for target in functions:
                self._invoke(target, original_event)
        others = copy.copy(self)
        others.targets = [target for target in self.targets if target not in functions]
        super(LambdaRule, others).send_to_targets(original_event, transform_input)

    def _invoke(self, target: dict[str, Any], event: Any) -> None:
        if permission.may_invoke("events.amazonaws.com", target["Arn"], self.arn, self.account_id):
            payload = json.dumps(target_input(target, event))
            backend.find(target["Arn"]).accept(payload.encode(), target["Arn"])


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
    models.Rule = LambdaRule  # type: ignore[misc]
