# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The three forms of a dead letter, as its function would have got it.

AWS Lambda (after its retries) and EventBridge (when it cannot invoke the function) keep the event as the function gets it.
SNS, when it cannot invoke the function, keeps the notification as it gives it to queues, which is wrapped here as SNS does for Lambda.
Sources: AWS Lambda developer guide, "Adding a dead-letter queue"; Amazon EventBridge user guide, "Using dead-letter queues to process
undelivered events"; Amazon SNS developer guide, "Amazon SNS dead-letter queues".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

ERROR_ATTRIBUTES = ("ErrorMessage", "ERROR_MESSAGE")
"""Where Lambda and EventBridge say why; SNS does not."""
_LAMBDA_NAMES = {"SigningCertURL": "SigningCertUrl", "UnsubscribeURL": "UnsubscribeUrl"}


def function_event(body: str) -> str:
    """The event that the function would have got for the body of a dead letter."""
    try:
        notification = json.loads(body)
    except ValueError:
        return body
    if not isinstance(notification, dict) or notification.get("Type") != "Notification" or "TopicArn" not in notification:
        return body
    sns = {"Subject": None, "MessageAttributes": {}, **{_LAMBDA_NAMES.get(name, name): value for name, value in notification.items()}}
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": _subscription_arn(notification), "Sns": sns}
    return json.dumps({"Records": [record]})


def error(attributes: Mapping[str, Mapping[str, Any]]) -> str | None:
    """Why a letter is one, by its message attributes; None when they do not say."""
    found = (attributes.get(name, {}).get("StringValue") for name in ERROR_ATTRIBUTES)
    return next((text for text in found if text), None)


def _subscription_arn(notification: Mapping[str, Any]) -> str:
    query = parse_qs(urlsplit(str(notification.get("UnsubscribeURL", ""))).query)
    return query.get("SubscriptionArn", [""])[0]
