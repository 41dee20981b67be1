"""moto's Lambda, with functions that run."""

from __future__ import annotations

import base64
import copy
import io
import zipfile
from typing import Any

from moto import awslambda
from moto.awslambda import models
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.core.base_backend import BackendDict
from moto.utilities.arns import parse_arn

from . import pools, role
from .event_queue import Event, EventQueue
from .spec import FunctionSpec, Request, Result, ThrottledError

LOG_TAIL_BYTES = 4096
REQUEST_ID = "x-amzn-requestid"


class RunningFunction(models.LambdaFunction):
    """A function whose invocations run its code; moto's own keeps neither DeadLetterConfig nor tracing updates."""

    __module__ = models.__name__

    def __init__(self, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        self.dead_letter_arn: str | None = spec.get("DeadLetterConfig", {}).get("TargetArn") or None
        self.events = EventQueue()
        super().__init__(account_id=account_id, spec=spec, region=region, version=version)

    def __deepcopy__(self, _memo: dict[int, Any]) -> RunningFunction:
        # moto copies functions to change their version only; a deep copy would copy every log along.
        return copy.copy(self)

    def get_configuration(self, on_create: bool = False) -> dict[str, Any]:
        """The configuration as the API tells it."""
        config = super().get_configuration(on_create)
        if self.dead_letter_arn:
            config["DeadLetterConfig"] = {"TargetArn": self.dead_letter_arn}
        return config

    def update_configuration(self, config_updates: dict[str, Any]) -> dict[str, Any]:
        """Apply an UpdateFunctionConfiguration request."""
        if "DeadLetterConfig" in config_updates:
            target_arn = config_updates["DeadLetterConfig"].get("TargetArn") or None
            if target_arn:
                role.require_sending_to(config_updates.get("Role", self.role), target_arn)
            self.dead_letter_arn = target_arn
        if "TracingConfig" in config_updates:
            self.tracing_config = config_updates["TracingConfig"]
        if "KMSKeyArn" in config_updates:
            self.kms_key_arn = config_updates["KMSKeyArn"]
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        super().update_configuration(config_updates)
        pools.retire(self.function_arn)
        return self.get_configuration()

    def update_function_code(self, updated_spec: dict[str, Any]) -> dict[str, Any]:
        """Apply an UpdateFunctionCode request."""
        super().update_function_code(updated_spec)
        pools.retire(self.function_arn)
        return self.get_configuration()

    def _set_function_code(self, updated_spec: dict[str, Any]) -> None:
        if "ZipFile" in updated_spec and not zipfile.is_zipfile(io.BytesIO(base64.b64decode(updated_spec["ZipFile"]))):
            raise InvalidParameterValueException("Could not unzip uploaded file. Please check your file, then try to upload again.")
        super()._set_function_code(updated_spec)

    def event_config(self) -> dict[str, Any]:
        """The function's EventInvokeConfig, empty when it has none."""
        return self.event_invoke_config[-1].config if self.event_invoke_config else {}

    def spec(self) -> FunctionSpec:
        """What an environment of the function is made of now."""
        backend = models.lambda_backends[self.account_id][self.region]
        layer_arns = tuple(layer["Arn"] for layer in self.layers)
        versions = [backend.layers_versions_by_arn(arn) for arn in layer_arns]
        return FunctionSpec(
            arn=self.function_arn,
            name=self.function_name,
            version=str(self.version),
            handler=self.handler or "",
            runtime=self.run_time or "",
            role_arn=self.role,
            region=self.region,
            account_id=self.account_id,
            timeout=int(self.timeout),
            memory_size=int(self.memory_size),
            variables=tuple(sorted(self.environment_vars.items())),
            code_sha256=self.code_sha_256,
            layer_arns=layer_arns,
            code=self.code_bytes,
            layers=tuple(version.code_bytes for version in versions if version),
        )

    def run(self, request: Request) -> Result:
        """Invoke the function and wait for what comes of it.

        Raises:
            ThrottledError: its reserved concurrency is used up.
            EndedError: it was deleted meanwhile.
        """
        reserved = None if self.reserved_concurrency is None else int(self.reserved_concurrency)
        if reserved == 0:
            raise ThrottledError(self.function_arn)
        return pools.pool_of(self.spec()).invoke(request, reserved)

    def accept(self, payload: bytes, invoked_arn: str, client_context: str | None = None) -> str:
        """Queue an asynchronous invocation; returns its request ID."""
        request = Request(payload, invoked_arn, client_context)
        self.events.put(Event(self, request))
        return request.request_id

    def invoke(self, body: str | bytes, request_headers: Any, response_headers: Any) -> bytes:
        """Invoke as moto's other services do: wait for the answer, and report errors and the log in response_headers."""
        payload = body.encode() if isinstance(body, str) else body
        request = Request(payload or b"{}", self.function_arn, request_headers.get("X-Amz-Client-Context"))
        result = self.run(request)
        response_headers[REQUEST_ID] = request.request_id
        if result.error is not None:
            response_headers["x-amz-function-error"] = "Unhandled"
        response_headers["x-amz-log-result"] = base64.b64encode(result.log.encode()[-LOG_TAIL_BYTES:]).decode()
        return result.payload


class RunningBackend(models.LambdaBackend):
    """A Region's functions."""

    __module__ = models.__name__

    def create_function(self, spec: dict[str, Any]) -> models.LambdaFunction:
        """Create a function whose role Lambda may assume, and which may send to its dead-letter queue."""
        function = super().create_function(spec)
        try:
            role.require_assumable(spec["Role"])
            if spec.get("DeadLetterConfig", {}).get("TargetArn"):
                role.require_sending_to(spec["Role"], spec["DeadLetterConfig"]["TargetArn"])
        except InvalidParameterValueException:
            super().delete_function(spec["FunctionName"])
            raise
        return function

    def delete_function(self, function_name: str, qualifier: str | None = None) -> None:
        """Delete a function (or one version) and end what runs of it."""
        function = self.get_function(function_name, qualifier)
        super().delete_function(function_name, qualifier)
        if not qualifier and isinstance(function, RunningFunction):
            function.events.close()
        pools.kill(function.function_arn)

    def put_function_event_invoke_config(self, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
        """Replace the asynchronous invocation settings; moto appends to the old ones and goes on answering with them."""
        self.get_function(function_name).event_invoke_config.clear()
        return super().put_function_event_invoke_config(function_name, config)

    def update_function_event_invoke_config(self, function_name: str, config: dict[str, Any]) -> dict[str, Any]:
        """Change some of the asynchronous invocation settings."""
        function = self.get_function(function_name)
        known = function.event_invoke_config[-1].config if function.event_invoke_config else {}
        return self.put_function_event_invoke_config(function_name, {**known, **config})


def install() -> None:
    """Put these functions in the place of moto's."""
    models.LambdaFunction = RunningFunction  # type: ignore[misc]
    models.lambda_backends = BackendDict(RunningBackend, "lambda")
    awslambda.lambda_backends = models.lambda_backends


def find(function_arn: str) -> RunningFunction:
    """Find a function by its ARN, qualified or not.

    Raises:
        UnknownFunctionException: there is no such function.
    """
    target = parse_arn(function_arn)
    function = models.lambda_backends[target.account][target.region].get_function(function_arn)
    assert isinstance(function, RunningFunction)
    return function


def close_queues() -> None:
    """Drop the waiting events of every function."""
    for regions in models.lambda_backends.values():
        for backend in regions.values():
            for function in backend.list_functions():
                assert isinstance(function, RunningFunction)
                function.events.close()
