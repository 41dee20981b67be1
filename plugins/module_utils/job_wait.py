# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for the end of a job of any kind, and saying how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import DEFAULT_WAIT_TIMEOUT, JobKind, percent_of, to_result
from ansible_collections.proven.aws_backup.plugins.module_utils.job_start import existing_job
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import job_pause, wait_until

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ansible_collections.proven.aws_backup.plugins.module_utils.job_start import Change
    from botocore.client import BaseClient

WAIT_ARGUMENTS: dict[str, Any] = {
    "wait": {"type": "bool", "default": False},
    "wait_timeout": {"type": "int", "default": DEFAULT_WAIT_TIMEOUT},
}
"""The part of a module's argument_spec that is about waiting."""


@dataclass
class JobWait:
    """How far a job got while it was watched.

    Attributes:
        kind: of the job.
        job: as AWS described it last.
        timeline: every change of state or percentage seen: state, time (ISO 8601, UTC, when it was seen) and,
            for kinds that have it, percent_done (0 to 100).
        timed_out: whether the wait ended before the job did.
        seconds: how long the wait took.
    """

    kind: JobKind
    job: dict[str, Any]
    timeline: list[dict[str, Any]] = field(default_factory=list)
    timed_out: bool = False
    seconds: float = 0.0

    def see(self, job: dict[str, Any]) -> None:
        """Take note of the job as AWS describes it now."""
        self.job = job
        entry = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **self.kind.seen(job)}
        if not self.timeline or not is_same(self.timeline[-1], entry):
            self.timeline.append(entry)

    def result(self) -> dict[str, Any]:
        """The module's result keys about the wait."""
        return {"timeline": self.timeline, "timed_out": self.timed_out, "waited_seconds": self.seconds}

    def problem(self, expected_states: Collection[str]) -> str | None:
        """Why the wait was in vain; None when the job ended in one of the expected states."""
        if self.timed_out:
            return timeout_message(self.kind, self.job[self.kind.id_key], self.kind.seen(self.job), self.seconds)
        is_expected = self.kind.state(self.job) in expected_states
        return None if is_expected else failure_message(self.kind, self.job, expected_states)


def is_same(entry: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two entries of a timeline tell the same, apart from their time."""
    return {**entry, "time": None} == {**other, "time": None}


def wait_for_end(kind: JobKind, client: BaseClient, job: dict[str, Any], timeout: float) -> JobWait:
    """Watch a job until its end, for at most timeout seconds.

    Args:
        kind: of the job.
        job: as AWS described it last.

    Raises:
        AnsibleBackupError: the job can't be read any more.
    """
    progress = JobWait(kind, job)
    progress.see(job)
    if kind.is_ended(job):
        return progress

    def read() -> dict[str, Any]:
        progress.see(existing_job(kind, client, job[kind.id_key]))
        return progress.job

    def pause(seen: dict[str, Any], seconds: float) -> float:
        return job_pause(max(_age(seen), seconds), percent_of(seen.get("PercentDone")))

    waited = wait_until(read, kind.is_ended, timeout, pause)
    progress.timed_out, progress.seconds = not waited.done, round(waited.seconds, 3)
    return progress


def result_of(
    kind: JobKind,
    client: BaseClient,
    change: Change,
    wait_timeout: float | None,
    expected_states: Collection[str],
    more: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The job as AWS describes it last, and a module's result about it.

    Args:
        kind: of the job.
        change: the job that was started, stopped or found.
        wait_timeout: seconds to wait for its end at most; None: it is not waited for.
        expected_states: the ends that are no failure, when it is waited for.
        more: further keys of the result.

    Raises:
        AnsibleBackupError: the wait was in vain; it holds that same result.
    """
    common = {"changed": change.changed, **(more or {})}
    if wait_timeout is None:
        return change.job, {**common, kind.result_key: to_result(change.job)}
    wait = wait_for_end(kind, client, change.job, wait_timeout)
    result = {**common, **wait.result(), kind.result_key: to_result(wait.job)}
    problem = wait.problem(expected_states)
    if problem:
        raise AnsibleBackupError(message=problem, **result)
    return wait.job, result


def _age(job: dict[str, Any]) -> float:
    """Seconds since the job was created, by this machine's clock; it may be wrong, even negative."""
    return (datetime.now(UTC) - job["CreationDate"]).total_seconds() if "CreationDate" in job else 0.0


def failure_message(kind: JobKind, job: dict[str, Any], expected_states: Collection[str]) -> str:
    """How a job ended, which other end was expected, unless that is the usual one, and how to mend it, if that is known."""
    reason = job.get("StatusMessage") or "AWS gave no reason"
    instead = "" if "COMPLETED" in expected_states else f", not {' or '.join(expected_states)}"
    remedy = kind.remedy(job)
    advice = f" ({remedy})" if remedy else ""
    return f"The {kind.name} job {job[kind.id_key]} of {kind.subject(job)} ended {kind.state(job)}{instead}: {reason}{advice}"


def completion_warning(kind: JobKind, job: dict[str, Any]) -> str | None:
    """What to tell about a COMPLETED job that AWS has something to say on; None when there is nothing."""
    category = job.get("MessageCategory") or "SUCCESS"
    if kind.state(job) != "COMPLETED" or category == "SUCCESS":
        return None
    return f"The {kind.name} job {job[kind.id_key]} is COMPLETED with {category}: {job.get('StatusMessage') or 'AWS gave no reason'}"


def timeout_message(kind: JobKind, job_id: str, seen: Mapping[str, Any], seconds: float) -> str:
    """How a wait ended that the job outlived, and how to go on; seen is the last entry of a timeline."""
    percent = f" at {seen['percent_done']:.0f}%" if kind.has_percent else ""
    return (
        f"The {kind.name} job {job_id} is still {seen['state']}{percent} after {seconds:.0f} s, and goes on:"
        f" look at it with {kind.module}_info, or wait on with {kind.module}, both with {kind.id_option}: {job_id}"
    )


def progress_line(kind: JobKind, job: dict[str, Any], seconds: float) -> str:
    """A line for people on a job (as modules return it) that has been waited for so many seconds."""
    minutes, rest = divmod(int(seconds), 60)
    seen = kind.seen_in_result(job)
    percent = f" {seen['percent_done']:.0f}%" if kind.has_percent else ""
    return f"{kind.name} job {job[kind.id_option]} {seen['state']}{percent} after {minutes:02}:{rest:02} ({kind.place(job)})"
