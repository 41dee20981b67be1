"""Incoming webhooks: POST /slack/services/T…/B…/…"""

from __future__ import annotations

import logging
from typing import Any

from werkzeug.wrappers import Request, Response

from . import errors, json_text, validation, webhooks
from .errors import Rejected
from .faults import current as faults
from .rate_limit import limiter
from .store import inbox

log = logging.getLogger(__name__)

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def receive(request: Request) -> Response:
    """Take a message as Slack does, or say in Slack's words why not."""
    try:
        webhooks.check(request.path)
    except Rejected as rejected:
        log.info("rejected a message: %s", rejected)
        return errors.error(rejected.body)
    if request.method != "POST":
        return errors.error("method_not_allowed")
    payload = request.get_data(parse_form_data=True)
    failure = faults.strike("webhook", request)
    if failure is not None:
        return failure
    wait = limiter.take(request.path)
    if wait:
        return errors.rate_limited(wait)
    try:
        message = read(request, payload)
        validation.check(message)
    except Rejected as rejected:
        log.info("rejected a message: %s", rejected)
        return errors.error(rejected.body)
    inbox.add(validation.cut(message), webhook=request.path)
    return errors.plain(200, "ok")


def read(request: Request, body: bytes) -> dict[str, Any]:
    """The message of a request: its JSON body, or the form field "payload".

    Raises:
        Rejected: there is no JSON object.
    """
    text: str | bytes
    if request.mimetype == "application/json":
        text = body
    elif request.mimetype in FORMS:
        text = request.form.get("payload", "")
    else:
        raise Rejected("invalid_payload", f"the content type is {request.mimetype or 'missing'}")
    try:
        message = json_text.parse(text)
    except ValueError as problem:
        raise Rejected("invalid_payload", f"not JSON: {problem}") from problem
    if not isinstance(message, dict):
        raise Rejected("invalid_payload", "not an object")
    return message
