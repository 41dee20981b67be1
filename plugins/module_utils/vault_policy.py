# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the access policy of a vault denies, such as the deletion of its recovery points."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient

DELETION = "backup:DeleteRecoveryPoint"


@aws_call("read the access policy of the vault {backup_vault_name}", missing={})
def get_backup_vault_access_policy(client: BaseClient, backup_vault_name: str) -> dict[str, Any]:
    """The policy document; empty when the vault has none."""
    return json.loads(client.get_backup_vault_access_policy(BackupVaultName=backup_vault_name)["Policy"])


def find_denials(client: BaseClient, backup_vault_name: str, action: str = DELETION) -> list[dict[str, Any]]:
    """The statements of the vault's policy that deny an action, at least to some; none when it cannot be read."""
    try:
        policy = get_backup_vault_access_policy(client, backup_vault_name)
    except (AnsibleBackupError, ValueError):
        return []
    return [statement for statement in _listed(policy.get("Statement", [])) if _denies(statement, action.lower())]


def describe(statement: dict[str, Any]) -> str:
    """A statement by its Sid, or by what it says."""
    return statement.get("Sid") or json.dumps(statement, sort_keys=True)


def denies_everything(statement: dict[str, Any]) -> bool:
    """Whether a denying statement is about everybody and every point, without a condition."""
    principal = statement.get("Principal")
    named = principal.get("AWS") if isinstance(principal, dict) else principal
    return "*" in _listed(named) and "*" in _listed(statement.get("Resource", [])) and not statement.get("Condition")


def _denies(statement: dict[str, Any], action: str) -> bool:
    if statement.get("Effect") != "Deny":
        return False
    if "NotAction" in statement:
        return not any(fnmatchcase(action, pattern.lower()) for pattern in _listed(statement["NotAction"]))
    return any(fnmatchcase(action, pattern.lower()) for pattern in _listed(statement.get("Action", [])))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
