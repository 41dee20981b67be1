# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restore jobs: one function per API call, and what their fields mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import JobKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient

TERMINAL_STATES = ["COMPLETED", "FAILED", "ABORTED"]
ACTIVE_STATES = ["PENDING", "RUNNING"]
STATES = [*ACTIVE_STATES, *TERMINAL_STATES]
JOB_FILTERS = {
    "resource_type": "ByResourceType",
    "status": "ByStatus",
    "restore_testing_plan_arn": "ByRestoreTestingPlanArn",
    "parent_job_id": "ByParentJobId",
    "account_id": "ByAccountId",
    "created_before": "ByCreatedBefore",
    "created_after": "ByCreatedAfter",
    "completed_before": "ByCompleteBefore",
    "completed_after": "ByCompleteAfter",
}
REMEDIES = (
    (
        r"instance profile|iam:PassRole|encoded authorization",
        "set metadata.IamInstanceProfileName to null, or let the role pass the instance's with iam:PassRole",
    ),
    (
        r"not authorized|not have permission|access denied",
        "attach AWSBackupServiceRolePolicyForRestores to the role, and for S3 AWSBackupServiceRolePolicyForS3Restore",
    ),
    (r"already exists|name is not available", "give the restored resource a name of its own in metadata"),
    (r"different networks|security group|subnet", "give SubnetId and SecurityGroupIds of one VPC of this Region in metadata"),
    (r"\bzone\b", "give a zone of this Region in metadata"),
    (r"versioning is not enabled", "enable versioning of the destination bucket, or restore to a new one"),
    (r"has no data in the sandbox", "restore a recovery point that a backup job made"),
    (r"kms|\bkey\b", "let the role use the key, and name an enabled key of this Region in metadata"),
)
"""How to mend what the status message of a failed job tells, the first that fits."""


@aws_call("start a restore job of {recovery_point_arn} with the role {iam_role_arn}")
def start_restore_job(client: BaseClient, recovery_point_arn: str, iam_role_arn: str, **parameters: Any) -> dict[str, Any]:
    """Start a job; parameters are the other members of StartRestoreJob, as AWS names them. Returns RestoreJobId."""
    return client.start_restore_job(RecoveryPointArn=recovery_point_arn, IamRoleArn=iam_role_arn, **parameters)


@aws_call("describe the restore job {restore_job_id}", missing=None)
def describe_restore_job(client: BaseClient, restore_job_id: str) -> dict[str, Any] | None:
    """The job as AWS describes it; None when there is no such job."""
    job = client.describe_restore_job(RestoreJobId=restore_job_id)
    job.pop("ResponseMetadata", None)
    return job


@aws_call("list the restore jobs")
def list_restore_jobs(client: BaseClient, **filters: Any) -> list[dict[str, Any]]:
    """All jobs that match every filter.

    Args:
        filters: the names in JOB_FILTERS; None means that there is no such filter.
    """
    parameters = {JOB_FILTERS[name]: value for name, value in filters.items() if value is not None}
    return client.get_paginator("list_restore_jobs").paginate(**parameters).build_full_result()["RestoreJobs"]


@aws_call("list the restore jobs of the resource {resource_arn}", missing=[])
def list_restore_jobs_by_resource(client: BaseClient, resource_arn: str) -> list[dict[str, Any]]:
    """All jobs that restored a recovery point of a resource."""
    pages = client.get_paginator("list_restore_jobs_by_protected_resource").paginate(ResourceArn=resource_arn)
    return pages.build_full_result()["RestoreJobs"]


@aws_call("read the restore metadata of {recovery_point_arn} in the vault {backup_vault_name}", missing=None)
def get_restore_metadata(client: BaseClient, backup_vault_name: str, recovery_point_arn: str) -> dict[str, Any] | None:
    """RestoreMetadata and, from newer services, ResourceType; None when the vault or the recovery point does not exist."""
    return client.get_recovery_point_restore_metadata(BackupVaultName=backup_vault_name, RecoveryPointArn=recovery_point_arn)


@aws_call("put the validation result {validation_status} of the restore job {restore_job_id}")
def put_validation_result(client: BaseClient, restore_job_id: str, validation_status: str, message: str | None) -> None:
    """Say what was found out about a restored resource; AWS never changes it again."""
    more = {"ValidationStatusMessage": message} if message else {}
    client.put_restore_validation_result(RestoreJobId=restore_job_id, ValidationStatus=validation_status, **more)


def remedy(job: Mapping[str, Any]) -> str | None:
    """How to mend what a job (as AWS describes it) failed for; None when that can't be said."""
    message = job.get("StatusMessage") or ""
    return next((advice for pattern, advice in REMEDIES if re.search(pattern, message, re.IGNORECASE)), None)


RESTORE_JOB = JobKind(
    name="restore",
    module="backup_restore_job",
    terminal_states=TERMINAL_STATES,
    describe=describe_restore_job,
    subject=lambda job: job["RecoveryPointArn"],
    place=lambda job: f"recovery point {job['recovery_point_arn']}",
    state_key="Status",
    remedy=remedy,
)
