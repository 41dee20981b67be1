# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tells backup, restore and copy jobs apart, so that all are started, watched and described by the same code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.transformation import boto3_resource_to_ansible_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from botocore.client import BaseClient

DEFAULT_WAIT_TIMEOUT = 3600
KEYS_OF_MAPS = ["BackupOptions", "ChildJobsInState"]
"""Members whose own keys are AWS's or the user's words, which stay as they are."""


@dataclass(frozen=True)
class JobKind:
    """One of AWS Backup's kinds of jobs.

    Attributes:
        name: as in "the <name> job".
        module: the module that starts and awaits such jobs; the one with _info describes them.
        terminal_states: those that a job does not leave any more.
        describe: returns a job by its ID as AWS describes it; None when there is no such job.
        subject: what a job (as AWS describes it) works on, as in "the <name> job <id> of <subject>".
        place: words on a job (as modules return it) that tell it from others in a line of progress.
        state_key: the member with the job's state.
        has_percent: whether AWS tells how much of a job is done.
        remedy: how to mend what a job (as AWS describes it) failed for; None when that can't be said.
    """

    name: str
    module: str
    terminal_states: Collection[str]
    describe: Callable[[BaseClient, str], dict[str, Any] | None]
    subject: Callable[[Mapping[str, Any]], str]
    place: Callable[[Mapping[str, Any]], str]
    state_key: str = "State"
    has_percent: bool = True
    remedy: Callable[[Mapping[str, Any]], str | None] = lambda _job: None

    @property
    def id_key(self) -> str:
        """AWS's name of the job's ID."""
        return f"{self.name.capitalize()}JobId"

    @property
    def id_option(self) -> str:
        """The modules' name of the job's ID, as an option and in results."""
        return f"{self.name}_job_id"

    @property
    def result_key(self) -> str:
        """The key of a module's result that holds the job."""
        return f"{self.name}_job"

    def state(self, job: Mapping[str, Any]) -> str:
        """The state of a job as AWS describes it."""
        return job[self.state_key]

    def is_ended(self, job: Mapping[str, Any]) -> bool:
        """Whether a job (as AWS describes it) has reached a state that it does not leave any more."""
        return self.state(job) in self.terminal_states

    def seen(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """What a timeline tells of a job (as AWS describes it): state and, where AWS tells it, percent_done."""
        percent = {"percent_done": percent_of(job.get("PercentDone"))} if self.has_percent else {}
        return {"state": self.state(job), **percent}

    def seen_in_result(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The same of a job as modules return it."""
        percent = {"percent_done": percent_of(job.get("percent_done"))} if self.has_percent else {}
        return {"state": job[self.state_key.lower()], **percent}


def percent_of(text: str | None) -> float:
    """PercentDone as a number from 0 to 100: AWS sends it as text, at times empty or not at all, which counts as 0."""
    try:
        return min(max(float(text or 0), 0.0), 100.0)
    except ValueError:
        return 0.0


def to_result(job: dict[str, Any]) -> dict[str, Any]:
    """A job of any kind as modules return it: snake_case keys and ISO 8601 times."""
    return boto3_resource_to_ansible_dict(job, transform_tags=False, force_tags=False, ignore_list=KEYS_OF_MAPS)
