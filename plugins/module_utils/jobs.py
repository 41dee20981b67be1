# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backup jobs: one function per API call, and what their fields mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import JobKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient

ACTIVE_STATES = ["CREATED", "PENDING", "RUNNING", "ABORTING"]
"""In the order a job goes through them."""

TERMINAL_STATES = ["COMPLETED", "FAILED", "ABORTED", "EXPIRED", "PARTIAL"]
STATES = [*ACTIVE_STATES, *TERMINAL_STATES]
UNSTOPPABLE_TYPES = frozenset({"Aurora", "DocumentDB", "FSx", "Neptune", "RDS", "SAP HANA on Amazon EC2"})
JOB_FILTERS = {
    "backup_vault_name": "ByBackupVaultName",
    "resource_arn": "ByResourceArn",
    "resource_type": "ByResourceType",
    "backup_job_state": "ByState",
    "created_before": "ByCreatedBefore",
    "created_after": "ByCreatedAfter",
    "completed_before": "ByCompleteBefore",
    "completed_after": "ByCompleteAfter",
    "parent_job_id": "ByParentJobId",
    "account_id": "ByAccountId",
    "message_category": "ByMessageCategory",
}


@aws_call("start a backup job of {resource_arn} into the vault {backup_vault_name} with the role {iam_role_arn}")
def start_backup_job(client: BaseClient, backup_vault_name: str, resource_arn: str, iam_role_arn: str, **parameters: Any) -> dict[str, Any]:
    """Start a job; parameters are the other members of StartBackupJob, as AWS names them.

    Returns: BackupJobId, CreationDate and, for some resource types, RecoveryPointArn.
    """
    return client.start_backup_job(BackupVaultName=backup_vault_name, ResourceArn=resource_arn, IamRoleArn=iam_role_arn, **parameters)


@aws_call("describe the backup job {backup_job_id}", missing=None)
def describe_backup_job(client: BaseClient, backup_job_id: str) -> dict[str, Any] | None:
    """The job as AWS describes it; None when there is no such job."""
    job = client.describe_backup_job(BackupJobId=backup_job_id)
    job.pop("ResponseMetadata", None)
    return job


@aws_call("list the backup jobs")
def list_backup_jobs(client: BaseClient, **filters: Any) -> list[dict[str, Any]]:
    """All jobs (of the last 30 days: AWS lists no others) that match every filter.

    Args:
        filters: the names in JOB_FILTERS; None means that there is no such filter.
    """
    parameters = {JOB_FILTERS[name]: value for name, value in filters.items() if value is not None}
    return client.get_paginator("list_backup_jobs").paginate(**parameters).build_full_result()["BackupJobs"]


@aws_call("stop the backup job {backup_job_id}")
def stop_backup_job(client: BaseClient, backup_job_id: str) -> None:
    """Ask AWS to stop a job; it goes on until its state is ABORTED, or another terminal state that it reached first."""
    client.stop_backup_job(BackupJobId=backup_job_id)


def can_be_stopped(job: Mapping[str, Any]) -> bool:
    """Whether StopBackupJob supports the job's resource type."""
    return job.get("ResourceType") not in UNSTOPPABLE_TYPES


BACKUP_JOB = JobKind(
    name="backup",
    module="backup_job",
    terminal_states=TERMINAL_STATES,
    describe=describe_backup_job,
    subject=lambda job: job["ResourceArn"],
    place=lambda job: f"vault {job['backup_vault_name']}",
)
