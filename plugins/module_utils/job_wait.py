# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a backup job's end, and saying how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.job_control import existing_job
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import is_ended, percent_done, percent_of
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import job_pause, wait_until

if TYPE_CHECKING:
    from collections.abc import Collection

    from botocore.client import BaseClient


@dataclass
class JobWait:
    """How far a job got while it was watched.

    Attributes:
        job: as AWS described it last.
        timeline: every change of state or percentage seen: state, time (ISO 8601, UTC, when it was seen), percent_done (0 to 100).
        timed_out: whether the wait ended before the job did.
        seconds: how long the wait took.
    """

    job: dict[str, Any]
    timeline: list[dict[str, Any]] = field(default_factory=list)
    timed_out: bool = False
    seconds: float = 0.0

    def see(self, job: dict[str, Any]) -> None:
        """Take note of the job as AWS describes it now."""
        self.job = job
        seen = {"state": job["State"], "percent_done": percent_done(job)}
        if not self.timeline or any(self.timeline[-1][key] != value for key, value in seen.items()):
            self.timeline.append({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **seen})

    def result(self) -> dict[str, Any]:
        """The module's result keys about the wait."""
        return {"timeline": self.timeline, "timed_out": self.timed_out, "waited_seconds": self.seconds}

    def problem(self, expected_states: Collection[str]) -> str | None:
        """Why the wait was in vain; None when the job ended in one of the expected states."""
        if self.timed_out:
            return timeout_message(self.job["BackupJobId"], self.job["State"], percent_done(self.job), self.seconds)
        return None if self.job["State"] in expected_states else failure_message(self.job, expected_states)


def wait_for_end(client: BaseClient, job: dict[str, Any], timeout: float) -> JobWait:
    """Watch a job until its end, for at most timeout seconds.

    Args:
        job: as AWS described it last.

    Raises:
        AnsibleBackupError: the job can't be read any more.
    """
    progress = JobWait(job)
    progress.see(job)
    if is_ended(job):
        return progress

    def read() -> dict[str, Any]:
        progress.see(existing_job(client, job["BackupJobId"]))
        return progress.job

    waited = wait_until(read, is_ended, timeout, lambda seen, seconds: job_pause(max(_age(seen), seconds), percent_done(seen)))
    progress.timed_out, progress.seconds = not waited.done, round(waited.seconds, 3)
    return progress


def _age(job: dict[str, Any]) -> float:
    """Seconds since the job was created, by this machine's clock; it may be wrong, even negative."""
    return (datetime.now(UTC) - job["CreationDate"]).total_seconds() if "CreationDate" in job else 0.0


def failure_message(job: dict[str, Any], expected_states: Collection[str]) -> str:
    """How a job ended, and which other end was expected, unless that is the usual one."""
    reason = job.get("StatusMessage") or "AWS gave no reason"
    instead = "" if "COMPLETED" in expected_states else f", not {' or '.join(expected_states)}"
    return f"The backup job {job['BackupJobId']} of {job['ResourceArn']} ended {job['State']}{instead}: {reason}"


def completion_warning(job: dict[str, Any]) -> str | None:
    """What to tell about a COMPLETED job that AWS has something to say on; None when there is nothing."""
    category = job.get("MessageCategory") or "SUCCESS"
    if job["State"] != "COMPLETED" or category == "SUCCESS":
        return None
    return f"The backup job {job['BackupJobId']} is COMPLETED with {category}: {job.get('StatusMessage') or 'AWS gave no reason'}"


def timeout_message(backup_job_id: str, state: str, percent: float, seconds: float) -> str:
    """How a wait ended that the job outlived, and how to go on."""
    return (
        f"The backup job {backup_job_id} is still {state} at {percent:.0f}% after {seconds:.0f} s, and goes on:"
        f" look at it with backup_job_info, or wait on with backup_job, both with backup_job_id: {backup_job_id}"
    )


def progress_line(job: dict[str, Any], seconds: float) -> str:
    """A line for people on a job (as modules return it) that has been waited for so many seconds."""
    minutes, rest = divmod(int(seconds), 60)
    percent = percent_of(job.get("percent_done"))
    return (
        f"backup job {job['backup_job_id']} {job['state']} {percent:.0f}% after {minutes:02}:{rest:02} (vault {job['backup_vault_name']})"
    )
