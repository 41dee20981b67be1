"""Restore jobs: start, describe, list, validate."""

from __future__ import annotations

from typing import Any

from . import pages, progress
from .backend import BackupBackend
from .errors import (
    InvalidParameterValueException,
    InvalidRequestException,
    MissingParameterValueException,
    ResourceNotFoundException,
)
from .filters import check_account, matches, within
from .parameters import check_enum
from .records import RecoveryPoint, RestoreJob
from .registry import Params, operation
from .restoring import RestoreOrder, begin_restore
from .roles import check_assumable
from .vault_policy import check_allowed

RESTORABLE = ("COMPLETED", "PARTIAL", "AVAILABLE", "STOPPED", "EXPIRED")
VERDICTS = ("FAILED", "SUCCESSFUL")


@operation("StartRestoreJob")
def start_restore_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Start a job; a repeat with the same IdempotencyToken answers as the first time."""
    token = params.get("IdempotencyToken") or ""
    if token not in backend.restore_tokens:
        return {"RestoreJobId": _start(backend, _order(backend, params), token)}
    job_id = backend.restore_tokens[token]
    if job_id is None:
        raise InvalidRequestException(f"Idempotency token {token} was used by a request that was rejected.")
    return {"RestoreJobId": job_id}


def _start(backend: BackupBackend, order: RestoreOrder, token: str) -> str:
    """Start a job and return its ID. Metadata that is rejected uses up the token, as it was seen to do on AWS."""
    job_id = None
    try:
        job_id = begin_restore(backend, order).id
    finally:
        if token:
            backend.restore_tokens[token] = job_id
    return job_id


def _order(backend: BackupBackend, params: Params) -> RestoreOrder:
    if not params.get("IamRoleArn"):
        raise MissingParameterValueException("Missing required parameter: IamRoleArn")
    point = _restorable_point(backend, params["RecoveryPointArn"])
    resource_type = params.get("ResourceType")
    if resource_type not in (None, point.resource.type):
        raise InvalidParameterValueException(f"Invalid resource type {resource_type}: the recovery point is of type {point.resource.type}.")
    check_assumable(backend, params["IamRoleArn"])
    return RestoreOrder(
        point=point,
        metadata=params["Metadata"],
        iam_role_arn=params["IamRoleArn"],
        copy_tags=bool(params.get("CopySourceTagsToRestoredResource")),
    )


def _restorable_point(backend: BackupBackend, arn: str) -> RecoveryPoint:
    point = backend.recovery_points.get(arn)
    if point is None:
        raise ResourceNotFoundException(f"Cannot find recovery point {arn}.")
    check_allowed(backend.vault(point.vault_name), "backup:StartRestoreJob", arn)
    if point.status not in RESTORABLE:
        raise InvalidRequestException(f"Recovery point {arn} cannot be restored: it is in state {point.status}.")
    return point


@operation("DescribeRestoreJob")
def describe_restore_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a job."""
    return _members(backend, _existing_job(backend, params["RestoreJobId"]))


def _existing_job(backend: BackupBackend, job_id: str) -> RestoreJob:
    job = backend.restore_jobs.get(job_id.upper())
    if job is None:
        raise ResourceNotFoundException(f"Restore job {job_id} does not exist.")
    return job


@operation("ListRestoreJobs")
def list_restore_jobs(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the jobs, newest first."""
    check_enum("RestoreJobStatus", params.get("ByStatus"))
    check_account(params.get("ByAccountId"), backend.account_id)
    return _page(backend, [job for job in backend.restore_jobs.values() if _is_listed(job, params)], params)


@operation("ListRestoreJobsByProtectedResource")
def list_restore_jobs_by_protected_resource(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the jobs that restored a resource's recovery points, newest first."""
    check_enum("RestoreJobStatus", params.get("ByStatus"))
    after, before = params.get("ByRecoveryPointCreationDateAfter"), params.get("ByRecoveryPointCreationDateBefore")
    found = [
        job
        for job in backend.restore_jobs.values()
        if job.resource.arn == params["ResourceArn"]
        and params.get("ByStatus") in (None, _status(job))
        and within(job.recovery_point_creation_date, after, before)
    ]
    return _page(backend, found, params)


@operation("PutRestoreValidationResult")
def put_restore_validation_result(backend: BackupBackend, params: Params) -> None:
    """Say what was found out about what a job restored, once and for all."""
    job = _existing_job(backend, params["RestoreJobId"])
    verdict = params["ValidationStatus"]
    if verdict not in VERDICTS:
        raise InvalidParameterValueException(f"Invalid validation status {verdict}: it must be one of {', '.join(VERDICTS)}")
    if job.state != "COMPLETED":
        raise InvalidRequestException(f"Restore job {job.id} is in state {_status(job)}: only a completed one can be validated.")
    if job.validation_status not in (None, "VALIDATING"):
        raise InvalidRequestException(f"The validation status of restore job {job.id} is {job.validation_status} and cannot be changed.")
    job.validation_status, job.validation_status_message = verdict, params.get("ValidationStatusMessage")
    job.when_validated()


def _page(backend: BackupBackend, found: list[RestoreJob], params: Params) -> dict[str, Any]:
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
        "PercentDone": f"{progress.percent_done(job):.1f}",
        "BackupSizeInBytes": job.resource.size,
        "IamRoleArn": job.iam_role_arn,
        "CreatedResourceArn": job.created_resource_arn if job.state == "COMPLETED" else None,
        "ResourceType": job.resource.type,
        "RecoveryPointCreationDate": job.recovery_point_creation_date,
        "CreatedBy": {"RestoreTestingPlanArn": plan_arn} if plan_arn else None,
        "ValidationStatus": job.validation_status,
        "ValidationStatusMessage": job.validation_status_message,
        "DeletionStatus": job.deletion_status,
        "DeletionStatusMessage": job.deletion_status_message,
        "IsParent": False,
        "ParentJobId": job.parent_job_id,
    }
