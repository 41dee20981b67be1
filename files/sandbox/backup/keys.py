"""The KMS keys that encrypt vaults."""

from __future__ import annotations

from moto.kms.models import kms_backends

from .backend import BackupBackend
from .errors import InvalidParameterValueException

DEFAULT_ALIAS = "alias/aws/backup"


def vault_key(backend: BackupBackend, key_arn: str | None) -> str:
    """The ARN of the key of a new vault: the given one, or the account's own for AWS Backup.

    Raises:
        InvalidParameterValueException: the given key cannot be used.
    """
    kms = kms_backends[backend.account_id][backend.region_name]
    if key_arn is None:
        return kms.keys[_default_key_id(backend)].arn
    key = next((known for known in kms.keys.values() if known.arn == key_arn), None)
    if key is None or key.key_state != "Enabled":
        raise InvalidParameterValueException(f"Given key ID is not accessible: {key_arn}")
    return key.arn


def _default_key_id(backend: BackupBackend) -> str:
    kms = kms_backends[backend.account_id][backend.region_name]
    existing = kms.get_key_id_from_alias(DEFAULT_ALIAS)
    if existing:
        return existing
    description = "Default key that protects my Backup data when no other key is defined"
    key = kms.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", description, None)
    kms.create_alias(key.id, DEFAULT_ALIAS)
    return key.id
