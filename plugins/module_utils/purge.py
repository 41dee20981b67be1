# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Emptying and deleting one vault: the passes that do it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.transformation import boto3_resource_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils import legal_holds, purge_report, vault_policy
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import growing_pause, wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_filters import Filters
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_guards import check_count, check_lock, is_frozen
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_progress import Progress
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_table import ACCEPTED, GONE, PRESENT
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_jobs import JobStopper, is_stoppable, job_id, list_active_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_points import Deletion, PointDeleter
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import delete_backup_vault

if TYPE_CHECKING:
    from botocore.client import BaseClient

JOB_KEYS = ("BackupJobId", "CopyJobId", "ResourceArn", "ResourceType")
LISTED_IN_MESSAGES = 10
SECONDS_BETWEEN_JOB_LOOKS = 30.0
SHORTEST_PAUSE = 0.1
"""Seconds after which the vault is listed again when AWS has just accepted deletions."""


@dataclass(frozen=True)
class Order:
    """What a purge is to do.

    Attributes:
        stop_jobs: whether it stops jobs, and waits for their end.
        delete_recovery_points: whether it deletes recovery points.
        delete_vault: whether it deletes the vault.
        filters: which jobs and points are meant.
        disassociate: whether continuous backups are handed back to their service, not deleted.
        most_points: how many points it may delete; 0: any number.
        workers: how many requests about points there are at a time.
        most_listed: how many points each list of the result has at most.
        progress_file: where to write how far it is; None: nowhere.
    """

    stop_jobs: bool
    delete_recovery_points: bool
    delete_vault: bool
    filters: Filters
    disassociate: bool
    most_points: int
    workers: int
    most_listed: int
    progress_file: str | None


