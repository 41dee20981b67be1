# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The jobs that write to one vault, and stopping them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import copy_jobs
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


def job_id(job: Mapping[str, Any]) -> str:
    """The ID of a backup or copy job, as AWS describes it."""
    return job.get("BackupJobId") or job["CopyJobId"]


def is_stoppable(job: Mapping[str, Any]) -> bool:
    """Whether AWS stops such a job: backup jobs of most types of resources, and no copy jobs."""
    return "BackupJobId" in job and can_be_stopped(job)


def list_active_jobs(client: BaseClient, vault: Mapping[str, Any], takes: JobFilter) -> list[dict[str, Any]]:
    """The jobs that back up or copy into a vault, have not ended and are taken by the filter, each once, as AWS describes them."""
    jobs = {}
    # In the order of their states: a job that moves on meanwhile is seen twice, never missed.
    for state in ACTIVE_STATES:
        for job in list_backup_jobs(client, backup_vault_name=vault["BackupVaultName"], backup_job_state=state):
            jobs[job_id(job)] = job
    for state in copy_jobs.ACTIVE_STATES:
        for job in copy_jobs.list_copy_jobs(client, destination_backup_vault_arn=vault["BackupVaultArn"], copy_job_state=state):
            jobs[job_id(job)] = job
    return [job for job in jobs.values() if takes(job)]


class JobStopper:
    """Stops the jobs of one vault, look by look; jobs that begin in the meantime are caught by the next one.

    Attributes:
        active: the jobs that had not ended at the last look.
        stopped: the jobs that AWS agreed to stop, by their ID.
        awaited: the jobs that can only be waited for, by their ID.
    """

    def __init__(self, client: BaseClient, vault: Mapping[str, Any], takes: JobFilter) -> None:
        """Stop the jobs of the vault, as AWS describes it, that the filter takes."""
        self._client = client
        self._vault = vault
        self._takes = takes
        self.active: list[dict[str, Any]] = []
        self.stopped: dict[str, dict[str, Any]] = {}
        self.awaited: dict[str, dict[str, Any]] = {}

    def look(self) -> None:
        """Look at the vault's jobs.

        Raises:
            AnsibleBackupError: they cannot be listed.
        """
        self.active = list_active_jobs(self._client, self._vault, self._takes)

    def stop(self) -> None:
        """Stop those that were active at the last look and have not been seen before.

        Raises:
            AnsibleBackupError: stopping one is not allowed.
        """
        for job in self.active:
            if job_id(job) not in self.stopped and job_id(job) not in self.awaited:
                group = self.stopped if self._stop(job) else self.awaited
                group[job_id(job)] = job

    def _stop(self, job: dict[str, Any]) -> bool:
        if job["State"] == "ABORTING" or not is_stoppable(job):
            return False
        try:
            stop_backup_job(self._client, job["BackupJobId"])
        except AnsibleBackupError as error:
            if error_code(error) not in CANNOT_BE_STOPPED:
                raise
            return False
        return True
