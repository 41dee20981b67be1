"""What an execution environment is made of, what it is asked and what it answers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field


@dataclass(frozen=True)
class FunctionSpec:
    """One version of a function; environments are shared by invocations of equal specs.

    Attributes:
        arn: the version's ARN, qualified unless it is $LATEST.
        timeout: seconds one invocation may take.
        memory_size: MB, reported but not enforced.
        variables: the function's own environment variables.
        code: the zip; layers: the layers' zips, lowest first.
    """

    arn: str
    name: str
    version: str
    handler: str
    runtime: str
    role_arn: str
    region: str
    account_id: str
    timeout: int
    memory_size: int
    variables: tuple[tuple[str, str], ...]
    code_sha256: str
    layer_arns: tuple[str, ...]
    code: bytes = field(compare=False, repr=False)
    layers: tuple[bytes, ...] = field(compare=False, repr=False, default=())

    @property
    def log_group(self) -> str:
        """The CloudWatch log group the function writes to."""
        return f"/aws/lambda/{self.name}"


@dataclass(frozen=True)
class Request:
    """One invocation: the event as JSON, and the ARN it was invoked by."""

    payload: bytes
    invoked_arn: str
    client_context: str | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass(frozen=True)
class Result:
    """What came of an invocation.

    Attributes:
        payload: the function's answer, or the error object, as JSON.
        error: None, or the message of the error that ended the invocation.
        log: the invocation's log lines.
    """

    payload: bytes
    error: str | None
    log: str


class ThrottledError(Exception):
    """The function's reserved concurrency is used up."""


class EndedError(Exception):
    """The function was deleted, or the sandbox emptied, while the invocation waited or ran."""
