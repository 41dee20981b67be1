# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs that write to one vault, and stopping them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import (
    ACTIVE_STATES,
    can_be_stopped,
    list_backup_jobs,
    stop_backup_job,
)

if TYPE_CHECKING:
    from botocore.client import BaseClient

CANNOT_BE_STOPPED = ("InvalidRequestException", "ResourceNotFoundException")
"""Codes AWS answers to StopBackupJob when the job has ended meanwhile, or when it does not stop jobs of this type."""


JobFilter = Callable[[Mapping[str, Any]], bool]


def list_active_jobs(client: BaseClient, backup_vault_name: str, takes: JobFilter) -> list[dict[str, Any]]:
    """The jobs of a vault that have not ended and that the filter takes, each once, as AWS describes them."""
    jobs = {}
    for state in ACTIVE_STATES:  # In their order: a job that moves on meanwhile is seen twice, never missed.
        for job in list_backup_jobs(client, backup_vault_name=backup_vault_name, backup_job_state=state):
            jobs[job["BackupJobId"]] = job
    return [job for job in jobs.values() if takes(job)]


class JobStopper:
    """Stops the jobs of one vault, look by look; jobs that begin in the meantime are caught by the next one.

    Attributes:
        active: the jobs that had not ended at the last look.
        stopped: the jobs that AWS agreed to stop, by their ID.
        awaited: the jobs that can only be waited for, by their ID.
    """

    def __init__(self, client: BaseClient, backup_vault_name: str, takes: JobFilter) -> None:
        """Stop the jobs of the vault that the filter takes."""
        self._client = client
        self._backup_vault_name = backup_vault_name
        self._takes = takes
        self.active: list[dict[str, Any]] = []
        self.stopped: dict[str, dict[str, Any]] = {}
        self.awaited: dict[str, dict[str, Any]] = {}

    def look(self) -> None:
        """Look at the vault's jobs.

        Raises:
            AnsibleBackupError: they cannot be listed.
        """
        self.active = list_active_jobs(self._client, self._backup_vault_name, self._takes)

    def stop(self) -> None:
        """Stop those that were active at the last look and have not been seen before.

        Raises:
            AnsibleBackupError: stopping one is not allowed.
        """
        for job in self.active:
            if job["BackupJobId"] not in self.stopped and job["BackupJobId"] not in self.awaited:
                group = self.stopped if self._stop(job) else self.awaited
                group[job["BackupJobId"]] = job

    def _stop(self, job: dict[str, Any]) -> bool:
        if job["State"] == "ABORTING" or not can_be_stopped(job):
            return False
        try:
            stop_backup_job(self._client, job["BackupJobId"])
        except AnsibleBackupError as error:
            if error_code(error) not in CANNOT_BE_STOPPED:
                raise
            return False
        return True
