"""The sandbox's own endpoint, /_sandbox: health, settings, reset, and what each extension adds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.s3.models import s3_backends
from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.wrappers import Request, Response

from . import clock, settings
from .identity import NAME

PREFIX = "/_sandbox"

Handler = Callable[[Request], Any]

_routes: dict[tuple[str, str], Handler] = {}
_resets: list[Callable[[], None]] = []


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Register a handler for PREFIX + path; what it returns is answered as JSON."""

    def register(handler: Handler) -> Handler:
        _routes[(method, PREFIX + path)] = handler
        return handler

    return register


def on_reset(callback: Callable[[], None]) -> Callable[[], None]:
    """Register a callback that empties an extension's own state."""
    _resets.append(callback)
    return callback


def json_body(request: Request) -> dict[str, Any]:
    """The request's body as an object.

    Raises:
        BadRequest: the body is not a JSON object.
    """
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return body


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """The WSGI application below PREFIX."""
    request = Request(environ)
    try:
        handler = _routes.get((request.method, request.path))
        if handler is None:
            raise NotFound(f"no {request.method} {request.path}; known: {', '.join(sorted(p for _, p in _routes))}")
        response = Response(json.dumps(handler(request), default=str), mimetype="application/json")
    except ValueError as error:
        response = _error(400, str(error))
    except HTTPException as error:
        response = _error(error.code or 500, error.description or "")
    return response(environ, start_response)


def _error(status: int, message: str) -> Response:
    return Response(json.dumps({"error": message}), status=status, mimetype="application/json")


@route("GET", "/health")
def health(request: Request) -> dict[str, Any]:
    """Say that this is a sandbox, whose it is, and how it is set."""
    base = request.host_url.rstrip("/")
    return {
        "name": NAME,
        "pid": os.getpid(),
        "account_id": DEFAULT_ACCOUNT_ID,
        "state_dir": os.environ.get("SANDBOX_STATE_DIR", ""),
        "foreground": bool(os.environ.get("SANDBOX_FOREGROUND")),
        "endpoint_url": base,
        "inbox_url": f"{base}/slack/",
        "settings": settings.current.as_dict(),
    }


@route("POST", "/settings")
def change_settings(request: Request) -> dict[str, Any]:
    """Change some settings; answer with all of them."""
    settings.current.change(json_body(request))
    return settings.current.as_dict()


@route("POST", "/reset")
def reset(_request: Request) -> dict[str, Any]:
    """Empty every account, every extension and the clock; settings stay."""
    clock.scheduler.clear()
    for callback in _resets:
        callback()
    _forget_accounts()
    return {"reset": True}


def _forget_accounts() -> None:
    """Drop moto's backends; each is built anew when it is next asked for, where BackendDict.reset() builds all at once."""
    in_use: list[BackendDict[Any]] = vars(BackendDict)["_instances"]
    for accounts in in_use:
        accounts.clear()
    in_use.clear()
    # moto keeps whose buckets are, by name, beside the backends.
    s3_backends.bucket_accounts.clear()
    reset_model_data()
