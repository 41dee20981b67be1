# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: whether the vault takes what is to be backed up, and the windows leave time for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.policy_documents import decide
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import DEFAULT_START_WINDOW, FOR_EVER, check_windows
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_policy import get_backup_vault_access_policy

if TYPE_CHECKING:
    from collections.abc import Callable

LOCK = "vault lock"
WINDOWS = "windows"
DESTINATION = "copy destination"
COPYING = "backup:CopyIntoBackupVault"


def checks(_client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """The vault's lock against the lifecycle, and the windows."""
    found = []
    name = wanted.backup_vault_name
    if name and wanted.delete_after_days is not None:
        found.append(Check(LOCK, name, _lock(place, name, wanted.delete_after_days)))
    if wanted.start_window_minutes is not None or wanted.completion_window_minutes is not None:
        found.append(Check(WINDOWS, "of the jobs", lambda: _windows(wanted.start_window_minutes, wanted.completion_window_minutes)))
    return found


def checks_of_destination(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """Whether the vault takes copies."""
    name = wanted.backup_vault_name
    return [Check(DESTINATION, name, _destination(client, name, wanted, place))] if name else []


def _destination(client: ClientFactory, name: str, wanted: Wanted, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        if place.vault() is None:
            return Finding(DESTINATION, name, "passed", "the vault does not exist yet; test_restore.yml creates it")
        policy = get_backup_vault_access_policy(client("backup"), name)
        callers = {place.account_id, place.caller_arn, f"arn:{place.partition}:iam::{place.account_id}:root"}
        decision = decide(policy, callers | ({wanted.copy_role_arn} if wanted.copy_role_arn else set()), COPYING, {})
        if decision == "denied":
            remedy = f"remove the Deny of {COPYING} from the vault's access policy, or choose another Region"
            return Finding(DESTINATION, name, "failed", "the vault's access policy denies that copies come in", remedy)
        if decision == "conditional":
            return Finding(DESTINATION, name, "unknown", "its access policy has conditions that are not understood here", "read them")
        return Finding(DESTINATION, name, "passed", "the vault's access policy denies no copies")

    return look


def _lock(place: Place, name: str, days: int) -> Callable[[], Finding]:
    def look() -> Finding:
        vault = place.vault()
        if vault is None:
            return Finding(LOCK, name, "passed", "the vault does not exist yet; deploy.yml creates it without a lock")
        return judge_lock(name, vault, days)

    return look


def judge_lock(name: str, vault: dict[str, Any], days: int) -> Finding:
    """The finding about a vault as AWS describes it, for backups that are kept for days (-1: for ever)."""
    if not vault.get("Locked"):
        return Finding(LOCK, name, "passed", "the vault is not locked")
    shortest, longest = vault.get("MinRetentionDays"), vault.get("MaxRetentionDays")
    kept = "for ever" if days == FOR_EVER else f"for {days} days"
    bounds = f"{shortest or 1} to {longest or 'any number of'} days"
    is_short = shortest is not None and days != FOR_EVER and days < shortest
    is_long = longest is not None and (days == FOR_EVER or days > longest)
    if is_short or is_long:
        reason = f"its lock takes backups that are kept for {bounds}, not {kept}: every job would fail"
        return Finding(LOCK, name, "failed", reason, "set vault_delete_after_days within them, or choose another vault_name")
    if vault.get("LockDate"):
        reason = f"its lock takes backups that are kept {kept}; it is a compliance lock: nobody can delete them before"
        return Finding(LOCK, name, "warning", reason, "cleanup.yml cannot remove this vault; use another one for tests")
    return Finding(LOCK, name, "passed", f"its lock takes backups that are kept {kept}")


def _windows(start: int | None, completion: int | None) -> Finding:
    try:
        check_windows(start, completion)
    except AnsibleBackupError as error:
        remedy = "set vault_start_window_minutes and vault_completion_window_minutes"
        return Finding(WINDOWS, "of the jobs", "failed", str(error.message), remedy)
    return Finding(
        WINDOWS, "of the jobs", "passed", f"{start or DEFAULT_START_WINDOW} minutes to start, {completion or 'any number of'} to complete"
    )
