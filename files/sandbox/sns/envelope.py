"""The event a Lambda function gets for an SNS message."""

from __future__ import annotations

import base64
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.utilities.arns import parse_arn

CERTIFICATE = "SimpleNotificationService-9c6465fa7f48f5cacd23014631ec1136.pem"


@dataclass(frozen=True)
class Message:
    """One published message; attributes as moto keeps them: {name: {"Type": ..., "Value": ...}}."""

    message_id: str
    topic_arn: str
    subject: str | None
    text: str
    attributes: dict[str, dict[str, Any]]


def lambda_event(message: Message, subscription_arn: str) -> dict[str, Any]:
    """The event, in AWS's own form; the signature has the right form but verifies with no certificate."""
    host = f"https://sns.{parse_arn(message.topic_arn).region}.amazonaws.com"
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": subscription_arn,
                "Sns": {
                    "Type": "Notification",
                    "MessageId": message.message_id,
                    "TopicArn": message.topic_arn,
                    "Subject": message.subject,
                    "Message": message.text,
                    "Timestamp": _now(),
                    "SignatureVersion": "1",
                    "Signature": base64.b64encode(random.randbytes(256)).decode(),
                    "SigningCertUrl": f"{host}/{CERTIFICATE}",
                    "UnsubscribeUrl": f"{host}/?Action=Unsubscribe&SubscriptionArn={subscription_arn}",
                    "MessageAttributes": message.attributes,
                },
            }
        ]
    }


def queue_body(message: Message, subscription_arn: str) -> dict[str, Any]:
    """The message as a subscription's dead-letter queue gets it: the same facts under SQS's names."""
    body = dict(lambda_event(message, subscription_arn)["Records"][0]["Sns"])
    body["SigningCertURL"] = body.pop("SigningCertUrl")
    body["UnsubscribeURL"] = body.pop("UnsubscribeUrl")
    return {name: value for name, value in body.items() if value not in (None, {})}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
