"""Calls of AWS, by the SDK, with one kind of error; nothing of the SDK is imported before the first call."""

from __future__ import annotations

from typing import Any

from . import clients


class AwsError(Exception):
    """AWS refused a call, or could not be reached.

    Attributes:
        code: AWS's name for the error; Unreachable without an answer.
        details: the other fields of the answer.
    """

    def __init__(self, code: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.message = message
        self.details = details or {}


def call(
    service: str, operation: str, parameters: dict[str, Any], region: str = "", read_timeout: float = clients.READ_TIMEOUT
) -> dict[str, Any]:
    """Make one call; the SDK makes it again when it failed in passing.

    Args:
        service: in the SDK's words, for example dynamodb.
        operation: the client's method, for example get_item.
        parameters: of the operation.
        region: of the service; empty: the function's own.
        read_timeout: seconds for which each try waits for an answer.

    Raises:
        AwsError: it was refused, or failed every time.
    """
    client = clients.client(service, region, read_timeout)
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer: dict[str, Any] = getattr(client, operation)(**parameters)
    except ClientError as error:
        told = error.response.get("Error", {})
        raise AwsError(told.get("Code", "Unknown"), told.get("Message", ""), dict(error.response)) from None
    except BotoCoreError as error:
        raise AwsError("Unreachable", f"{service} in {client.meta.region_name} does not answer ({type(error).__name__})") from None
    return answer
