"""Incoming webhooks: POST /slack/services/T…/B…/…"""

from __future__ import annotations

import json
import logging
import re
import socket
import time
from typing import Any

from werkzeug.wrappers import Request, Response

from . import errors, validation
from .errors import Rejected
from .faults import Fault
from .faults import current as faults
from .rate_limit import limiter
from .store import inbox

log = logging.getLogger(__name__)

WEBHOOK_PATH = re.compile(r"/slack/services/T[A-Z0-9]{8,}/B[A-Z0-9]{8,}/[A-Za-z0-9]+")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def receive(request: Request) -> Response:
    """Take a message as Slack does, or say in Slack's words why not."""
    if not WEBHOOK_PATH.fullmatch(request.path):
        return errors.error("no_service")
    if request.method != "POST":
        return errors.error("method_not_allowed")
    payload = request.get_data(parse_form_data=True)
    fault = faults.take()
    if fault is not None:
        answer = fail(fault, request)
        if answer is not None:
            return answer
    wait = limiter.take(request.path)
    if wait:
        return errors.rate_limited(wait)
    try:
        message = read(request, payload)
        validation.check(message)
    except Rejected as rejected:
        log.info("rejected a message: %s", rejected)
        return errors.error(rejected.body)
    inbox.add(request.path, validation.cut(message))
    return errors.plain(200, "ok")


def fail(fault: Fault, request: Request) -> Response | None:
    """Let a fault strike; None when the post goes on as usual.

    Raises:
        ConnectionAbortedError: the fault closed the connection.
    """
    time.sleep(fault.hang_seconds)
    if fault.close:
        request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError("closed by a fault")
    return None if fault.status is None else fault.response()


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
        message = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise Rejected("invalid_payload", f"not JSON: {problem}") from problem
    if not isinstance(message, dict):
        raise Rejected("invalid_payload", "not an object")
    return message


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON value")
