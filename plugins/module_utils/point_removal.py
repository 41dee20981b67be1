# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking one recovery point out of its vault, or out of its composite one, and making sure that it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.point_errors import Point, left_error, refusal_error
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import expired_outcome, expired_reason
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import (
    delete_recovery_point,
    describe_recovery_point,
    disassociate_recovery_point,
    disassociate_recovery_point_from_parent,
    is_continuous,
    list_recovery_points_by_backup_vault,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_points import EXPIRED_IS_FINAL_AFTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

BUSY = "InvalidResourceStateException"


@dataclass(frozen=True)
class Way:
    """A way out.

    Attributes:
        verb: what AWS is asked for.
        done: the same as a past participle.
        permission: the action that it takes.
        request: asks AWS for it, of a recovery point of a vault.
        is_out: whether a recovery point (as AWS describes it; None: the vault does not list it) has gone that way.
    """

    verb: str
    done: str
    permission: str
    request: Callable[[Any, str, str], None]
    is_out: Callable[[Point | None], bool]


DELETION = Way("delete", "deleted", "backup:DeleteRecoveryPoint", delete_recovery_point, lambda point: point is None)
RETURN = Way(
    "disassociate",
    "disassociated",
    "backup:DisassociateRecoveryPoint",
    disassociate_recovery_point,
    lambda point: point is None or point["Status"] == "STOPPED",
)
SEPARATION = Way(
    "disassociate",
    "disassociated",
    "backup:DisassociateRecoveryPointFromParent",
    disassociate_recovery_point_from_parent,
    lambda point: point is None or not point.get("ParentRecoveryPointArn"),
)


def way_of(state: str, point: Point | None) -> Way | None:
    """The way that a recovery point (as AWS describes it; None: there is none) has to go to be absent or disassociated; None: none."""
    if point is None:
        return None
    if state == "absent":
        return DELETION
    way = SEPARATION if point.get("ParentRecoveryPointArn") else RETURN if is_continuous(point) else None
    return None if way is None or way.is_out(point) else way


def is_under_way(way: Way, point: Point) -> bool:
    """Whether AWS has been asked already."""
    return way is DELETION and point["Status"] == "DELETING"


def take_out(client: BaseClient, point: Point, way: Way, wait: bool, timeout: float) -> Point | None:
    """Ask AWS to take a recovery point out; returns it as AWS describes it last, None when it is gone.

    Args:
        point: as AWS describes it.
        wait: whether to try again while AWS is busy with it, and to wait until it is out.
        timeout: seconds to do so at most.

    Raises:
        AnsibleBackupError: AWS refused, could not do what it had accepted, or takes longer; outcome, reason and remedy say more.
    """
    deadline = time.monotonic() + (timeout if wait else 0)
    asked = not is_under_way(way, point)
    if asked:
        _request(client, point, way, deadline - time.monotonic())
    name, arn = point["BackupVaultName"], point["RecoveryPointArn"]
    if not wait:
        return describe_recovery_point(client, name, arn)
    accepted = time.monotonic()
    was_expired = point["Status"] == "EXPIRED"

    def is_over(seen: Point | None) -> bool:
        nonlocal was_expired
        was_expired = was_expired and seen is not None and seen["Status"] == "EXPIRED"
        return way.is_out(seen) or (_is_expired(way, seen) and not (was_expired and time.monotonic() < accepted + EXPIRED_IS_FINAL_AFTER))

    waited = wait_until(lambda: _listed(client, point), is_over, deadline - time.monotonic())
    if way.is_out(waited.value):
        return waited.value
    last = {**point, **(waited.value or {})}
    if waited.done:
        message = last.get("StatusMessage")
        raise left_error(last, way.done, expired_outcome(message), expired_reason(message), changed=asked)
    reason = f"it is still {last['Status']} after {waited.seconds:.0f} s (wait_timeout)"
    raise left_error(last, way.done, "in_progress", reason, changed=asked)


def _request(client: BaseClient, point: Point, way: Way, timeout: float) -> None:
    """Ask AWS, again and again while it is busy with the recovery point.

    Raises:
        AnsibleBackupError: it refused, or stays busy for timeout seconds.
    """

    def attempt() -> AnsibleBackupError | None:
        try:
            way.request(client, point["BackupVaultName"], point["RecoveryPointArn"])
        except AnsibleBackupError as error:
            if error_code(error) == BUSY:
                return error
            raise refusal_error(client, point, way.verb, way.done, way.permission, error) from error
        return None

    busy = wait_until(attempt, lambda error: error is None, timeout).value
    if busy is not None:
        raise left_error(point, way.done, "busy", f"AWS is busy with it: {error_text(busy)}")


def _is_expired(way: Way, point: Point | None) -> bool:
    return way is DELETION and point is not None and point["Status"] == "EXPIRED"


def _listed(client: BaseClient, point: Point) -> Point | None:
    """The recovery point as its vault lists it; None when it does so no more."""
    listed = list_recovery_points_by_backup_vault(client, point["BackupVaultName"], resource_arn=point.get("ResourceArn"))
    return next((each for each in listed if each["RecoveryPointArn"] == point["RecoveryPointArn"]), None)
