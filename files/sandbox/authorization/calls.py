"""What is called: the operation of a request and its parameters, whatever the service's protocol."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl

from botocore.exceptions import UnknownServiceError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.request import Request
from moto.core.routing import get_service_router
from moto.utilities.utils import get_partition
from werkzeug.exceptions import HTTPException

from .callers import Credential

FORM = "application/x-www-form-urlencoded"
UNKNOWN = "UnknownOperation"
# Services whose model has another name than their signature.
MODELS = {"elasticfilesystem": "efs", "email": "sesv2", "monitoring": "cloudwatch", "tagging": "resourcegroupstaggingapi"}


@dataclass(frozen=True)
class Call:
    """One call of an AWS API.

    Attributes:
        service: as it is signed for, for example tagging.
        operation: as the API names it, for example GetParameter.
        parameters: of a call whose body or query names its operation; for REST services those in the path.
    """

    protocol: Literal["json", "query", "rest"]
    service: str
    operation: str
    region: str
    parameters: dict[str, Any]

    def arn(self, service: str, resource: str) -> str:
        """The ARN of something in the Region and account that are called."""
        return f"arn:{get_partition(self.region)}:{service}:{self.region}:{DEFAULT_ACCOUNT_ID}:{resource}"


def read(environ: dict[str, Any], credential: Credential) -> Call:
    """Read a request, whose body can be read again afterwards."""
    body = _body(environ)
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return Call("json", credential.service, target.rpartition(".")[2], credential.region, _object(body))
    text = body.decode(errors="replace") if environ.get("CONTENT_TYPE", "").startswith(FORM) else environ.get("QUERY_STRING", "")
    form = dict(parse_qsl(text))
    if "Action" in form:
        return Call("query", credential.service, form["Action"], credential.region, form)
    operation, parameters = _rest_operation(environ, credential.service)
    return Call("rest", credential.service, operation, credential.region, parameters)


def _body(environ: dict[str, Any]) -> bytes:
    stream = environ["wsgi.input"]
    body: bytes = stream.read() if environ.get("wsgi.input_terminated") else stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _rest_operation(environ: dict[str, Any], service: str) -> tuple[str, dict[str, Any]]:
    try:
        operation, parameters = get_service_router(MODELS.get(service, service)).match(Request(environ.copy()))
    except (HTTPException, NotImplementedError, UnknownServiceError):
        return UNKNOWN, {}
    return str(operation.name), dict(parameters)
