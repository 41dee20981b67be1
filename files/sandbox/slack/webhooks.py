"""The webhooks that Slack knows: PUT and DELETE /_sandbox/slack/webhooks."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.wrappers import Request

from .. import control
from .errors import Rejected

DEFAULT_WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"
PATH = re.compile(r"(/slack/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,})/([A-Za-z0-9]+)")

_tokens: dict[str, str] = {}


def check(path: str) -> None:
    """Check that Slack takes messages at a path.

    Raises:
        Rejected: there is no such webhook, or its token is another one.
    """
    match = PATH.fullmatch(path)
    token = _tokens.get(match[1]) if match else None
    if match is None or token is None:
        raise Rejected("no_service", "no such webhook")
    if token != match[2]:
        raise Rejected("invalid_token", "the webhook has another token")


@control.route("PUT", "/slack/webhooks")
def put_webhook(request: Request) -> dict[str, Any]:
    """Make a webhook; a new token for a known one ends the old token."""
    webhook, token = _parse(control.json_body(request))
    _tokens[webhook] = token
    return _listed()


@control.route("DELETE", "/slack/webhooks")
def delete_webhook(request: Request) -> dict[str, Any]:
    """Revoke a webhook."""
    webhook, token = _parse(control.json_body(request))
    if _tokens.get(webhook) != token:
        raise ValueError(f"no webhook {webhook}/{token}")
    del _tokens[webhook]
    return _listed()


@control.on_reset
def reset() -> None:
    """Know the default webhook and no other."""
    _tokens.clear()
    webhook, token = _parse({"path": DEFAULT_WEBHOOK})
    _tokens[webhook] = token


def _parse(body: dict[str, Any]) -> tuple[str, str]:
    """The webhook that a body names, without its token, and the token.

    Raises:
        ValueError: it names none, or has other fields.
    """
    unknown = sorted(set(body) - {"path"})
    if unknown:
        raise ValueError(f"unknown fields: {', '.join(unknown)}; known: path")
    match = PATH.fullmatch(str(body.get("path")))
    if match is None:
        raise ValueError(f"path must be that of a webhook, such as {DEFAULT_WEBHOOK}, not {body.get('path')!r}")
    return match[1], match[2]


def _listed() -> dict[str, Any]:
    return {"webhooks": sorted(f"{webhook}/{token}" for webhook, token in _tokens.items())}


reset()
