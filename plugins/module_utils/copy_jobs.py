# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy jobs: one function per API call, what their fields mean, and what can be done about one that failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import JobKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.client import BaseClient

ACTIVE_STATES = ["CREATED", "RUNNING"]
"""In the order a job goes through them."""

TERMINAL_STATES = ["COMPLETED", "FAILED", "PARTIAL"]
STATES = [*ACTIVE_STATES, *TERMINAL_STATES]
COPY_JOB_FILTERS = {
    "resource_arn": "ByResourceArn",
    "resource_type": "ByResourceType",
    "copy_job_state": "ByState",
    "destination_backup_vault_arn": "ByDestinationVaultArn",
    "created_before": "ByCreatedBefore",
    "created_after": "ByCreatedAfter",
    "completed_before": "ByCompleteBefore",
    "completed_after": "ByCompleteAfter",
    "parent_job_id": "ByParentJobId",
    "account_id": "ByAccountId",
    "message_category": "ByMessageCategory",
}

REMEDIES = (
    (r"not within the range", "set lifecycle.delete_after_days to what the lock of the destination vault allows"),
    (r"backup vault \S+ does not exist", "create the destination vault, or correct destination_backup_vault_arn and its Region"),
    (
        r"trying to call AWS Backup service|backup:CopyIntoBackupVault",
        "allow backup:CopyIntoBackupVault in the access policy of the destination vault and in the policies of the role",
    ),
    (
        r"not authorized|access denied|insufficient privileges|permission",
        "attach the managed policy AWSBackupServiceRolePolicyForBackup to the role, and look for policies that deny it",
    ),
    (r"too many copy jobs", "wait for the end of the other job of this resource, then copy again"),
    (
        r"not supported for provided resource type|unsupported resource type",
        "AWS Backup copies no recovery points of this type. Those of DynamoDB it copies when they were made with its advanced features on:"
        " aws backup update-region-settings --resource-type-management-preference DynamoDB=true, in its Region. Then back it up again",
    ),
    (r"same organization|copy feature is not enabled", "see to it in AWS Organizations, from the management account"),
    (r"\bkms\b|key id|encrypted with the default", "check the state and the policy of the keys of both vaults"),
    (r"cannot find recovery point", "it was deleted meanwhile: copy another one"),
)
"""What can be done about a failed job, by words of its message."""


@aws_call(
    "copy the recovery point {recovery_point_arn} of the vault {source_backup_vault_name} into {destination_backup_vault_arn}"
    " with the role {iam_role_arn}"
)
def start_copy_job(
    client: BaseClient,
    recovery_point_arn: str,
    source_backup_vault_name: str,
    destination_backup_vault_arn: str,
    iam_role_arn: str,
    **parameters: Any,
) -> dict[str, Any]:
    """Start a job; parameters are the other members of StartCopyJob, as AWS names them.

    Returns: CopyJobId, CreationDate and IsParent.
    """
    return client.start_copy_job(
        RecoveryPointArn=recovery_point_arn,
        SourceBackupVaultName=source_backup_vault_name,
        DestinationBackupVaultArn=destination_backup_vault_arn,
        IamRoleArn=iam_role_arn,
        **parameters,
    )


@aws_call("describe the copy job {copy_job_id}", missing=None)
def describe_copy_job(client: BaseClient, copy_job_id: str) -> dict[str, Any] | None:
    """The job as AWS describes it; None when there is no such job."""
    return client.describe_copy_job(CopyJobId=copy_job_id)["CopyJob"]


@aws_call("list the copy jobs")
def list_copy_jobs(client: BaseClient, source_recovery_point_arn: str | None = None, **filters: Any) -> list[dict[str, Any]]:
    """All jobs that AWS lists and that match every filter.

    Args:
        source_recovery_point_arn: of the jobs of this recovery point; None: of any. AWS's own filter is too new to rely on.
        filters: the names in COPY_JOB_FILTERS; None means that there is no such filter.
    """
    parameters = {COPY_JOB_FILTERS[name]: value for name, value in filters.items() if value is not None}
    jobs = client.get_paginator("list_copy_jobs").paginate(**parameters).build_full_result()["CopyJobs"]
    return [job for job in jobs if source_recovery_point_arn in (None, job.get("SourceRecoveryPointArn"))]


def remedy(job: Mapping[str, Any]) -> str | None:
    """How to mend what a job (as AWS describes it) failed for; None when its message does not tell."""
    message = job.get("StatusMessage") or ""
    return next((advice for words, advice in REMEDIES if re.search(words, message, re.IGNORECASE)), None)


COPY_JOB = JobKind(
    name="copy",
    module="backup_copy_job",
    terminal_states=TERMINAL_STATES,
    describe=describe_copy_job,
    subject=lambda job: f"{job.get('SourceRecoveryPointArn')} into {job.get('DestinationBackupVaultArn')}",
    place=lambda job: f"into {job['destination_backup_vault_arn']}",
    has_percent=False,
    remedy=remedy,
)
