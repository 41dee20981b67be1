"""Slack's Web API: /slack/api/<method>. Whatever is wrong, the HTTP status is 200 and the body says ok: false; only 429 differs."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from . import arguments, history, identity, posting
from .errors import Rejected
from .faults import current as faults
from .rate_limit import limiter

log = logging.getLogger(__name__)

PREFIX = "/slack/api/"
METHODS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "auth.test": identity.who,
    "chat.postMessage": posting.post_message,
    "chat.update": posting.update,
    "conversations.history": history.history,
    "conversations.replies": history.replies,
}
# The words that Slack explains, in response_metadata.
EXPLAINED = {"invalid_arguments", "invalid_attachments", "invalid_blocks"}


def receive(request: Request) -> Response:
    """Answer a call as Slack does."""
    name = request.path.removeprefix(PREFIX)
    method = METHODS.get(name)
    if method is None:
        return answer({"ok": False, "error": "unknown_method", "req_method": name})
    body = request.get_data(parse_form_data=True)
    failure = faults.strike(name, request)
    if failure is not None:
        return failure
    try:
        given = arguments.read(request, body)
        arguments.authenticate(request, given)
        wait = limiter.take(f"{name} {given.get('channel')}")
        if wait:
            return rate_limited(wait)
        return answer({"ok": True, **method(given)})
    except Rejected as rejected:
        log.info("refused %s: %s", name, rejected)
        return answer(refusal(rejected))


def refusal(rejected: Rejected) -> dict[str, Any]:
    """What Slack says about a call it refuses."""
    word = {"invalid_payload": "invalid_arguments"}.get(rejected.body, rejected.body)
    if word not in EXPLAINED:
        return {"ok": False, "error": word}
    problems = {"errors": [rejected.reason]} if word == "invalid_blocks" else {}
    return {"ok": False, "error": word, **problems, "response_metadata": {"messages": [f"[ERROR] {rejected.reason}"]}}


def rate_limited(seconds: int) -> Response:
    """The answer to a call that came too soon."""
    return answer({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)})


def answer(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(json.dumps(body), status=status, content_type="application/json; charset=utf-8", headers=headers)
