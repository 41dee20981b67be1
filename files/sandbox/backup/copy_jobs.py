"""Copy jobs: describe, list."""

from __future__ import annotations

from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import ResourceNotFoundException
from .filters import check_account, matches
from .parameters import check_enum
from .records import BACKUP_VAULT, CopyJob
from .registry import Params, operation


@operation("DescribeCopyJob")
def describe_copy_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a job."""
    job = backend.copy_jobs.get(params["CopyJobId"].upper())
    if job is None:
        raise ResourceNotFoundException(f"Copy job {params['CopyJobId']} does not exist.")
    return {"CopyJob": _members(backend, job)}


@operation("ListCopyJobs")
def list_copy_jobs(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the jobs, newest first."""
    check_enum("CopyJobState", params.get("ByState"))
    check_account(params.get("ByAccountId"), backend.account_id)
    found = [job for job in backend.copy_jobs.values() if _is_listed(job, params)]
    jobs, token = pages.page(found, params, key=lambda job: pages.by_date(job.creation_date, job.id), newest_first=True)
    return {"CopyJobs": [_members(backend, job) for job in jobs], "NextToken": token}


def _is_listed(job: CopyJob, params: Params) -> bool:
    equal = {
        "ByResourceArn": job.resource.arn,
        "ByState": job.state,
        "ByResourceType": job.resource.type,
        "ByDestinationVaultArn": job.destination_vault_arn,
        "ByParentJobId": job.parent_job_id,
        "ByMessageCategory": job.message_category,
        "BySourceRecoveryPointArn": job.source_recovery_point_arn,
    }
    return matches(params, equal, job.creation_date, job.completion_date)


def _members(backend: BackupBackend, job: CopyJob) -> dict[str, Any]:
    return {
        "AccountId": backend.account_id,
        "CopyJobId": job.id,
        "SourceBackupVaultArn": job.source_vault_arn,
        "SourceRecoveryPointArn": job.source_recovery_point_arn,
        "DestinationBackupVaultArn": job.destination_vault_arn,
        "DestinationVaultType": job.destination.type if job.destination else BACKUP_VAULT,
        "DestinationVaultLockState": ("LOCKED" if job.destination.locked else "UNLOCKED") if job.destination else None,
        "DestinationRecoveryPointArn": job.known_destination_point_arn,
        "DestinationEncryptionKeyArn": job.destination_key_arn,
        "DestinationRecoveryPointLifecycle": job.lifecycle,
        "ResourceArn": job.resource.arn,
        "ResourceType": job.resource.type,
        "ResourceName": job.resource.name,
        "CreationDate": job.creation_date,
        "CompletionDate": job.completion_date,
        "State": job.state,
        "StatusMessage": job.status_message,
        "MessageCategory": job.message_category,
        "BackupSizeInBytes": job.resource.size,
        "IamRoleArn": job.iam_role_arn,
        "ParentJobId": job.parent_job_id,
        "IsParent": False,
    }
