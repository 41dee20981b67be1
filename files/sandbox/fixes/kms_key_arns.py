"""KMS: enabling, disabling and deleting a key that is named by its ARN.

AWS takes a key ID or a key ARN, and ScheduleKeyDeletion and CancelKeyDeletion answer with the ARN.
moto looks the ARN up as if it were an ID, fails with status 500, and answers with the name it was given.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from .methods import wrap


def install() -> None:
    """Make moto understand key ARNs in every operation that changes a key's state."""
    for name in ("enable_key", "disable_key", "cancel_key_deletion", "schedule_key_deletion"):
        wrap(KmsBackend, name, _with_key_id)
    for name in ("cancel_key_deletion", "schedule_key_deletion"):
        wrap(KmsResponse, name, _answering_with_arn)


def _with_key_id(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The backend's operation, given the ID whatever the key was named by."""

    @functools.wraps(operation)
    def operate(backend: KmsBackend, key_id: str, *args: Any, **kwargs: Any) -> Any:
        return operation(backend, backend.get_key_id(key_id), *args, **kwargs)

    return operate


def _answering_with_arn(operation: Callable[[KmsResponse], str]) -> Callable[[KmsResponse], str]:
    """The response's operation, with the key's ARN, state and window in its answer as far as AWS tells them."""

    @functools.wraps(operation)
    def answer(response: KmsResponse) -> str:
        body = json.loads(operation(response))
        key = response.kms_backend.describe_key(body["KeyId"])
        body["KeyId"] = key.arn
        if "DeletionDate" in body:
            window = response._get_param("PendingWindowInDays", 30)
            body |= {"KeyState": key.key_state, "PendingWindowInDays": window}
        return json.dumps(body)

    return answer
