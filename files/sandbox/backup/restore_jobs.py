"""Restore jobs: describe, list. They are made by the control endpoint; none can be started here."""

from __future__ import annotations

from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import ResourceNotFoundException
from .filters import check_account, matches
from .parameters import check_enum
from .records import RestoreJob
from .registry import Params, operation


@operation("DescribeRestoreJob")
def describe_restore_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a job."""
    job = backend.restore_jobs.get(params["RestoreJobId"].upper())
    if job is None:
        raise ResourceNotFoundException(f"Restore job {params['RestoreJobId']} does not exist.")
    return _members(backend, job)


@operation("ListRestoreJobs")
def list_restore_jobs(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the jobs, newest first."""
    check_enum("RestoreJobStatus", params.get("ByStatus"))
    check_account(params.get("ByAccountId"), backend.account_id)
    found = [job for job in backend.restore_jobs.values() if _is_listed(job, params)]
    jobs, token = pages.page(found, params, key=lambda job: pages.by_date(job.creation_date, job.id), newest_first=True)
    return {"RestoreJobs": [_members(backend, job) for job in jobs], "NextToken": token}


def _is_listed(job: RestoreJob, params: Params) -> bool:
    equal = {
        "ByResourceType": job.resource.type,
        "ByStatus": _status(job),
        "ByRestoreTestingPlanArn": job.restore_testing_plan_arn,
        "ByParentJobId": job.parent_job_id,
    }
    return matches(params, equal, job.creation_date, job.completion_date)


def _status(job: RestoreJob) -> str:
    """The status as the API tells it, which does not know CREATED."""
    return "PENDING" if job.state == "CREATED" else job.state


def _members(backend: BackupBackend, job: RestoreJob) -> dict[str, Any]:
    plan_arn = job.restore_testing_plan_arn
    return {
        "AccountId": backend.account_id,
        "RestoreJobId": job.id,
        "RecoveryPointArn": job.recovery_point_arn,
        "SourceResourceArn": job.resource.arn,
        "BackupVaultArn": job.vault_arn,
        "CreationDate": job.creation_date,
        "CompletionDate": job.completion_date,
        "Status": _status(job),
        "StatusMessage": job.status_message,
        "PercentDone": f"{job.percent_done:.1f}",
        "BackupSizeInBytes": job.resource.size,
        "IamRoleArn": job.iam_role_arn,
        "CreatedResourceArn": job.created_resource_arn if job.state == "COMPLETED" else None,
        "ResourceType": job.resource.type,
        "CreatedBy": {"RestoreTestingPlanArn": plan_arn} if plan_arn else None,
        "IsParent": False,
        "ParentJobId": job.parent_job_id,
    }
