"""How AWS says no, in the protocol of the service that was called."""

from __future__ import annotations

import json
import uuid
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

from .callers import Caller
from .calls import Call

CODES = {"ec2": "UnauthorizedOperation", "s3": "AccessDenied", "sns": "AuthorizationError"}
DENIED = "AccessDeniedException"
QUERY = "<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"
EC2 = "<Response><Errors>{error}</Errors><RequestID>{request_id}</RequestID></Response>"
S3 = "{error}"
ERROR = "<Error><Code>{code}</Code><Message>{message}</Message></Error>"


def refuse(call: Call, caller: Caller, action: str, resource: str, *, explicitly: bool) -> Response:
    """The answer to a call that needs an action which the caller is not allowed, or is denied explicitly."""
    message = _message(call, caller, _spelt(action), resource, explicitly)
    if call.protocol == "json":
        # SQS's clients read the code of its former protocol.
        headers = {"x-amzn-query-error": "AccessDenied;Sender"} if call.service == "sqs" else {}
        return _json({"__type": DENIED, "Message": message}, 400, headers)
    if call.protocol == "rest" and call.service != "s3":
        return _json({"Message": message}, 403, {"x-amzn-ErrorType": DENIED})
    form = {"ec2": EC2, "s3": S3}.get(call.service, QUERY)
    error = ERROR.format(code=CODES.get(call.service, "AccessDenied"), message=escape(message))
    return Response(form.format(error=error, request_id=uuid.uuid4()), 403, mimetype="text/xml")


def sentence(caller_arn: str, action: str, resource: str, *, explicitly: bool) -> str:
    """What AWS says to whom may not do something."""
    why = f"because no identity-based policy allows the {action} action"
    if explicitly:
        why = "with an explicit deny in an identity-based policy"
    return f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource} {why}"


def _message(call: Call, caller: Caller, action: str, resource: str, explicitly: bool) -> str:
    if call.service == "secretsmanager" and action == "kms:Decrypt":
        return "Access to KMS is not allowed"
    said = sentence(caller.arn, action, resource, explicitly=explicitly)
    return f"You are not authorized to perform this operation. {said}" if call.service == "ec2" else said


def _spelt(action: str) -> str:
    """An action as the service itself spells it in its errors."""
    service, _, name = action.partition(":")
    return {"sns": f"SNS:{name}", "sqs": action.lower()}.get(service, action)


def _json(body: dict[str, str], status: int, headers: dict[str, str]) -> Response:
    return Response(json.dumps(body), status, headers, mimetype="application/x-amz-json-1.1")
