# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Legal holds, and the recovery points under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient

OVER = ("CANCELING", "CANCELED")
"""States of a hold that keeps nothing any more."""


@aws_call("list the legal holds")
def list_legal_holds(client: BaseClient) -> list[dict[str, Any]]:
    """All legal holds, those that are over too."""
    return client.get_paginator("list_legal_holds").paginate().build_full_result()["LegalHolds"]


@aws_call("list the recovery points under the legal hold {legal_hold_id}", missing=[])
def list_recovery_points_by_legal_hold(client: BaseClient, legal_hold_id: str) -> list[dict[str, Any]]:
    """The recovery points under a legal hold, in whatever vault; none when the hold does not exist."""
    pages = client.get_paginator("list_recovery_points_by_legal_hold").paginate(LegalHoldId=legal_hold_id)
    return pages.build_full_result()["RecoveryPoints"]


def find_held_points(client: BaseClient, backup_vault_name: str) -> Iterator[tuple[str, str]]:
    """The ARNs of the points of a vault that are under legal holds, each with the hold's title; none that the caller may not see."""
    try:
        for hold in list_legal_holds(client):
            if hold["Status"] not in OVER:
                for point in list_recovery_points_by_legal_hold(client, hold["LegalHoldId"]):
                    if point.get("BackupVaultName", backup_vault_name) == backup_vault_name:
                        yield point["RecoveryPointArn"], hold.get("Title", hold["LegalHoldId"])
    except AnsibleBackupError:
        return
