"""What Slack answers when it does not take a message."""

from __future__ import annotations

import json

from werkzeug.wrappers import Response

STATUS = {
    "invalid_payload": 400,
    "no_text": 400,
    "invalid_blocks": 400,
    "invalid_blocks_format": 400,
    "invalid_attachments": 400,
    "too_many_attachments": 400,
    "msg_blocks_too_long": 400,
    "action_prohibited": 403,
    "invalid_token": 403,
    "no_service": 404,
    "method_not_allowed": 405,
    "channel_is_archived": 410,
    "rollup_error": 500,
}

DEFAULT_BODY = {400: "invalid_payload", 403: "invalid_token", 404: "no_service", 410: "channel_is_archived", 500: "rollup_error"}


class Rejected(Exception):
    """Slack takes no such message.

    Attributes:
        body: Slack's word for it, for example "no_text".
        reason: what is wrong and where; webhooks keep that to themselves, the Web API tells some of it, the sandbox logs it.
    """

    def __init__(self, body: str, reason: str) -> None:
        super().__init__(f"{body}: {reason}")
        self.body = body
        self.reason = reason


def plain(status: int, body: str, headers: dict[str, str] | None = None) -> Response:
    """An answer in plain text, as Slack's webhooks give it."""
    return Response(body, status=status, content_type="text/plain; charset=utf-8", headers=headers)


def error(body: str) -> Response:
    """The answer for one of Slack's words."""
    headers = {"Allow": "POST"} if body == "method_not_allowed" else None
    return plain(STATUS[body], body, headers)


def default_body(status: int, retry_after: int | None) -> str:
    """What a webhook says with a status, when nothing else is known."""
    if status == 429:
        return json.dumps({"retry_after": retry_after, "ok": False, "error": "rate_limited"}, separators=(",", ":"))
    return DEFAULT_BODY.get(status, "")


def rate_limited(retry_after: int) -> Response:
    """The answer to a message that came too soon; retry_after is in seconds."""
    return plain(429, default_body(429, retry_after), {"Retry-After": str(retry_after)})
