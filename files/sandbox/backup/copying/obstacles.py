"""Why a copy job fails: what it finds when it begins, and when it would be complete."""

from __future__ import annotations

from dataclasses import dataclass

from .. import permissions
from ..backend import BackupBackend
from ..errors import AccessDeniedException
from ..permissions import EC2, IN_FULL, Need
from ..records import CopyJob, Vault
from ..runner import busy
from ..vault_lock import retention_problem
from ..vault_policy import check_allowed
from . import destination
from .destination import Place

OTHER_ACCOUNT = "Copy job failed. Both source and destination account must be a member of the same organization."
UNSUPPORTED = "Feature is not supported for provided resource type"
BUSY = "There are too many copy jobs running for resource."
DENIED_BY_POLICY = "Access Denied trying to call AWS Backup service"
INTO_VAULT = Need("backup:CopyIntoBackupVault", IN_FULL)
# What a copy takes beyond that, by type; each on any resource but EBS's, which is on snapshots.
SNAPSHOT_NEEDS = {
    "EC2": Need("ec2:CopyImage", EC2, anywhere=True),
    "EBS": Need("ec2:CopySnapshot", EC2),
    "RDS": Need("rds:CopyDBSnapshot", IN_FULL, anywhere=True),
    "Aurora": Need("rds:CopyDBClusterSnapshot", IN_FULL, anywhere=True),
    "Neptune": Need("rds:CopyDBClusterSnapshot", IN_FULL, anywhere=True),
}


@dataclass(frozen=True)
class Obstacle:
    """Why a job fails, in the service's words, and the kind of message."""

    message: str
    category: str | None = None


def at_begin(backend: BackupBackend, job: CopyJob, place: Place) -> Obstacle | None:
    """What keeps a job from running; None when nothing does."""
    if destination.account_of(job.destination_vault_arn) != backend.account_id:
        return Obstacle(OTHER_ACCOUNT)
    missing = later(backend, job, place)
    if missing or place.vault is None:
        return missing
    if busy(backend, job):
        return Obstacle(BUSY)
    return _unsupported(job) or _refused(backend, job, place.vault)


def later(backend: BackupBackend, job: CopyJob, place: Place) -> Obstacle | None:
    """What keeps a job from being completed: the point or the vault is gone."""
    if place.vault is None:
        return Obstacle(f"Copy job failed because backup vault {job.destination_vault_arn} does not exist.")
    source = backend.recovery_points.get(job.source_recovery_point_arn)
    if source is None or source.status == "DELETING":
        return Obstacle(f"Cannot find recovery point {job.source_recovery_point_arn}")
    return None


def _unsupported(job: CopyJob) -> Obstacle | None:
    """A table's own backups are not copied; those with AWS Backup's advanced features are."""
    unmanaged = ":recovery-point:" not in job.source_recovery_point_arn
    return Obstacle(UNSUPPORTED) if job.resource.type == "DynamoDB" and unmanaged else None


def _refused(backend: BackupBackend, job: CopyJob, vault: Vault) -> Obstacle | None:
    try:
        check_allowed(vault, INTO_VAULT.action)
    except AccessDeniedException:
        return Obstacle(DENIED_BY_POLICY, permissions.CATEGORY)
    retention = retention_problem(vault, job.lifecycle, "Copy")
    if retention:
        return Obstacle(retention)
    refusal = permissions.first_refusal(backend, job.iam_role_arn, job.id, _needs(job))
    return Obstacle(refusal, permissions.CATEGORY) if refusal else None


def _needs(job: CopyJob) -> list[tuple[Need, str]]:
    needs = [(INTO_VAULT, job.destination_vault_arn)]
    snapshot = SNAPSHOT_NEEDS.get(job.resource.type)
    if snapshot and ":recovery-point:" not in job.source_recovery_point_arn:
        needs.append((snapshot, job.source_recovery_point_arn))
    return needs
