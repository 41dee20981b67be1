# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting the recovery points of one vault, side by side, until the vault lists them no more."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.point_refusals import Refusals
from ansible_collections.proven.aws_backup.plugins.module_utils.point_requests import Answer, PointRequests
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_filters import Filters
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import AFTER_PROGRESS
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_table import READY, PurgeTable
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import (
    list_recovery_point_tags,
    list_recovery_points_page,
)

if TYPE_CHECKING:
    from botocore.client import BaseClient

EXPIRED_IS_FINAL_AFTER = 10.0
"""Seconds after which a point that was EXPIRED before its deletion was asked for, and still is, counts as not deleted."""

ASK_AGAIN_AFTER = 120.0
"""Seconds after which AWS is asked again for a deletion that it accepted, and that the point shows no sign of."""

PATIENCE = 1.0
"""Seconds between two looks at the progress while no request is answered."""


@dataclass(frozen=True)
class Deletion:
    """How points are deleted.

    Attributes:
        filters: which ones are.
        workers: how many requests there are at a time.
        streamed: whether all of them are, so that the first ones can go before the last ones are listed.
        disassociate: whether continuous backups are handed back to their service instead.
    """

    filters: Filters
    workers: int
    streamed: bool
    disassociate: bool


class PointDeleter:
    """Deletes recovery points of one vault, pass by pass.

    That AWS accepts a deletion does not mean that it happens: a point is deleted when the vault lists it no more.

    Attributes:
        table: what is known of the points.
        has_requested: whether AWS has accepted any deletion.
        idle_since: time.monotonic() of the last deletion that AWS accepted.
    """

    def __init__(self, client: BaseClient, vault: Mapping[str, Any], deletion: Deletion, meanwhile: Callable[[], None]) -> None:
        """Delete from a vault, as AWS describes it; meanwhile is called every second or more often."""
        self._client = client
        self._backup_vault_name = vault["BackupVaultName"]
        self._deletion = deletion
        self._meanwhile = meanwhile
        self.table = PurgeTable()
        self._refusals = Refusals(client, self._backup_vault_name, bool(vault.get("Locked")), self.table)
        self.has_requested = False
        self.idle_since = time.monotonic()

    def look(self, deadline: float) -> None:
        """List the vault's points, and decide which of them are to go.

        Raises:
            AnsibleBackupError: the points cannot be listed, or their tags not be read before time.monotonic() reaches the deadline.
        """
        self._list(lambda: None)
        condition, values = self._deletion.filters.condition()
        if self._deletion.filters.recovery_point_tags is not None:
            with PointRequests(self._deletion.workers, deadline) as requests:
                self._read_tags(requests, condition, values)
            condition += " AND tagged = 1"
        self.table.choose(condition, values)

    def delete(self, deadline: float) -> None:
        """Ask for the deletion of the listed points that are to go, and that nothing holds up, until time.monotonic() is at the deadline.

        Raises:
            AnsibleBackupError: AWS takes no deletions at all.
        """
        with PointRequests(self._deletion.workers, deadline) as requests:
            self.table.unblock(with_parents=True)
            self._work(requests, deadline)
            if self.is_settled and self.table.retry(AFTER_PROGRESS):
                self._work(requests, deadline)

    def stream(self, deadline: float) -> None:
        """List the points, and meanwhile begin to ask for their deletion; then as delete() does.

        Raises:
            AnsibleBackupError: the points cannot be listed, or AWS takes no deletions at all.
        """
        with PointRequests(self._deletion.workers, deadline) as requests:

            def feed() -> None:
                self.table.unblock(with_parents=False)
                self._feed(requests, deadline, patience=0.0)

            self._list(feed)
            self._work(requests, deadline)
        self.delete(deadline)

    @property
    def is_settled(self) -> bool:
        """Whether each point that is to go is gone, or was refused for good, or holds nested points that were."""
        return not self.table.count_unsettled()

    def _list(self, after_page: Callable[[], None]) -> None:
        self.table.begin_listing()
        token: str | None = None
        while True:
            page = list_recovery_points_page(self._client, self._backup_vault_name, token)
            self.table.add_page(page["RecoveryPoints"], chosen=True if self._deletion.streamed else None)
            if self._deletion.disassociate:
                self.table.spare_stopped()
            after_page()
            self._meanwhile()
            token = page.get("NextToken")
            if not token:
                break
        self.table.end_listing()
        now = time.monotonic()
        self.table.note_expired(before=now - EXPIRED_IS_FINAL_AFTER)
        self.table.ask_again(before=now - ASK_AGAIN_AFTER)

    def _read_tags(self, requests: PointRequests, condition: str, values: list[Any]) -> None:
        """Ask for the tags of the points that meet the other filters."""
        wanted = {key: str(value) for key, value in (self._deletion.filters.recovery_point_tags or {}).items()}
        while True:
            for arn in self.table.take_untagged(requests.room, condition, values):
                requests.give(lambda arn: list_recovery_point_tags(self._client, arn), arn)
            if not requests.pending:
                return
            for answer in requests.answers(PATIENCE):
                if answer.error:
                    raise answer.error
                if not answer.in_time:
                    raise AnsibleBackupError(message="The time (wait_timeout) was up before the tags of all recovery points were read")
                self.table.set_tagged(answer.arn, None if answer.value is None else wanted.items() <= answer.value.items())
            self._meanwhile()

    def _work(self, requests: PointRequests, deadline: float) -> None:
        """Send all requests that can be sent, and wait for the answers."""
        while self._feed(requests, deadline, PATIENCE):
            self._meanwhile()

    def _feed(self, requests: PointRequests, deadline: float, patience: float) -> bool:
        """Give the threads what there is room for, and take their answers; whether any is still to come."""
        if time.monotonic() < deadline:
            for arn, is_continuous in self.table.take(requests.room):
                requests.give(self._disassociate if is_continuous and self._deletion.disassociate else self._delete, arn)
        if requests.pending:
            for answer in requests.answers(patience):
                self._note(answer)
        return bool(requests.pending or (time.monotonic() < deadline and self.table.count_chosen(READY)))

    def _note(self, answer: Answer) -> None:
        if not answer.in_time:
            self.table.set_step(answer.arn, READY)
        elif answer.error is None:
            self.has_requested = True
            self.idle_since = time.monotonic()
            self.table.set_accepted(answer.arn, self.idle_since)
        else:
            self._refusals.note(answer.arn, answer.error)

    def _delete(self, arn: str) -> None:
        self._client.delete_recovery_point(BackupVaultName=self._backup_vault_name, RecoveryPointArn=arn)

    def _disassociate(self, arn: str) -> None:
        self._client.disassociate_recovery_point(BackupVaultName=self._backup_vault_name, RecoveryPointArn=arn)
