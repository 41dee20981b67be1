"""What topics are told about single objects, access points and continuous backups; the event bus is told nothing."""

from __future__ import annotations

import uuid

from ..backend import BackupBackend
from ..records import RecoveryPoint
from . import Notice

KUBERNETES_RESOURCE = "apiextensions.k8s.io/v1/customresourcedefinitions"
# The first three are AWS's; those of modifications are not known.
EKS_TEXTS = {
    "BACKUP_OBJECT_FAILED": "A Kubernetes resource failed to backup from your Amazon EKS Backup.",
    "RESTORE_OBJECT_FAILED": "A Kubernetes resource failed to restore from your Amazon EKS Backup.",
    "RESTORE_OBJECT_SKIPPED": (
        "A Kubernetes resource was skipped from restore from your Amazon EKS Backup. "
        "This Kubernetes resource already exists in your target EKS cluster."
    ),
    "RESTORE_MODIFICATION_SUCCESS": "A Kubernetes resource was modified during restore from your Amazon EKS Backup.",
    "RESTORE_MODIFICATION_FAILED": "A Kubernetes resource could not be modified during restore from your Amazon EKS Backup.",
}


def eks(state: str, cluster: str, job_id: str, reason: str | None) -> Notice:
    """A Kubernetes object of a backup or a restore; the attributes' names start with small letters."""
    event, text = f"EKS_{state}", EKS_TEXTS[state]
    if state == "BACKUP_OBJECT_FAILED":
        message = f"{text} Resource: {KUBERNETES_RESOURCE}. EKS Cluster Name: {cluster}. BackupJob ID: {job_id}"
        attributes = {"backupJobId": job_id, "resourceName": KUBERNETES_RESOURCE}
    else:
        message = (
            f"{text} Resource: {KUBERNETES_RESOURCE}. Resource Name: exampleresource. "
            f"Destination EKS Cluster Name: {cluster}. RestoreJob ID: {job_id}"
        )
        attributes = {
            "parentRestoreJobId": str(uuid.uuid4()),
            "resourceName": "exampleresource",
            "resourceType": KUBERNETES_RESOURCE,
            "restoreJobId": job_id,
        }
    default = "Already exists." if state == "RESTORE_OBJECT_SKIPPED" else "Example failure reason."
    return Notice(event, message, {"eventType": event, "clusterName": cluster, "reason": reason or default, **attributes})


def s3(backend: BackupBackend, state: str, bucket: str, job_id: str, reason: str | None) -> Notice:
    """An object of a bucket. AWS's wording and attributes are not known."""
    event, backing_up = f"S3_{state}", state == "BACKUP_OBJECT_FAILED"
    message = (
        f"An object failed to {'backup' if backing_up else 'restore'} from your Amazon S3 Backup. Bucket: {bucket}. "
        f"{'BackupJob' if backing_up else 'RestoreJob'} ID: {job_id}"
    )
    attributes = {
        "EventType": event,
        "AccountId": backend.account_id,
        "BackupJobId" if backing_up else "RestoreJobId": job_id,
        "BucketName": bucket,
        "ObjectKey": "folder/object.txt",
        "Reason": reason or "Access Denied",
    }
    return Notice(event, message, attributes)


def access_point(backend: BackupBackend, state: str, point: RecoveryPoint) -> Notice:
    """A backup access point. AWS's wording and attributes are not known, nor its event on the event bus."""
    event = f"ACCESS_POINT_{state}"
    message = f"An AWS Backup access point changed to {state}. Recovery point ARN: {point.arn}. Resource ARN : {point.resource.arn}"
    attributes = {
        "EventType": event,
        "AccountId": backend.account_id,
        "AccessPointArn": backend.arn(f"access-point:{uuid.uuid4()}"),
        "RecoveryPointArn": point.arn,
    }
    return Notice(event, message, attributes)


def continuous(backend: BackupBackend, point: RecoveryPoint, reason: str | None) -> Notice:
    """A continuous backup that records no more. AWS's wording and attributes are not known."""
    event = "CONTINUOUS_BACKUP_INTERRUPTED"
    message = f"An AWS Backup continuous backup was interrupted. Recovery point ARN: {point.arn}. Resource ARN : {point.resource.arn}"
    attributes = {"EventType": event, "AccountId": backend.account_id, "RecoveryPointArn": point.arn}
    if reason:
        attributes["Reason"] = reason
    return Notice(event, message, attributes)
