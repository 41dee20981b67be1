"""KMS keys that must be used to read something: a customer's own; every caller in the account may use AWS's through the service."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.exceptions import JsonRESTError
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends
from moto.utilities.utils import get_partition

from .calls import Call

OF_AWS = "alias/aws/"
READING = ("Query", "Scan")


def to_decrypt(call: Call) -> list[str]:
    """The ARNs of the keys that a call decrypts with."""
    reads = call.operation.startswith("Get") or call.operation in READING
    names = KEY_NAMES[call.service](call) if reads and call.service in KEY_NAMES else []
    return [_key_arn(call, name) for name in names if name and OF_AWS not in name]


def _key_arn(call: Call, name: str) -> str:
    kms = kms_backends[DEFAULT_ACCOUNT_ID][call.region]
    alias = kms.get_alias_name(name)
    key = kms.get_key_id_from_alias(alias) if alias.startswith("alias/") else kms.get_key_id(name)
    return call.arn("kms", f"key/{key}" if key else alias)


def _of_secret(call: Call) -> list[str | None]:
    """The key of the secret that is read, as whoever stored it named it; so are those below."""
    secret = secretsmanager_backends[DEFAULT_ACCOUNT_ID][call.region].secrets.get(str(call.parameters.get("SecretId", "")))
    return [getattr(secret, "kms_key_id", None)]


def _of_table(call: Call) -> list[str | None]:
    table = dynamodb_backends[DEFAULT_ACCOUNT_ID][call.region].tables.get(str(call.parameters.get("TableName", "")))
    return [(getattr(table, "sse_specification", None) or {}).get("KMSMasterKeyId")]


def _of_object(call: Call) -> list[str | None]:
    bucket = s3_backends[DEFAULT_ACCOUNT_ID][get_partition(call.region)].buckets.get(str(call.parameters.get("Bucket", "")))
    found = bucket.keys.get(str(call.parameters.get("Key", ""))) if bucket else None
    return [getattr(found, "kms_key_id", None)]


def _of_parameters(call: Call) -> list[str | None]:
    if not call.parameters.get("WithDecryption"):
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


KEY_NAMES: dict[str, Callable[[Call], list[str | None]]] = {
    "dynamodb": _of_table,
    "s3": _of_object,
    "secretsmanager": _of_secret,
    "ssm": _of_parameters,
}
