# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to say when AWS does not do to one recovery point what a module asks for."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import vault_policy
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.point_refusals import ACCESS_DENIED, judge
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_guards import check_lock, is_frozen
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import REMEDIES
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import (
    list_recovery_points_by_backup_vault,
    to_result,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient

REFUSED = (*ACCESS_DENIED, "InvalidParameterValueException", "InvalidRequestException", "MissingParameterValueException")
"""Answers that are about this recovery point; others say that no call would do."""

Point = dict[str, Any]


def left_error(point: Point, what: str, outcome: str, reason: str, remedy: str | None = None, **result: Any) -> AnsibleBackupError:
    """The error of a recovery point (as AWS describes it) that is not what it should be: what, in a past participle, it is not.

    Args:
        outcome: one of purge_outcomes.REMEDIES.
        reason: why, without the last full stop.
        remedy: what to do; None: as usual for the outcome.
        result: further keys of the failure.
    """
    remedy = remedy or REMEDIES[outcome]
    message = f"The recovery point {point['RecoveryPointArn']} of the vault {point['BackupVaultName']} is not {what}: "
    kept = {"outcome": outcome, "reason": reason, "remedy": remedy, "recovery_point": to_result(point)}
    return AnsibleBackupError(message=f"{message}{reason.rstrip('.')}. {remedy}", **kept, **result)


def refusal_error(client: BaseClient, point: Point, verb: str, what: str, permission: str, error: AnsibleBackupError) -> AnsibleBackupError:
    """What to fail with when AWS answers with an error; that same error when it has nothing to do with this recovery point.

    Args:
        verb: what was asked for, such as delete.
        what: what the recovery point is not, such as deleted.
        permission: the action that was asked for, such as backup:DeleteRecoveryPoint.
    """
    if error.exception is None or error_code(error) not in REFUSED:
        return error
    name = point["BackupVaultName"]
    if verb == "delete" and point.get("IsParent") and (nested := _nested_in(client, point)):
        return left_error(point, what, "nested_left", f"it holds {len(nested)} nested recovery points (the first is {nested[0]})")
    vault = _vault(client, name)
    verdict = judge(error.exception, bool(vault.get("Locked")), lambda: vault_policy.find_denials(client, name, permission), verb)
    remedy = f"Allow the caller {permission} on the point's own ARN, then run again." if verdict.outcome == "access_denied" else None
    if verdict.outcome == "vault_locked" and is_frozen(vault):
        return left_error(point, what, verdict.outcome, verdict.reason, f"{_lock_text(vault)}.")
    return left_error(point, what, verdict.outcome, verdict.reason, remedy)


def _nested_in(client: BaseClient, point: Point) -> list[str]:
    arn = point["RecoveryPointArn"]
    nested = list_recovery_points_by_backup_vault(client, point["BackupVaultName"], parent_recovery_point_arn=arn)
    return [each["RecoveryPointArn"] for each in nested]


def _vault(client: BaseClient, name: str) -> Mapping[str, Any]:
    """The vault as AWS describes it; empty when that can't be known."""
    with contextlib.suppress(AnsibleBackupError):
        return find_backup_vault(client, name) or {}
    return {}


def _lock_text(vault: Mapping[str, Any]) -> str:
    """Why nobody can change what is in a vault, and until when."""
    try:
        check_lock(vault)
    except AnsibleBackupError as error:
        return str(error.message)
    return ""
