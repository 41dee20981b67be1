"""The queue for what a service could not deliver: SNS's redrive policies and EventBridge's dead-letter configurations."""

from __future__ import annotations

import logging
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .resource_policy import allows

log = logging.getLogger(__name__)


def send_from_service(queue_arn: str, body: str, *, service: str, source_arn: str, attributes: dict[str, str] | None = None) -> bool:
    """Send as `service` (for example sns.amazonaws.com); returns whether the queue exists and its policy lets it.

    Args:
        source_arn: the topic or the rule that the service acts for.
        attributes: message attributes, all strings.
    """
    target = parse_arn(queue_arn)
    context = {"aws:SourceArn": source_arn, "aws:SourceAccount": parse_arn(source_arn).account}
    backend = sqs_backends[target.account][target.region]
    named: dict[str, Any] = {name: {"DataType": "String", "StringValue": value} for name, value in (attributes or {}).items()}
    try:
        policy = backend.get_queue(target.resource_id)._policy_json
        if not allows(policy, service, "sqs:SendMessage", queue_arn, context):
            log.warning("%s could not send what it did not deliver to %s: the queue's policy does not let it", source_arn, queue_arn)
            return False
        backend.send_message(target.resource_id, body, named)
    except ServiceException as error:
        log.warning("%s could not send what it did not deliver to %s: %s", source_arn, queue_arn, error)
        return False
    return True
