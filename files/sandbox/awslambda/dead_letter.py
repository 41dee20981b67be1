"""Where an event goes once its invocations have failed for good."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from moto.core.exceptions import ServiceException
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.utilities.arns import parse_arn

from .. import role_policies

log = logging.getLogger(__name__)

ACTIONS = {"sqs": "sqs:SendMessage", "sns": "sns:Publish"}
MAX_ERROR_BYTES = 1024
FUNCTION_ERROR = 200
"""The HTTP status of an invocation whose function failed, as ErrorCode tells it."""


def send_to_queue(role_arn: str, target_arn: str, request_id: str, event: str, message: str, code: int = FUNCTION_ERROR) -> bool:
    """Send the event to a function's DeadLetterConfig target (SQS or SNS), with what went wrong; returns whether it was taken."""
    attributes = {
        "RequestID": ("String", request_id),
        "ErrorCode": ("Number", str(code)),
        "ErrorMessage": ("String", message.encode()[:MAX_ERROR_BYTES].decode(errors="ignore") or "-"),
    }
    return _send(role_arn, target_arn, event, attributes)


def send_to_destination(
    role_arn: str, target_arn: str, function_arn: str, request_id: str, event: str, attempts: int, payload: bytes
) -> None:
    """Send an on-failure record (SQS or SNS) with the event and what the function answered last."""
    version = function_arn.split(":")[7] if function_arn.count(":") > 6 else "$LATEST"
    record = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "requestContext": {
            "requestId": request_id,
            "functionArn": f"{':'.join(function_arn.split(':')[:7])}:{version}",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": attempts,
        },
        "requestPayload": json.loads(event),
        "responseContext": {"statusCode": 200, "executedVersion": version, "functionError": "Unhandled"},
        "responsePayload": json.loads(payload),
    }
    _send(role_arn, target_arn, json.dumps(record), {})


def _send(role_arn: str, target_arn: str, body: str, attributes: dict[str, tuple[str, str]]) -> bool:
    target = parse_arn(target_arn)
    action = ACTIONS.get(target.service)
    if action and not role_policies.may(role_arn, action, target_arn):
        log.warning("a failed event could not be sent to %s and is lost: %s is not allowed %s", target_arn, role_arn, action)
        return False
    try:
        if target.service == "sqs":
            sqs_backends[target.account][target.region].send_message(target.resource_id, body, _sqs_attributes(attributes))
        elif target.service == "sns":
            message_attributes = {name: {"Type": kind, "Value": value} for name, (kind, value) in attributes.items()}
            sns_backends[target.account][target.region].publish(body, target_arn, message_attributes=message_attributes)
        else:
            log.warning("failed events cannot be sent to %s: only SQS and SNS can take them here", target_arn)
            return False
    except ServiceException as error:
        log.warning("a failed event could not be sent to %s and is lost: %s", target_arn, error)
        return False
    return True


def _sqs_attributes(attributes: dict[str, tuple[str, str]]) -> dict[str, Any]:
    return {name: {"DataType": kind, "StringValue": value} for name, (kind, value) in attributes.items()}
