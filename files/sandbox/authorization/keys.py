"""KMS keys that must be used to read a secret: a customer's own; every caller in the account may use AWS's through the service."""

from __future__ import annotations

import contextlib

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from .calls import Call

OF_AWS = "alias/aws/"


def to_decrypt(call: Call) -> list[str]:
    """The ARNs of the keys that a call decrypts with."""
    names = _key_names(call) if call.operation.startswith("Get") else []
    return [_key_arn(call, name) for name in names if name and OF_AWS not in name]


def _key_arn(call: Call, name: str) -> str:
    kms = kms_backends[DEFAULT_ACCOUNT_ID][call.region]
    alias = kms.get_alias_name(name)
    key = kms.get_key_id_from_alias(alias) if alias.startswith("alias/") else kms.get_key_id(name)
    return call.arn("kms", f"key/{key}" if key else alias)


def _key_names(call: Call) -> list[str | None]:
    """The keys of the secrets that are read, as whoever stored them named them."""
    if call.service == "secretsmanager":
        secret = secretsmanager_backends[DEFAULT_ACCOUNT_ID][call.region].secrets.get(str(call.parameters.get("SecretId", "")))
        return [getattr(secret, "kms_key_id", None)]
    if call.service != "ssm" or not call.parameters.get("WithDecryption"):
        return []
    names = call.parameters.get("Names") or [call.parameters.get("Name")]
    ssm = ssm_backends[DEFAULT_ACCOUNT_ID][call.region]
    found: list[str | None] = []
    for name in names:
        # Of a version or a name that does not exist, moto tells by itself.
        with contextlib.suppress(JsonRESTError):
            parameter = ssm.get_parameter(str(name))
            found += [parameter.keyid] if parameter else []
    return found
