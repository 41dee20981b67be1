"""What the event bus is told about vaults; their topics are told nothing."""

from __future__ import annotations

from . import Change

DETAIL_TYPE = "Backup Vault State Change"


def change(name: str, arn: str, state: str, locked: bool | None = None) -> Change:
    """A vault was CREATED, MODIFIED (locked, for example) or DELETED."""
    detail = {"backupVaultName": name, "state": state}
    if locked is not None:
        detail["isLocked"] = str(locked).lower()
    return Change(DETAIL_TYPE, detail, [arn])
