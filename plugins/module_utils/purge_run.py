# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""A purge from its options to the module's result."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.paced_client import pace
from ansible_collections.proven.aws_backup.plugins.module_utils.purge import Purge
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_guards import check_place, check_tags, check_type
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_options import check_options, limiter_of, order_of
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import list_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

if TYPE_CHECKING:
    from botocore.client import BaseClient

NOTHING_TO_DO: dict[str, Any] = {
    "changed": False,
    "stopped_jobs": [],
    "awaited_jobs": [],
    "recovery_points": {},
    "deleted_recovery_points": [],
    "skipped_recovery_points": [],
    "unlisted": {"deleted_recovery_points": 0, "skipped_recovery_points": 0},
    "vault_deleted": False,
    "waited_seconds": 0.0,
}
GRACE = 30.0
"""Seconds after the time is up in which requests are still repeated, so that what is left can be reported."""


def run_purge(
    options: Mapping[str, Any], client: BaseClient, find_account_id: Callable[[], str], check_mode: bool, warn: Callable[[str], None]
) -> dict[str, Any]:
    """Purge a vault, or in check mode say what that would do.

    Args:
        options: the module's.
        client: of AWS Backup, for this purge only.
        find_account_id: tells the caller's account, which is asked when no vault tells it.
        warn: told what the user may not have meant.

    Raises:
        AnsibleBackupError: the vault must not be purged, or something is left of it.
    """
    check_options(options)
    pace(client, limiter_of(options), options["workers"], give_up_at=time.monotonic() + options["wait_timeout"] + GRACE)
    name, expected = options["backup_vault_name"], options["expected_tags"]
    vault = find_backup_vault(client, name)
    _check_place(options, vault, client.meta.region_name, find_account_id)
    if vault is None:
        return NOTHING_TO_DO
    check_type(vault)
    if expected:
        check_tags(name, list_tags(client, vault["BackupVaultArn"]), expected)
    work = Purge(client, vault, order_of(options), warn)
    if check_mode:
        return {**NOTHING_TO_DO, **work.preview(options["wait_timeout"])}
    return work.run(options["wait_timeout"])


def _check_place(options: Mapping[str, Any], vault: Mapping[str, Any] | None, region: str, find_account_id: Callable[[], str]) -> None:
    """Make sure, also where there is no such vault, that this is where it is expected: it may be missing only because this is not."""
    account_id, expected_region = options["expected_account_id"], options["expected_region"]
    there = vault["BackupVaultArn"].split(":")[4] if vault else find_account_id() if account_id else ""
    check_place(options["backup_vault_name"], (there, region), account_id, expected_region)
