# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is made sure before a vault is purged; each refusal says what to do if the vault is meant all the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require

COMMON_VAULT = "BACKUP_VAULT"


def check_name(backup_vault_name: str) -> None:
    """Refuse the vaults that AWS owns.

    Raises:
        AnsibleBackupError: it is one of them.
    """
    require(
        backup_vault_name != "Default" and not backup_vault_name.startswith("aws/"),
        f"The vault {backup_vault_name} is never purged: AWS made it, and backups that nobody here planned may be in it",
    )


def check_place(backup_vault_name: str, there: tuple[str, str], account_id: str | None, region: str | None) -> None:
    """Refuse a vault that is in another account or Region than expected (None: in any); there: the account and the Region it is in.

    Raises:
        AnsibleBackupError: it is.
    """
    for what, expected, actual in zip(("account", "Region"), (account_id, region), there, strict=True):
        require(
            expected in (None, actual),
            f"The vault {backup_vault_name} is not purged, because the {what} is {actual}, not {expected}",
        )


def check_type(vault: Mapping[str, Any]) -> None:
    """Refuse a vault (as AWS describes it) that only shows another one's points.

    Raises:
        AnsibleBackupError: it is one.
    """
    require(
        vault.get("VaultType") != "RESTORE_ACCESS_BACKUP_VAULT",
        f"The vault {vault['BackupVaultName']} only gives access to recovery points of another vault: "
        "revoke it (aws backup revoke-restore-access-backup-vault)",
    )


def check_tags(backup_vault_name: str, tags: Mapping[str, str], expected: Mapping[str, Any]) -> None:
    """Refuse a vault that does not carry all expected tags.

    Raises:
        AnsibleBackupError: a tag is missing or has another value.
    """
    wrong = [f"{key} is {tags.get(key)!r}, not {str(value)!r}" for key, value in expected.items() if tags.get(key) != str(value)]
    require(
        not wrong,
        f"The vault {backup_vault_name} is not purged, because its tags differ from expected_tags: {'; '.join(wrong)}. "
        "If it is yours all the same, correct expected_tags or tag the vault",
    )


def is_frozen(vault: Mapping[str, Any]) -> bool:
    """Whether nobody can delete the points of a vault, as AWS describes it."""
    return vault.get("VaultType", COMMON_VAULT) != COMMON_VAULT or bool(vault.get("Locked") and vault.get("LockDate"))


def check_lock(vault: Mapping[str, Any]) -> None:
    """Refuse a vault (as AWS describes it) of which nobody can delete anything: air-gapped, or locked in compliance mode.

    Raises:
        AnsibleBackupError: it is, whether or not the lock's grace time is over.
    """
    if not is_frozen(vault):
        return
    name, kind = vault["BackupVaultName"], vault.get("VaultType", COMMON_VAULT)
    if kind == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT":
        why = (
            "is logically air-gapped and so locked in compliance mode: nobody can delete its recovery points before their retention ends, "
            "AWS included. They have to expire first"
        )
    else:
        why = (
            "is locked in compliance mode: before their retention ends, nobody can delete its recovery points, AWS included. Until "
            f"{vault['LockDate'].isoformat()}, the lock itself can be removed (aws backup delete-backup-vault-lock-configuration); "
            "after that, the points have to expire first"
        )
    raise AnsibleBackupError(message=f"The vault {name} {why}")


def check_count(count: int, size: int, most: int, deleted: int = 0) -> None:
    """Refuse to delete more points than allowed.

    Args:
        count: the points that would go, with those that went.
        size: theirs, in bytes.
        most: how many may go; 0: any number.
        deleted: how many AWS has agreed to delete.

    Raises:
        AnsibleBackupError: there are more.
    """
    require(
        most == 0 or count <= most,
        f"{count} recovery points ({size / 2**30:.1f} GiB) would go, more than max_recovery_points, {most}: "
        f"{f'only {deleted} were deleted, because the others appeared later' if deleted else 'nothing was deleted'}. "
        f"Raise it to {count} or more if that is meant",
    )
