"""A Teams workflow that starts when a webhook request is received: POST /receivers/teams/<token>."""

from __future__ import annotations

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from ..slack import json_text
from .store import received

MOST_BYTES = 28 * 1024
CARD = "application/vnd.microsoft.card.adaptive"


def receive(token: str, request: Request, body: bytes) -> Response:
    """Take a message with adaptive cards; 202, as the workflow only starts now.

    Real workflows take a message that is too long and fail afterwards, unseen by the sender; here it is refused.
    """
    if request.mimetype != "application/json":
        return error("InvalidRequestContent", f"The content type must be application/json, not '{request.mimetype}'.")
    try:
        message = json_text.parse(body)
    except ValueError as problem:
        return error("InvalidRequestContent", f"The request content is not valid and could not be deserialized: '{problem}'.")
    mismatch = schema_mismatch(message)
    if mismatch:
        return error("TriggerInputSchemaMismatch", f"The input body did not match its schema definition. Error details: '{mismatch}'.")
    if len(body) > MOST_BYTES:
        return error("RequestEntityTooLarge", f"The message has {len(body)} bytes, of at most {MOST_BYTES}.")
    received["teams"].add(token, message)
    return Response(status=202)


def schema_mismatch(message: Any) -> str:
    """What keeps a message from the schema of the trigger; empty when nothing does."""
    if not isinstance(message, dict):
        return "Invalid type. Expected Object."
    missing = [name for name in ("type", "attachments") if name not in message]
    if missing:
        return f"Required properties are missing from object: {', '.join(missing)}."
    attachments = message["attachments"]
    if message["type"] != "message" or not isinstance(attachments, list) or not attachments:
        return "type must be message, and attachments a list with a card"
    return next(filter(None, map(_card_mismatch, attachments)), "")


def _card_mismatch(attachment: Any) -> str:
    if not isinstance(attachment, dict):
        return "Invalid type. Expected Object."
    missing = [name for name in ("contentType", "contentUrl", "content") if name not in attachment]
    if missing:
        return f"Required properties are missing from object: {', '.join(missing)}."
    card = attachment["content"]
    if attachment["contentType"] != CARD or attachment["contentUrl"] is not None:
        return f"contentType must be {CARD}, and contentUrl null"
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or not isinstance(card.get("version"), str):
        return "content must be an AdaptiveCard with a version"
    return "" if isinstance(card.get("body"), list) and card["body"] else "the card has no body"


def error(code: str, message: str, status: int = 400, headers: dict[str, str] | None = None) -> Response:
    """A refusal, as Azure words it."""
    body = json.dumps({"error": {"code": code, "message": message}})
    return Response(body, status=status, content_type="application/json; charset=utf-8", headers=headers)


def rate_limited(seconds: int) -> Response:
    """The answer to a message that came too soon."""
    return error("WorkflowTriggerIsThrottled", "Too many requests.", 429, {"Retry-After": str(seconds)})
