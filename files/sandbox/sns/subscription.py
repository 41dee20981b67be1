"""Subscriptions that deliver to Lambda as AWS does; moto sends functions a canned envelope."""

from __future__ import annotations

import json
from typing import Any

from moto.sns import models
from moto.utilities.arns import parse_arn

from .. import awslambda, service_queue
from ..awslambda.permission import may_invoke
from . import metrics
from .envelope import Message, lambda_event, queue_body


class DeliveringSubscription(models.Subscription):
    """A subscription; those of other protocols than lambda deliver as moto's do."""

    __module__ = models.__name__

    def publish(
        self,
        message: str,
        message_id: str,
        subject: str | None = None,
        message_attributes: dict[str, Any] | None = None,
        group_id: str | None = None,
        deduplication_id: str | None = None,
        message_structure: str | None = None,
    ) -> None:
        """Deliver one message unless the filter policy refuses it."""
        if self.protocol != "lambda":
            super().publish(message, message_id, subject, message_attributes, group_id, deduplication_id, message_structure)
            return
        if self._filter_policy_matcher is not None and not self._filter_policy_matcher.matches(message_attributes, message):
            return
        if message_structure == "json":
            message = self._parse_message_structure(message, self.protocol)
        self._deliver(Message(message_id, self.topic.arn, subject or None, message, message_attributes or {}))

    def _deliver(self, message: Message) -> None:
        account = parse_arn(message.topic_arn).account
        if may_invoke("sns.amazonaws.com", self.endpoint, message.topic_arn, account):
            awslambda.invoke_async(self.endpoint, lambda_event(message, self.arn))
        else:
            metrics.count(message.topic_arn, metrics.FAILED)
            self._send_to_dead_letter_queue(message)

    def _send_to_dead_letter_queue(self, message: Message) -> None:
        target_arn = json.loads(self.attributes.get("RedrivePolicy") or "{}").get("deadLetterTargetArn")
        if not target_arn:
            return
        body = json.dumps(queue_body(message, self.arn))
        if not service_queue.send_from_service(target_arn, body, service="sns.amazonaws.com", source_arn=message.topic_arn):
            metrics.count(message.topic_arn, metrics.LOST)


def install() -> None:
    """Make subscriptions of this kind from now on."""
    models.Subscription = DeliveringSubscription  # type: ignore[misc]
