# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting a job of any kind, and finding one that exists."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils import validation
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import JobKind
    from botocore.client import BaseClient

DEFAULT_ROLE_PROPAGATION_TIMEOUT = 120


@dataclass(frozen=True)
class Change:
    """A job as AWS describes it, and whether this run started or stopped it (or would have, in check mode)."""

    job: dict[str, Any]
    changed: bool


def existing_job(kind: JobKind, client: BaseClient, job_id: str) -> dict[str, Any]:
    """The job as AWS describes it.

    Raises:
        AnsibleBackupError: there is no such job.
    """
    job = kind.describe(client, job_id)
    if job is None:
        raise AnsibleBackupError(
            message=f"There is no {kind.name} job {job_id} in this account and Region: check {kind.id_option} and region"
        )
    return job


def role_propagation_timeout(options: dict[str, Any]) -> int:
    """Seconds to try again for when AWS Backup can't assume the role."""
    given = options["role_propagation_timeout"]
    return DEFAULT_ROLE_PROPAGATION_TIMEOUT if given is None else given


def check_role_propagation_timeout(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError unless the option is a time to wait."""
    patience = role_propagation_timeout(options)
    validation.require(patience >= 0, f"role_propagation_timeout: {patience} is less than 0")


def start_job(
    kind: JobKind,
    client: BaseClient,
    start: Callable[[str], dict[str, Any]],
    options: dict[str, Any],
    planned: dict[str, Any],
    list_jobs: Callable[[], Iterable[dict[str, Any]]],
) -> Change:
    """Start a job, or find the one that the same token has started before.

    AWS does not say whether a token is new, so that with a token the jobs are listed first: an ID that was there already is no change.

    Args:
        start: sends the call that starts a job with a given idempotency token and returns AWS's answer.
        options: of the module, among them idempotency_token and role_propagation_timeout.
        planned: what is known of the job before it is started.
        list_jobs: lists the jobs that may have been started with the token.

    Raises:
        AnsibleBackupError: AWS refused, or the role could not be assumed for role_propagation_timeout seconds.
    """
    token = options["idempotency_token"]
    known = {job[kind.id_key] for job in list_jobs()} if token else set()
    # A rejected call may have used up its token, so that each attempt has one of its own; what a call repeats by itself has the same.
    started = _start_once_role_is_usable(lambda: start(token or str(uuid.uuid4())), role_propagation_timeout(options))
    job_id = started[kind.id_key]
    return Change(kind.describe(client, job_id) or {**planned, **started}, changed=job_id not in known)


def _start_once_role_is_usable(start: Callable[[], dict[str, Any]], timeout: float) -> dict[str, Any]:
    def attempt() -> dict[str, Any] | AnsibleBackupError:
        try:
            return start()
        except AnsibleBackupError as error:
            if "cannot be assumed" not in error_text(error):
                raise
            return error

    waited = wait_until(attempt, lambda outcome: isinstance(outcome, dict), timeout)
    if isinstance(waited.value, AnsibleBackupError):
        raise waited.value
    return waited.value