class Purge:
    """Empties and deletes one vault, pass by pass, until nothing is left to do or to hope for."""

    def __init__(self, client: BaseClient, vault: Mapping[str, Any], order: Order, warn: Callable[[str], None]) -> None:
        """Purge a vault, as AWS describes it; warn is told what the user may not have meant."""
        self._client = client
        self._vault = vault
        self._backup_vault_name: str = vault["BackupVaultName"]
        self._order = order
        self._warn = warn
        self._streamed = order.delete_recovery_points and not (order.filters.are_set or order.most_points or is_frozen(vault))
        deletion = Deletion(order.filters, order.workers, self._streamed, order.disassociate)
        self._points = PointDeleter(client, vault, deletion, self._meanwhile)
        self._jobs = JobStopper(client, vault, order.filters.take_job)
        self._progress = Progress(order.progress_file, self._backup_vault_name)
        self._next_job_look: float | None = None  # time.monotonic(); None until the guards have let the purge begin
        self._deadline = 0.0
        self._vault_refusal = ""
        self._vault_deleted = False

    def run(self, timeout: float) -> dict[str, Any]:
        """Do passes until the purge is over; returns what report() and waited_seconds say.

        Args:
            timeout: seconds, from now.

        Raises:
            AnsibleBackupError: something is left, or AWS refused what stands in the way of all the rest; its kwargs say what was done.
        """
        self._deadline = time.monotonic() + timeout
        try:
            waited = wait_until(self._step, bool, timeout, lambda _over, _seconds: self._pause())
        except AnsibleBackupError as error:
            error.kwargs.update(self.report())
            raise
        result = {**self.report(), "waited_seconds": round(waited.seconds, 1)}
        if left := self._left():
            when = "" if waited.done else f" after {waited.seconds:.0f} seconds (wait_timeout)"
            raise AnsibleBackupError(message=f"The vault {self._backup_vault_name} is not purged{when}. Left: {left}", **result)
        return result

    def report(self) -> dict[str, Any]:
        """What has been done so far, as the module returns it; passes on what there is to warn of."""
        stopped, points = jobs_to_result(self._jobs.stopped.values()), self._point_report()
        for text in points.warnings():
            self._warn(text)
        return {
            "changed": bool(stopped or self._points.has_requested or self._vault_deleted),
            "stopped_jobs": stopped,
            "awaited_jobs": jobs_to_result(self._jobs.awaited.values()),
            "recovery_points": points.totals(),
            **points.lists(),
            "vault_deleted": self._vault_deleted,
        }

    def preview(self, timeout: float) -> dict[str, Any]:
        """What a purge would do, as the module returns it; changes nothing.

        Args:
            timeout: seconds, from now, to read the tags of points in.

        Raises:
            AnsibleBackupError: a guard refuses the purge, or the jobs or the points cannot be listed.
        """
        order = self._order
        jobs = list_active_jobs(self._client, self._vault, order.filters.take_job) if order.stop_jobs else []
        if order.delete_recovery_points or order.delete_vault:
            self._points.look(time.monotonic() + timeout)
            self._foresee_refusals()
        points = purge_report.before_purge(self._points.table, order.most_listed, order.disassociate)
        if not order.delete_recovery_points:
            points = self._point_report()
        for text in points.warnings():
            self._warn(text)
        totals = points.totals()
        going = any(name in totals for name in ("deleted", "disassociated"))
        vault_deleted = order.delete_vault and not points.count_left
        result = {
            "changed": bool(jobs or going or vault_deleted),
            "stopped_jobs": jobs_to_result(job for job in jobs if is_stoppable(job)),
            "awaited_jobs": jobs_to_result(job for job in jobs if not is_stoppable(job)),
            "recovery_points": totals,
            **points.lists(),
            "vault_deleted": vault_deleted,
        }
        try:
            self._check_points()
        except AnsibleBackupError as error:
            error.kwargs.update({**result, "changed": False, "vault_deleted": False})
            raise
        return result

    def _step(self) -> bool:
        """Do one pass.

        Returns: whether it was the last one that makes sense.

        Raises:
            AnsibleBackupError: AWS refused something that stands in the way of all the rest.
        """
        order = self._order
        if self._streamed and not self._points.table.listing:
            self._begin()
            return False
        # The jobs come first: what one of them has made is listed then, or it is active still. Nothing is touched before the check.
        self._look_at_jobs()
        if not self._streamed and (order.delete_recovery_points or order.delete_vault):
            self._points.look(self._deadline)
            self._check_points()
        self._stop_jobs()
        if self._streamed:
            self._points.stream(self._deadline)
        elif order.delete_recovery_points:
            self._points.delete(self._deadline)
        if self._jobs.active or (order.delete_recovery_points and not self._points.is_settled):
            return False
        if order.delete_vault and not self._points.table.number(f"SELECT count(*) FROM points WHERE {PRESENT}"):
            self._delete_vault()
            return self._vault_deleted
        return True

    def _begin(self) -> None:
        """Do the first pass where nothing stands in its way: deletions begin at once, and the jobs are looked at meanwhile."""
        self._next_job_look = time.monotonic()
        self._points.stream(self._deadline)

    def _check_points(self) -> None:
        """Refuse to go on when the points are too many, or nobody can delete them."""
        table = self._points.table
        count, size = (table.number(f"SELECT {what} FROM points WHERE chosen") for what in ("count(*)", "sum(size)"))
        if not (self._order.delete_recovery_points and count):
            return
        try:
            check_lock(self._vault)
            check_count(count, size, self._order.most_points, table.count_chosen(ACCEPTED, GONE))
        except AnsibleBackupError:
            table.give_up("guarded", "a guard refused the purge")
            raise

    def _foresee_refusals(self) -> None:
        """Take note of what will keep AWS from deleting any of the points."""
        table = self._points.table
        if self._vault.get("Locked"):
            table.give_up("vault_locked", "the vault is locked")
        denials = filter(vault_policy.denies_everything, vault_policy.find_denials(self._client, self._backup_vault_name))
        for statement in denials:
            table.give_up("policy_denied", f"the vault's access policy denies it: {vault_policy.describe(statement)}")
        for arn, title in legal_holds.find_held_points(self._client, self._backup_vault_name):
            table.hold(arn, "legal_hold", f"the legal hold {title} is on it")
        table.unblock(with_parents=True)

    def _look_at_jobs(self) -> None:
        if self._order.stop_jobs:
            self._jobs.look()

    def _stop_jobs(self) -> None:
        self._jobs.stop()
        self._next_job_look = time.monotonic() + SECONDS_BETWEEN_JOB_LOOKS

    def _meanwhile(self) -> None:
        """While points are listed and deleted: look after the jobs that have begun, and say how far it is."""
        if self._next_job_look is not None and time.monotonic() >= self._next_job_look:
            self._look_at_jobs()
            self._stop_jobs()
        if self._progress.is_due:
            table = self._points.table
            accepted = table.count_chosen(ACCEPTED)
            self._progress.show(accepted + table.count_chosen(GONE), table.count_chosen(), accepted, len(self._jobs.active))

    def _pause(self) -> float:
        self._meanwhile()
        idle = time.monotonic() - self._points.idle_since
        return SHORTEST_PAUSE if idle < SHORTEST_PAUSE else growing_pause(idle)

    def _left(self) -> str:
        """What should be gone and is not, each with the reason, and at most so many; empty once the purge has succeeded."""
        points = self._point_report()
        left = [f"job {job_id(job)} ({job['State']})" for job in self._jobs.active]
        count = len(left) + points.count_left
        left = (left + points.left_lines(LISTED_IN_MESSAGES))[:LISTED_IN_MESSAGES]
        if count > LISTED_IN_MESSAGES:
            left.append(f"and {count - LISTED_IN_MESSAGES} more")
        if self._order.delete_vault and not self._vault_deleted:
            left.append(f"the vault ({self._vault_refusal or 'kept because of the rest'})")
        return "; ".join(left)

    def _point_report(self) -> purge_report.PointReport:
        table, order = self._points.table, self._order
        if order.delete_recovery_points:
            return purge_report.after_purge(table, order.most_listed, order.disassociate)
        return purge_report.without_deletion(table, order.most_listed)

    def _delete_vault(self) -> None:
        """Delete the vault, unless AWS still finds points in it, as it does for a while after the last one is gone."""
        try:
            delete_backup_vault(self._client, self._backup_vault_name)
        except AnsibleBackupError as error:
            if error_code(error) != "InvalidRequestException":
                raise
            self._vault_refusal = error_text(error)
        else:
            self._vault_deleted = True


def jobs_to_result(jobs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Jobs as the purge returns them."""
    selected = ({key: job[key] for key in JOB_KEYS if key in job} for job in jobs)
    return [boto3_resource_to_ansible_dict(job, transform_tags=False, force_tags=False) for job in selected]
