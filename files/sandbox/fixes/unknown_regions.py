"""Every service: a request that was signed for a Region that does not exist.

AWS has no host of that name; a proxy that passes such a request on gets an error that names the wrong Region.
moto fails with status 500 and a page of HTML, which clients repeat and then report as unreadable.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import botocore.session
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.wrappers import Response

from .methods import wrap

# Access key, day, Region, service, as in the header Authorization of a signed request.
CREDENTIAL_SCOPE = re.compile(r"Credential=[^/,]+/\d{8}/([^/,]+)/([^/,]+)/aws4_request")
ISOLATED_PARTITIONS = ("aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f")


def install() -> None:
    """Answer requests for unknown Regions before moto sees them."""
    wrap(DomainDispatcherApplication, "__call__", _with_known_region)


def _with_known_region(application: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(application)
    def call(dispatcher: DomainDispatcherApplication, environ: dict[str, Any], start_response: Any) -> Any:
        scope = CREDENTIAL_SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        if scope and scope.group(1) not in known_regions():
            return refusal(environ, *scope.groups())(environ, start_response)
        return application(dispatcher, environ, start_response)

    return call


@functools.cache
def known_regions() -> frozenset[str]:
    """The Regions of every partition that moto serves."""
    partitions = botocore.session.get_session().get_data("partitions")["partitions"]
    return frozenset(region for partition in partitions if partition["id"] not in ISOLATED_PARTITIONS for region in partition["regions"])


def refusal(environ: dict[str, Any], region: str, service: str) -> Response:
    """The error, in the protocol of the request."""
    message = f"Credential should be scoped to a valid Region, not '{region}'."
    if service != "s3" and not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        body = {"__type": "InvalidSignatureException", "message": message}
        headers = {"x-amzn-ErrorType": "InvalidSignatureException"}
        return Response(json.dumps(body), status=403, headers=headers, mimetype="application/json")
    error = f"<Error><Code>SignatureDoesNotMatch</Code><Message>{escape(message)}</Message></Error>"
    if service == "ec2":
        error = f"<Response><Errors>{error}</Errors></Response>"
    elif service != "s3":
        error = f"<ErrorResponse>{error}</ErrorResponse>"
    return Response(error, status=403, mimetype="text/xml")
