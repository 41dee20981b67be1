"""The WSGI application of AWS Backup: it answers one request, without the detours that moto makes for services of every kind."""

from __future__ import annotations

import http
import random
import uuid
from collections.abc import Callable
from typing import Any

from moto.iam.models import get_account_id_from

from ..authorization import callers
from . import service, wire
from .backend import BackupBackend
from .errors import BackupError, NotImplementedException, UnknownOperationException
from .models import backup_backends
from .registry import handlers
from .service.faults import strike

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


def answer(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    """Answer a signed request."""
    headers = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.UUID(int=random.getrandbits(128)))}
    try:
        status, text = _result(environ)
    except BackupError as error:
        status, error_headers, text = error.response()
        headers |= error_headers
    body = text.encode()
    headers["Content-Length"] = str(len(body))
    start_response(f"{status} {http.HTTPStatus(status).phrase}", list(headers.items()))
    return [body]


def _result(environ: dict[str, Any]) -> tuple[int, str]:
    """Do what a request asks for; returns the answer's status and body."""
    credential = callers.credential(environ)
    if credential is None:
        raise UnknownOperationException("the request is not signed")
    call = wire.read(environ)
    name = call.operation.name
    if name not in handlers:
        raise NotImplementedException(f"the sandbox does not offer {name}")
    backend: BackupBackend = backup_backends[get_account_id_from(credential.access_key)][credential.region]
    fault = service.arrive(backend.region_name, name)
    if fault and not fault.applied:
        strike(fault, environ)
    with backend.lock:
        text = wire.write(call.operation, handlers[name](backend, call.params))
    if fault:
        strike(fault, environ)
    return call.operation.http.get("responseCode", 200), text
