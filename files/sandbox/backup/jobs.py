"""Backup jobs: start, describe, list, stop."""

from __future__ import annotations

import uuid
from typing import Any

from . import pages, progress, resources, runner
from .arns import recovery_point_arn
from .backend import BackupBackend
from .errors import InvalidRequestException, ResourceNotFoundException
from .filters import check_account, matches
from .moments import now
from .outcomes import BACKUP, outcome_for
from .parameters import DAY, check_backup_options, check_enum, check_lifecycle, check_vault_name, check_windows
from .records import AIR_GAPPED, IN_PROGRESS, Job, Resource
from .registry import Params, operation
from .roles import check_assumable
from .tags import check_tags
from .vault_policy import check_allowed

DEFAULT_START_WINDOW = 480
LISTED_DAYS = 30
ARN_KNOWN_AT_START = frozenset({"DynamoDB", "EFS"})
UNSTOPPABLE = frozenset({"Aurora", "DocumentDB", "FSx", "Neptune", "RDS", "SAP HANA on Amazon EC2"})
SIZE_UNKNOWN = frozenset({"Aurora", "DocumentDB", "FSx", "Neptune"})
WITH_RECOVERY_POINT = frozenset({"COMPLETED", "PARTIAL"})


@operation("StartBackupJob")
def start_backup_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Start a job; a repeat with the same IdempotencyToken answers as the first time."""
    token = params.get("IdempotencyToken")
    job = backend.jobs.get(backend.job_tokens.get(token or "", ""))
    if job is None:
        job = _new_job(backend, params)
        backend.jobs[job.id] = job
        if token:
            backend.job_tokens[token] = job.id
        runner.schedule(backend, job)
    return {
        "BackupJobId": job.id,
        "CreationDate": job.creation_date,
        "IsParent": False,
        "RecoveryPointArn": job.recovery_point_arn if _arn_known_at_start(job) else None,
    }


def _new_job(backend: BackupBackend, params: Params) -> Job:
    start_window = params.get("StartWindowMinutes")
    check_vault_name(params["BackupVaultName"])
    check_windows(start_window, params.get("CompleteWindowMinutes"))
    check_lifecycle(params.get("Lifecycle"))
    tags = check_tags(params.get("RecoveryPointTags"))
    vault = backend.vault(params["BackupVaultName"])
    check_allowed(vault, "backup:StartBackupJob")
    if vault.type == AIR_GAPPED:
        raise InvalidRequestException(f"Backup vault {vault.name} is logically air-gapped: no backup job can be started into it.")
    resource = _existing_resource(backend, params["ResourceArn"])
    _check_opted_in(backend, resource.type)
    check_backup_options(params.get("BackupOptions"), resource.type)
    check_assumable(backend, params["IamRoleArn"])
    created = now()
    return Job(
        id=str(uuid.uuid4()).upper(),
        vault_name=vault.name,
        vault_arn=vault.arn,
        resource=resource,
        iam_role_arn=params["IamRoleArn"],
        recovery_point_arn=recovery_point_arn(backend, resource),
        lifecycle=params.get("Lifecycle"),
        recovery_point_tags=tags,
        backup_options=params.get("BackupOptions"),
        creation_date=created,
        start_by=created + (start_window or DEFAULT_START_WINDOW) * 60,
        outcome=outcome_for(BACKUP, resource.arn),
    )


def _existing_resource(backend: BackupBackend, arn: str) -> Resource:
    resource = resources.find(backend, arn)
    if resource is None:
        raise ResourceNotFoundException(f"Could not find resource {arn}")
    return resources.with_tags(backend, resource)


def _check_opted_in(backend: BackupBackend, resource_type: str) -> None:
    if not backend.opt_in[resource_type]:
        # AWS says that it "does not try to protect" such a resource on demand; how it answers is not public.
        raise InvalidRequestException(f"Resource type {resource_type} is not opted in for AWS Backup in {backend.region_name}.")


def _arn_known_at_start(job: Job) -> bool:
    return job.fully_managed and job.resource.type in ARN_KNOWN_AT_START


@operation("DescribeBackupJob")
def describe_backup_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Describe a job."""
    return _members(backend, _existing_job(backend, params))


@operation("StopBackupJob")
def stop_backup_job(backend: BackupBackend, params: Params) -> None:
    """Ask a job to stop: it turns ABORTING, then ABORTED."""
    job = _existing_job(backend, params)
    if job.state not in IN_PROGRESS:
        raise InvalidRequestException(f"Backup job {job.id} cannot be stopped: it is in state {job.state}.")
    if job.resource.type in UNSTOPPABLE:
        raise InvalidRequestException(
            f"Backup job {job.id} cannot be stopped: this is not supported for resource type {job.resource.type}."
        )
    if job.state != "ABORTING":
        runner.abort(backend, job)


def _existing_job(backend: BackupBackend, params: Params) -> Job:
    job = backend.jobs.get(params["BackupJobId"].upper())
    if job is None:
        raise ResourceNotFoundException(f"Backup job {params['BackupJobId']} does not exist.")
    return job


@operation("ListBackupJobs")
def list_backup_jobs(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List the jobs of the last 30 days, newest first."""
    check_enum("BackupJobState", params.get("ByState"))
    check_account(params.get("ByAccountId"), backend.account_id)
    found = [job for job in backend.jobs.values() if _is_listed(job, params)]
    jobs, token = pages.page(found, params, key=lambda job: pages.by_date(job.creation_date, job.id), newest_first=True)
    return {"BackupJobs": [_members(backend, job) for job in jobs], "NextToken": token}


def _is_listed(job: Job, params: Params) -> bool:
    equal = {
        "ByResourceArn": job.resource.arn,
        "ByState": job.state,
        "ByBackupVaultName": job.vault_name,
        "ByResourceType": job.resource.type,
        "ByMessageCategory": job.message_category,
        "ByParentJobId": job.parent_job_id,
    }
    recent = job.creation_date > now() - LISTED_DAYS * DAY
    return recent and matches(params, equal, job.creation_date, job.completion_date)


def _members(backend: BackupBackend, job: Job) -> dict[str, Any]:
    arn_known = job.state in WITH_RECOVERY_POINT or _arn_known_at_start(job)
    encrypted, key_arn = runner.encryption(backend, job)
    return {
        "AccountId": backend.account_id,
        "BackupJobId": job.id,
        "BackupVaultName": job.vault_name,
        "BackupVaultArn": job.vault_arn,
        "VaultType": "BACKUP_VAULT",
        "RecoveryPointArn": job.recovery_point_arn if arn_known else None,
        "RecoveryPointLifecycle": job.lifecycle,
        "EncryptionKeyArn": key_arn,
        "IsEncrypted": encrypted,
        "ResourceArn": job.resource.arn,
        "ResourceType": job.resource.type,
        "ResourceName": job.resource.name,
        "CreationDate": job.creation_date,
        "InitiationDate": job.initiation_date,
        "StartBy": job.start_by,
        "ExpectedCompletionDate": job.expected_completion_date,
        "CompletionDate": job.completion_date,
        "State": job.state,
        "StatusMessage": job.status_message,
        "MessageCategory": job.message_category,
        "PercentDone": f"{progress.percent_done(job):.1f}",
        "BackupSizeInBytes": None if job.resource.type in SIZE_UNKNOWN else job.resource.size,
        "BytesTransferred": progress.bytes_transferred(job),
        "IamRoleArn": job.iam_role_arn,
        "BackupOptions": job.backup_options,
        "ParentJobId": job.parent_job_id,
        "IsParent": False,
    }
