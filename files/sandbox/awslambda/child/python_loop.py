"""Serves the Lambda Runtime API in plain Python, where AWS's own client (awslambdaric) has no wheel.

It imports the handler, reports errors and writes log lines as that client does.
"""

from __future__ import annotations

import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback
from types import SimpleNamespace
from typing import Any

PREFIX = "/2018-06-01/runtime/"
INIT_WARNING = "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code."


class RuntimeFault(Exception):
    """The handler cannot be loaded, or what it returned cannot be sent."""

    def __init__(self, error_type: str, message: str, trace: list[str] | None = None) -> None:
        super().__init__(message)
        self.error_type = error_type
        self.trace = trace or []


class Context:
    """What a handler gets beside its event."""

    def __init__(self, headers: Any) -> None:
        self.aws_request_id: str = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn: str = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)
        client_context = json.loads(headers.get("Lambda-Runtime-Client-Context") or "null")
        self.client_context = SimpleNamespace(**client_context) if client_context else None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout."""
        return max(0, self._deadline_ms - int(time.time() * 1000))


class Client:
    """The Runtime API over one kept connection."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address)

    def next(self) -> tuple[Any, bytes]:
        """Wait for the next invocation: its headers and its event."""
        self._connection.request("GET", PREFIX + "invocation/next")
        response = self._connection.getresponse()
        return response.headers, response.read()

    def post(self, path: str, body: str) -> None:
        """Report an answer or an error."""
        self._connection.request("POST", PREFIX + path, body.encode(), {"Content-Type": "application/json"})
        self._connection.getresponse().read()


class RequestFilter(logging.Filter):
    """Gives every record the ID of the request being served."""

    request_id = ""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass."""
        record.aws_request_id = self.request_id
        return True


def main(arguments: list[str]) -> None:
    """Load the handler named by the second argument and serve until the API goes away."""
    requests = set_up_logging()
    client = Client(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load(arguments[1])
    except Exception as error:
        report = describe(error, "")
        logging.warning(INIT_WARNING)
        print_error(report)
        client.post("init/error", json.dumps(report))
        sys.exit(1)
    while True:
        headers, payload = client.next()
        context = Context(headers)
        requests.request_id = context.aws_request_id
        os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
        serve(client, handler, context, payload)


def serve(client: Client, handler: Any, context: Context, payload: bytes) -> None:
    """Run the handler once and report what comes of it."""
    try:
        answer = marshal(handler(json.loads(payload), context))
    except Exception as error:
        report = describe(error, context.aws_request_id)
        print_error(report)
        client.post(f"invocation/{context.aws_request_id}/error", json.dumps(report))
        return
    client.post(f"invocation/{context.aws_request_id}/response", answer)


def load(name: str) -> Any:
    """Import a handler such as package.module.function.

    Raises:
        RuntimeFault: with the error types of AWS's client.
    """
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise RuntimeFault("Runtime.MalformedHandlerName", f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise RuntimeFault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise RuntimeFault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}", trace) from None
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise RuntimeFault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'") from None


def marshal(answer: Any) -> str:
    """The answer as JSON.

    Raises:
        RuntimeFault: it has no JSON form.
    """
    try:
        return json.dumps(answer)
    except (TypeError, ValueError) as error:
        raise RuntimeFault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def describe(error: Exception, request_id: str) -> dict[str, Any]:
    """The error object of an exception, with the handler's own frames only."""
    if isinstance(error, RuntimeFault):
        error_type, trace = error.error_type, error.trace
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
        # As plain tuples: without the column marks that newer Pythons add.
        plain = [(frame.filename, frame.lineno or 0, frame.name, frame.line) for frame in frames]
        error_type, trace = type(error).__name__, traceback.format_list(plain)
    return {"errorMessage": str(error), "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def print_error(report: dict[str, Any]) -> None:
    """Write an error as one log record: its lines are joined by carriage returns."""
    lines = [f"[ERROR] {report['errorType']}: {report['errorMessage']}", "Traceback (most recent call last):"]
    for element in report["stackTrace"]:
        # Indented by no-break spaces, so that CloudWatch keeps them.
        lines += ["\u00a0" * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ") for line in element.splitlines()]
    sys.stdout.write("\r".join(lines) + "\n")


def set_up_logging() -> RequestFilter:
    """Send the root logger's records to stdout in Lambda's format."""
    requests = RequestFilter()
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(requests)
    logging.getLogger().addHandler(handler)
    return requests
