# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recording what was found out about a restored resource, which AWS takes once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.job_start import Change, existing_job
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import RESTORE_JOB, put_validation_result

if TYPE_CHECKING:
    from botocore.client import BaseClient

VERDICTS = ["SUCCESSFUL", "FAILED"]
FINAL = (*VERDICTS, "TIMED_OUT")


@dataclass(frozen=True)
class Verdict:
    """What was found out: SUCCESSFUL or FAILED, and why."""

    restore_job_id: str
    status: str
    message: str | None


def record(client: BaseClient, verdict: Verdict, check_mode: bool) -> Change:
    """Record a verdict, unless AWS has the same already. Of two messages with the same status, AWS keeps the first.

    Raises:
        AnsibleBackupError: there is no such job, it is not completed, AWS has another verdict, or refuses this one.
    """
    job = existing_job(RESTORE_JOB, client, verdict.restore_job_id)
    if _is_recorded(job, verdict):
        return Change(job, changed=False)
    if job["Status"] != "COMPLETED":
        raise AnsibleBackupError(
            message=f"The restore job {verdict.restore_job_id} is {job['Status']}: AWS takes a validation result of a COMPLETED one only"
        )
    if check_mode:
        return Change({**job, **_members(verdict)}, changed=True)
    try:
        put_validation_result(client, verdict.restore_job_id, verdict.status, verdict.message)
    except AnsibleBackupError as error:
        # Somebody else may have recorded one in the meantime.
        job = existing_job(RESTORE_JOB, client, verdict.restore_job_id)
        if error_code(error) != "InvalidRequestException" or not _is_recorded(job, verdict):
            raise
        return Change(job, changed=False)
    return Change({**existing_job(RESTORE_JOB, client, verdict.restore_job_id), **_members(verdict)}, changed=True)


def _members(verdict: Verdict) -> dict[str, Any]:
    message = {"ValidationStatusMessage": verdict.message} if verdict.message else {}
    return {"ValidationStatus": verdict.status, **message}


def _is_recorded(job: dict[str, Any], verdict: Verdict) -> bool:
    """Whether AWS has this verdict.

    Raises:
        AnsibleBackupError: it has another one, for ever.
    """
    status = job.get("ValidationStatus")
    if status in FINAL and status != verdict.status:
        said = f" ({job['ValidationStatusMessage']})" if job.get("ValidationStatusMessage") else ""
        raise AnsibleBackupError(
            message=f"The validation result of the restore job {verdict.restore_job_id} is {status}{said} and can't become"
            f" {verdict.status}: AWS never changes one. Restore again to validate again"
        )
    return status == verdict.status
