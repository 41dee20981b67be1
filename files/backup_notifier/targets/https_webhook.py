"""Any HTTPS receiver: a JSON document, signed so that the receiver knows who sent it and that it is fresh."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .. import document
from ..delivery import Delivery
from ..notification import Notification
from ..post import Reply, Request
from ..settings import Target
from . import answers

TIMESTAMP_HEADER = "X-Signature-Timestamp"
SIGNATURE_HEADER = "X-Signature"
# A receiver that does not know the key says 401 or 403; one that is gone 404 or 410.
_REVOKED = {401, 403, 404, 410}
_MALFORMED = {400, 413, 422}
_MOST_SUMMARY_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class HttpsWebhook:
    """See targets.Kind."""

    console_links: bool

    def request(self, payload: dict[str, Any], secret: str, _method: str) -> Request:
        """The secret holds the URL and the key; the signature is made anew for each attempt."""
        known = json.loads(secret)
        body = _encoded(payload)
        timestamp = str(int(time.time()))
        return Request(known["url"], body, {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature(known["hmac_key"], timestamp, body)})

    def judge(self, reply: Reply) -> Delivery:
        """Any status from 200 to 299 is a yes, whatever the body."""
        return answers.accepted(reply) if (reply.status or 0) < 300 else answers.refused(reply, _REVOKED, _MALFORMED)

    def message(self, notification: Notification, _mention: str) -> dict[str, Any]:
        """One document."""
        return document.document(notification, console_links=self.console_links)

    def plain(self, _notification: Notification, _mention: str) -> None:
        """There is nothing plainer than the document."""

    def summary(self, notifications: Sequence[Notification], _mention: str) -> dict[str, Any]:
        """One document for all."""
        return document.summary(notifications, console_links=self.console_links)

    def takes(self, summary: dict[str, Any]) -> bool:
        """Whether it is below the limits of usual receivers. The documents in it are whole, so few long ones may be too much."""
        return len(_encoded(summary)) <= _MOST_SUMMARY_BYTES


def _encoded(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace")


def signature(key: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 of the time stamp, a dot and the body."""
    return "v1=" + hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def make(_target: Target, console_links: bool) -> HttpsWebhook:
    """The kind for a target."""
    return HttpsWebhook(console_links)
