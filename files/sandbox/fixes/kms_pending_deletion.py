"""KMS: a key that waits for its deletion.

AWS refuses to change or use it with KMSInvalidStateException, except to read it, cancel the deletion or delete its aliases.
moto lets everything through, so a cleanup that touches such a key would pass here and fail there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.core.exceptions import JsonRESTError
from moto.kms.responses import KmsResponse

from .methods import wrap

REFUSED_BY_KEY_ID = (
    "enable_key",
    "disable_key",
    "enable_key_rotation",
    "disable_key_rotation",
    "encrypt",
    "generate_data_key",
    "schedule_key_deletion",
    "tag_resource",
    "untag_resource",
    "update_key_description",
)
REFUSED_BY_TARGET_KEY_ID = ("create_alias", "update_alias")


class KMSInvalidStateException(JsonRESTError):
    """The key's state forbids the operation."""

    code = 400

    def __init__(self, key_arn: str) -> None:
        super().__init__("KMSInvalidStateException", f"{key_arn} is pending deletion.")


def install() -> None:
    """Make moto refuse what AWS refuses."""
    for parameter, names in (("KeyId", REFUSED_BY_KEY_ID), ("TargetKeyId", REFUSED_BY_TARGET_KEY_ID)):
        for name in names:
            wrap(KmsResponse, name, functools.partial(_refused_while_pending, parameter))


def _refused_while_pending(parameter: str, operation: Callable[[KmsResponse], str]) -> Callable[[KmsResponse], str]:
    """The operation, after a look at the state of the key that the request parameter names."""

    @functools.wraps(operation)
    def answer(response: KmsResponse) -> str:
        backend = response.kms_backend
        key = backend.keys.get(backend.any_id_to_key_id(response._get_param(parameter) or ""))
        if key is not None and key.key_state == "PendingDeletion":
            raise KMSInvalidStateException(key.arn)
        return operation(response)

    return answer
