"""Starting a copy job."""

from __future__ import annotations

import uuid
from typing import Any

from ..backend import BackupBackend
from ..errors import InvalidParameterValueException, InvalidRequestException, NotImplementedException
from ..moments import now
from ..outcomes import COPY, outcome_for
from ..parameters import FOREVER, check_lifecycle
from ..records import CopyJob, Lifecycle, RecoveryPoint
from ..recovery_points import existing_point
from ..registry import Params, operation
from ..roles import check_assumable
from ..vault_policy import check_allowed
from . import course, destination

COPYABLE = frozenset({"AVAILABLE", "COMPLETED", "PARTIAL"})
COLD = "COLD"


@operation("StartCopyJob")
def start_copy_job(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """Start a job; a repeat with the same IdempotencyToken answers as the first time."""
    token = params.get("IdempotencyToken")
    job = backend.copy_jobs.get(backend.copy_tokens.get(token or "", ""))
    if job is None:
        job = _new_job(backend, params)
        backend.copy_jobs[job.id] = job
        if token:
            backend.copy_tokens[token] = job.id
        course.schedule(backend, job)
    return {"CopyJobId": job.id, "CreationDate": job.creation_date, "IsParent": False}


def _new_job(backend: BackupBackend, params: Params) -> CopyJob:
    check_lifecycle(params.get("Lifecycle"))
    destination.check_arn(params["DestinationBackupVaultArn"])
    params = {**params, "BackupVaultName": params["SourceBackupVaultName"]}
    point = existing_point(backend, params)
    check_allowed(backend.vault(point.vault_name), "backup:StartCopyJob", point.arn)
    _check_copyable(point)
    check_assumable(backend, params["IamRoleArn"])
    return CopyJob(
        id=str(uuid.uuid4()).upper(),
        source_vault_arn=point.vault_arn,
        source_recovery_point_arn=point.arn,
        destination_vault_arn=params["DestinationBackupVaultArn"],
        destination_recovery_point_arn="",
        resource=point.resource,
        iam_role_arn=params["IamRoleArn"],
        creation_date=now(),
        lifecycle=_lifecycle(point.lifecycle, params.get("Lifecycle")),
        outcome=outcome_for(COPY, point.resource.arn),
    )


def _lifecycle(source: Lifecycle | None, wanted: Lifecycle | None) -> Lifecycle | None:
    """The lifecycle of a copy: the source's unless another is wanted; a copy to be kept for ever goes when the source would."""
    if not wanted:
        return source
    if wanted.get("DeleteAfterDays") == FOREVER and source and "DeleteAfterDays" in source:
        return {**wanted, "DeleteAfterDays": source["DeleteAfterDays"]}
    return wanted


def _check_copyable(point: RecoveryPoint) -> None:
    """Check that a copy of a recovery point may be asked for. AWS's texts are not public.

    Raises:
        InvalidParameterValueException: it is a continuous backup.
        InvalidRequestException: it is not complete, or in cold storage.
        NotImplementedException: it is a composite one, which AWS copies, but not the sandbox.
    """
    if point.continuous:
        raise InvalidParameterValueException(f"Recovery point {point.arn} is a continuous backup: it cannot be copied on demand.")
    if point.storage_class == COLD:
        raise InvalidRequestException(f"Recovery point {point.arn} is in cold storage: it cannot be copied.")
    if point.status not in COPYABLE:
        raise InvalidRequestException(f"Recovery point {point.arn} cannot be copied: it is in state {point.status}.")
    if point.composite:
        raise NotImplementedException("the sandbox does not copy composite recovery points")
