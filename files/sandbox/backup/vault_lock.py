"""Vault Lock: retention bounds, and no deletion of recovery points."""

from __future__ import annotations

from .backend import BackupBackend
from .errors import InvalidParameterValueException, InvalidRequestException
from .events import vaults as vault_events
from .events.sending import tell_bus
from .moments import now
from .parameters import DAY, FOREVER, LONGEST_RETENTION
from .records import Lifecycle, Vault
from .registry import Params, operation

SHORTEST_GRACE_DAYS = 3


@operation("PutBackupVaultLockConfiguration")
def put_backup_vault_lock_configuration(backend: BackupBackend, params: Params) -> None:
    """Lock a vault; with ChangeableForDays for ever, once those days have passed."""
    vault = backend.vault(params["BackupVaultName"])
    _check_changeable(vault, "modified")
    shortest, longest, grace = (params.get(name) for name in ("MinRetentionDays", "MaxRetentionDays", "ChangeableForDays"))
    _check_days(shortest, longest, grace)
    vault.locked = True
    vault.min_retention_days, vault.max_retention_days = shortest, longest
    vault.lock_date = now() + grace * DAY if grace else None
    tell_bus(backend, vault_events.change(vault.name, vault.arn, "MODIFIED", locked=True))


@operation("DeleteBackupVaultLockConfiguration")
def delete_backup_vault_lock_configuration(backend: BackupBackend, params: Params) -> None:
    """Unlock a vault."""
    vault = backend.vault(params["BackupVaultName"])
    _check_changeable(vault, "deleted")
    vault.locked = False
    vault.min_retention_days = vault.max_retention_days = vault.lock_date = None
    tell_bus(backend, vault_events.change(vault.name, vault.arn, "MODIFIED", locked=False))


def retention_problem(vault: Vault, lifecycle: Lifecycle | None, job: str = "Backup") -> str | None:
    """Why a locked vault takes no backup (or copy, as job says) of this lifecycle, or None when it does."""
    days = (lifecycle or {}).get("DeleteAfterDays", FOREVER)
    too_short = vault.min_retention_days is not None and days != FOREVER and days < vault.min_retention_days
    too_long = vault.max_retention_days is not None and (days == FOREVER or days > vault.max_retention_days)
    if vault.locked and (too_short or too_long):
        return f"{job} job failed. The retention specified in the job is not within the range specified for the target Backup Vault."
    return None


def check_unlocked(vault: Vault) -> None:
    """Check that the vault's recovery points may be changed and deleted.

    Raises:
        InvalidRequestException: the vault is locked.
    """
    if vault.locked:
        raise InvalidRequestException(f"Backup vault {vault.name} is locked: its recovery points cannot be changed or deleted.")


def _check_changeable(vault: Vault, verb: str) -> None:
    if vault.lock_date is not None and now() >= vault.lock_date:
        raise InvalidRequestException(f"Vault Lock configuration is immutable and cannot be {verb}")


def _check_days(shortest: int | None, longest: int | None, grace: int | None) -> None:
    if shortest is not None and shortest < 1:
        raise InvalidParameterValueException("MinRetentionDays must be at least 1 day")
    if longest is not None and not 1 <= longest <= LONGEST_RETENTION:
        raise InvalidParameterValueException(f"MaxRetentionDays cannot exceed {LONGEST_RETENTION} days")
    if shortest is not None and longest is not None and shortest > longest:
        raise InvalidParameterValueException("MinRetentionDays cannot be greater than MaxRetentionDays")
    if grace is not None and not SHORTEST_GRACE_DAYS <= grace <= LONGEST_RETENTION:
        raise InvalidParameterValueException(f"ChangeableForDays must be at least {SHORTEST_GRACE_DAYS} days")
