"""The WSGI application below /receivers, and what its receivers got: GET /_sandbox/receivers/<kind>/messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from .. import control
from ..slack.faults import current as faults
from ..slack.rate_limit import limiter
from . import https, teams
from .store import received

PREFIX = "/receivers"
Receiver = Callable[[str, Request, bytes], Response]
RECEIVERS: dict[str, tuple[Receiver, Callable[[int], Response]]] = {
    "teams": (teams.receive, teams.rate_limited),
    "https": (https.receive, https.rate_limited),
}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer one request."""
    request = Request(environ)
    try:
        response = respond(request)
    except HTTPException as error:
        return error(environ, start_response)
    return response(environ, start_response)


def respond(request: Request) -> Response:
    """Hand a POST to /receivers/<kind>/<token> to its receiver.

    Raises:
        HTTPException: there is no such receiver, or it was no POST.
    """
    kind, _, token = request.path.removeprefix(PREFIX + "/").partition("/")
    if kind not in RECEIVERS or not token or "/" in token:
        raise NotFound()
    if request.method != "POST":
        raise MethodNotAllowed(["POST"])
    body = request.get_data()
    failure = faults.strike(kind, request)
    if failure is not None:
        return failure
    receive, rate_limited = RECEIVERS[kind]
    wait = limiter.take(request.path)
    return rate_limited(wait) if wait else receive(token, request, body)


@control.route("GET", "/receivers/teams/messages")
def teams_messages(_request: Request) -> dict[str, Any]:
    """What the Teams workflows accepted, oldest first."""
    return {"messages": received["teams"].as_dicts()}


@control.route("GET", "/receivers/https/messages")
def https_messages(_request: Request) -> dict[str, Any]:
    """What the HTTPS endpoint got, oldest first, with a true or false signature."""
    return {"messages": received["https"].as_dicts()}
