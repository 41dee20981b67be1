"""The Invoke APIs over HTTP."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.awslambda import models, urls
from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import TYPE_RESPONSE

from .backend import REQUEST_ID, RunningFunction
from .spec import EndedError, ThrottledError


class TooManyRequestsException(LambdaClientError):
    """The function's reserved concurrency is used up."""

    code = 429

    def __init__(self) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")


class RunningResponse(LambdaResponse):
    """moto's Lambda API with an Invoke that runs the function."""

    def invoke(self) -> TYPE_RESPONSE:
        """Answer Invoke: RequestResponse waits, Event queues, DryRun only checks."""
        function = self._function(unquote(self.path.rsplit("/", 2)[-2]), self.querystring.get("Qualifier", [None])[0])
        kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
        if kind == "DryRun":
            return 204, {"status": 204}, ""
        payload = self._payload()
        if kind == "Event":
            request_id = function.accept(payload, function.function_arn, self.headers.get("X-Amz-Client-Context"))
            return 202, {"status": 202, REQUEST_ID: request_id}, ""
        return self._wait_for(function, payload)

    def invoke_async(self) -> TYPE_RESPONSE:
        """Answer InvokeAsync, the old name of Invoke with the type Event."""
        function = self._function(unquote(self.path.rstrip("/").rsplit("/", 2)[-2]), None)
        function.accept(self._payload(), function.function_arn)
        return 202, {"status": 202}, ""

    @staticmethod
    def _enrich_response(headers: dict[str, str], body: Any) -> tuple[dict[str, str], Any]:
        # moto would put a random request ID in the place of the invocation's.
        own = {name: value for name, value in headers.items() if name == REQUEST_ID}
        headers, body = LambdaResponse._enrich_response(headers, body)
        return {**headers, **own}, body

    def _wait_for(self, function: RunningFunction, payload: bytes) -> TYPE_RESPONSE:
        headers: dict[str, Any] = {"X-Amz-Executed-Version": str(function.version), "content-type": "application/json"}
        try:
            answer = function.invoke(payload, self.headers, headers)
        except ThrottledError:
            raise TooManyRequestsException from None
        except EndedError as error:
            raise UnknownFunctionException(str(error)) from None
        if self.headers.get("X-Amz-Log-Type") != "Tail":
            del headers["x-amz-log-result"]
        return 200, headers, answer

    def _function(self, name: str, qualifier: str | None) -> RunningFunction:
        function = models.lambda_backends[self.current_account][self.region].get_function(name, qualifier)
        assert isinstance(function, RunningFunction)
        return function

    def _payload(self) -> bytes:
        body = self.body.encode() if isinstance(self.body, str) else self.body
        try:
            json.loads(body or b"{}")
        except ValueError as error:
            raise LambdaClientError("InvalidRequestContentException", f"Could not parse request body into json: {error}") from None
        return body or b"{}"


def install() -> None:
    """Answer every path of the Lambda API here."""
    for path in urls.url_paths:
        urls.url_paths[path] = RunningResponse.dispatch
