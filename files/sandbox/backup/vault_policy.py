"""Access policies of vaults; a Deny for everyone is honoured."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import Any

from .backend import BackupBackend
from .errors import AccessDeniedException, InvalidParameterValueException, ResourceNotFoundException
from .records import Vault
from .registry import Params, operation


def check_allowed(vault: Vault, action: str, resource: str | None = None) -> None:
    """Check that the vault's policy does not deny an action, such as backup:DeleteRecoveryPoint, to everyone.

    Statements for some principals only, or with a condition, are not evaluated.

    Args:
        resource: the ARN that is acted on; the vault's own if it is not given.

    Raises:
        AccessDeniedException: it does.
    """
    for statement in _listed(json.loads(vault.access_policy or "{}").get("Statement", [])):
        if _denies_everyone(statement, vault) and _is_about(statement, action, resource or vault.arn):
            raise AccessDeniedException("Insufficient privileges to perform this action.")


@operation("PutBackupVaultAccessPolicy")
def put_backup_vault_access_policy(backend: BackupBackend, params: Params) -> None:
    """Set a vault's policy."""
    vault = backend.vault(params["BackupVaultName"])
    check_allowed(vault, "backup:PutBackupVaultAccessPolicy")
    policy = params.get("Policy") or "{}"
    try:
        usable = bool(json.loads(policy).get("Statement"))
    except (ValueError, AttributeError):
        usable = False
    if not usable:
        raise InvalidParameterValueException("The specified policy document is not valid")
    vault.access_policy = policy


@operation("GetBackupVaultAccessPolicy")
def get_backup_vault_access_policy(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """A vault's policy."""
    vault = backend.vault(params["BackupVaultName"])
    if vault.access_policy is None:
        raise ResourceNotFoundException(f"Backup vault {vault.name} has no access policy")
    return {"BackupVaultName": vault.name, "BackupVaultArn": vault.arn, "Policy": vault.access_policy}


@operation("DeleteBackupVaultAccessPolicy")
def delete_backup_vault_access_policy(backend: BackupBackend, params: Params) -> None:
    """Remove a vault's policy."""
    vault = backend.vault(params["BackupVaultName"])
    check_allowed(vault, "backup:DeleteBackupVaultAccessPolicy")
    vault.access_policy = None


def _denies_everyone(statement: dict[str, Any], vault: Vault) -> bool:
    account = vault.arn.split(":")[4]
    everyone = {"*", account, f"arn:{vault.arn.split(':')[1]}:iam::{account}:root"}
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return statement.get("Effect") == "Deny" and not everyone.isdisjoint(_listed(named)) and not statement.get("Condition")


def _is_about(statement: dict[str, Any], action: str, resource: str) -> bool:
    actions = [pattern.lower() for pattern in _listed(statement.get("Action", []))]
    resources = _listed(statement.get("Resource", "*"))
    return any(fnmatchcase(action.lower(), pattern) for pattern in actions) and any(fnmatchcase(resource, pattern) for pattern in resources)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
