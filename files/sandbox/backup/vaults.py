"""Backup vaults: create, describe, list, delete."""

from __future__ import annotations

from typing import Any

from .. import quotas
from . import pages
from .backend import BackupBackend
from .errors import AccessDeniedException, AlreadyExistsException, InvalidRequestException, LimitExceededException
from .events import vaults as vault_events
from .events.sending import tell_bus
from .keys import vault_key
from .moments import now
from .parameters import check_enum, check_request_id, check_vault_name
from .records import Vault
from .registry import Params, operation
from .tags import check_tags
from .vault_policy import check_allowed

NOT_EMPTY = "ERROR_9101"


@operation("CreateBackupVault")
def create_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Create a vault; a repeat with the same CreatorRequestId answers as the first time."""
    name, request_id = params["BackupVaultName"], params.get("CreatorRequestId")
    check_vault_name(name)
    check_request_id(request_id)
    tags = check_tags(params.get("BackupVaultTags"))
    vault = backend.backup_vaults.get(name)
    if vault is None:
        _check_quota(backend)
        key_arn = params.get("EncryptionKeyArn")
        vault = Vault(
            name=name,
            arn=backend.arn(f"backup-vault:{name}"),
            creation_date=now(),
            encryption_key_arn=vault_key(backend, key_arn),
            encryption_key_type="CUSTOMER_MANAGED_KMS_KEY" if key_arn else None,
            creator_request_id=request_id,
        )
        backend.backup_vaults[name] = vault
        backend.tag_resource(vault.arn, tags)
        tell_bus(backend, vault_events.change(name, vault.arn, "CREATED"))
    elif request_id is None or request_id != vault.creator_request_id:
        raise AlreadyExistsException(
            "Backup vault with the same name already exists", CreatorRequestId=vault.creator_request_id, Arn=vault.arn
        )
    return {"BackupVaultName": name, "BackupVaultArn": vault.arn, "CreationDate": vault.creation_date}


def _check_quota(backend: BackupBackend) -> None:
    if len(backend.backup_vaults) >= quotas.value_of("backup", quotas.VAULTS):
        raise LimitExceededException("Backup vault limit exceeded for this account and Region")


@operation("DescribeBackupVault")
def describe_backup_vault(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a vault; AWS answers about one that does not exist as if it were another account's."""
    vault = backend.backup_vaults.get(params["BackupVaultName"])
    if vault is None or params.get("BackupVaultAccountId", backend.account_id) != backend.account_id:
        raise AccessDeniedException("Insufficient privileges to perform this action.")
    return _members(backend, vault)


@operation("ListBackupVaults")
def list_backup_vaults(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List vaults by name; vaults shared by other accounts do not exist here."""
    check_enum("VaultType", params.get("ByVaultType"))
    wanted = params.get("ByVaultType")
    known = [] if params.get("ByShared") else backend.backup_vaults.values()
    found = (vault for vault in known if wanted in (None, vault.type))
    vaults, token = pages.page(found, params, key=lambda vault: vault.name)
    return {"BackupVaultList": [_members(backend, vault) for vault in vaults], "NextToken": token}


@operation("DeleteBackupVault")
def delete_backup_vault(backend: BackupBackend, params: Params) -> None:
    """Delete a vault that holds no recovery points."""
    vault = backend.vault(params["BackupVaultName"])
    check_allowed(vault, "backup:DeleteBackupVault")
    count = _count(backend, vault)
    if count:
        message = "Backup vault cannot be deleted because it contains recovery points."
        raise InvalidRequestException(message, code=NOT_EMPTY, context=str(count))
    del backend.backup_vaults[vault.name]
    backend.remove_tags(vault.arn)
    tell_bus(backend, vault_events.change(vault.name, vault.arn, "DELETED"))


def _count(backend: BackupBackend, vault: Vault) -> int:
    return len(backend.recovery_points.of_vault(vault.name)) + vault.leaving


def _members(backend: BackupBackend, vault: Vault) -> dict[str, Any]:
    return {
        "BackupVaultName": vault.name,
        "BackupVaultArn": vault.arn,
        "VaultType": vault.type,
        "VaultState": vault.state,
        "EncryptionKeyArn": vault.encryption_key_arn,
        "EncryptionKeyType": vault.encryption_key_type,
        "CreationDate": vault.creation_date,
        "CreatorRequestId": vault.creator_request_id,
        "NumberOfRecoveryPoints": _count(backend, vault),
        "Locked": vault.locked,
        "MinRetentionDays": vault.min_retention_days,
        "MaxRetentionDays": vault.max_retention_days,
        "LockDate": vault.lock_date,
    }
