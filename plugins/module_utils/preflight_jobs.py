# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: jobs that run already: AWS Backup backs a resource up once at a time, and has no call that stops a restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import list_backup_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import ACTIVE_STATES, list_restore_jobs

if TYPE_CHECKING:
    from collections.abc import Callable

CHECK = "running jobs"
RESTORES = "running restores"
STATES = ("CREATED", "PENDING", "RUNNING")


def checks(client: ClientFactory, wanted: Wanted, _place: Place) -> list[Check]:
    """Jobs of the resources that are named, and of whatever is backed up into the vault."""
    if not wanted.backup_vault_name and not wanted.resource_arns:
        return []
    vault = [f"the vault {wanted.backup_vault_name}"] if wanted.backup_vault_name else []
    subject = f"of {' and '.join([*vault, *wanted.resource_arns])}"
    return [Check(CHECK, subject, _look(client, wanted, subject))]


def checks_of_restores(client: ClientFactory, wanted: Wanted, _place: Place) -> list[Check]:
    """Restore jobs of the role, which a run before may have left."""
    arn = wanted.iam_role_arn
    return [Check(RESTORES, arn, _look_at_restores(client, arn))] if arn else []


def _look_at_restores(client: ClientFactory, arn: str) -> Callable[[], Finding]:
    def look() -> Finding:
        jobs = [job for state in ACTIVE_STATES for job in list_restore_jobs(client("backup"), status=state)]
        running = [job["RestoreJobId"] for job in jobs if job.get("IamRoleArn") == arn]
        if not running:
            return Finding(RESTORES, arn, "passed", "none")
        reason = f"{', '.join(running)}: what an earlier run restores is removed first, and only once it is there"
        return Finding(RESTORES, arn, "warning", reason, "wait for it; AWS has no call that stops a restore")

    return look


def _look(client: ClientFactory, wanted: Wanted, subject: str) -> Callable[[], Finding]:
    def look() -> Finding:
        running = [job for state in STATES for job in list_backup_jobs(client("backup"), backup_job_state=state) if _concerns(job, wanted)]
        if not running:
            return Finding(CHECK, subject, "passed", "none")
        named = ", ".join(f"{job['BackupJobId']} of {job['ResourceArn']} ({job['State']})" for job in running)
        remedy = "wait for it, or stop it with aws backup stop-backup-job"
        return Finding(CHECK, subject, "warning", f"{named}: another job of the same resource would wait for it, and may expire", remedy)

    return look


def _concerns(job: dict[str, Any], wanted: Wanted) -> bool:
    return job.get("BackupVaultName") == wanted.backup_vault_name or job.get("ResourceArn") in wanted.resource_arns
