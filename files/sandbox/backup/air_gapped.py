"""Logically air-gapped vaults: locked from the beginning and for ever, and filled with copies only."""

from __future__ import annotations

from typing import Any

from .. import clock
from .backend import BackupBackend
from .errors import AlreadyExistsException, InvalidParameterValueException
from .events import vaults as vault_events
from .events.sending import tell_bus
from .keys import vault_key
from .moments import now
from .parameters import LONGEST_RETENTION, check_request_id, check_vault_name
from .records import AIR_GAPPED, Vault
from .registry import Params, operation
from .tags import check_tags

SHORTEST_RETENTION = 7
CREATING_SECONDS = 60


@operation("CreateLogicallyAirGappedBackupVault")
def create_logically_air_gapped_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a vault, which is CREATING for a while; a repeat with the same CreatorRequestId answers as the first time."""
    name, request_id = params["BackupVaultName"], params.get("CreatorRequestId")
    check_vault_name(name)
    check_request_id(request_id)
    tags = check_tags(params.get("BackupVaultTags"))
    _check_retention(params["MinRetentionDays"], params["MaxRetentionDays"])
    vault = backend.backup_vaults.get(name)
    if vault is not None and (request_id is None or request_id != vault.creator_request_id):
        raise AlreadyExistsException(
            "Backup vault with the same name already exists", CreatorRequestId=vault.creator_request_id, Arn=vault.arn
        )
    if vault is None:
        vault = backend.backup_vaults[name] = _new_vault(backend, params)
        backend.tag_resource(vault.arn, tags)
        tell_bus(backend, vault_events.change(name, vault.arn, "CREATED", locked=True))
        clock.scheduler.call_later(CREATING_SECONDS, lambda: _be_available(backend, vault))
    return {
        "BackupVaultName": name,
        "BackupVaultArn": vault.arn,
        "CreationDate": vault.creation_date,
        "VaultState": vault.state,
    }


def _new_vault(backend: BackupBackend, params: Params) -> Vault:
    created, key_arn = now(), params.get("EncryptionKeyArn")
    return Vault(
        name=params["BackupVaultName"],
        arn=backend.arn(f"backup-vault:{params['BackupVaultName']}"),
        creation_date=created,
        encryption_key_arn=vault_key(backend, key_arn),
        encryption_key_type="CUSTOMER_MANAGED_KMS_KEY" if key_arn else "AWS_OWNED_KMS_KEY",
        creator_request_id=params.get("CreatorRequestId"),
        type=AIR_GAPPED,
        state="CREATING",
        locked=True,
        min_retention_days=params["MinRetentionDays"],
        max_retention_days=params["MaxRetentionDays"],
        lock_date=created,
    )


def _be_available(backend: BackupBackend, vault: Vault) -> None:
    with backend.lock:
        vault.state = "AVAILABLE"


def _check_retention(shortest: int, longest: int) -> None:
    if not SHORTEST_RETENTION <= shortest <= longest <= LONGEST_RETENTION:
        raise InvalidParameterValueException(
            f"Invalid retention: at least {SHORTEST_RETENTION} and at most {LONGEST_RETENTION} days, the shortest not above the longest"
        )
