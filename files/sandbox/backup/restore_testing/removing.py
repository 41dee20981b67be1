"""Deleting what a test restore made."""

from __future__ import annotations

from collections.abc import Callable

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends

from .. import resources
from ..backend import BackupBackend

TAG = "awsbackup-restore-test"
"""The key of the tag of what test restores make; without it, nothing is deleted."""


class RemovalFailed(Exception):
    """Something cannot be deleted; the text is the status message."""


def remove(backend: BackupBackend, arn: str) -> None:
    """Delete what a test restore made. That it is gone already is well, too.

    Raises:
        RemovalFailed: it does not carry the tag any more, or its service refuses.
    """
    resource = resources.find(backend, arn)
    if resource is None:
        return
    if TAG not in resources.with_tags(backend, resource).tags:
        raise RemovalFailed(f"Resource {arn} does not have the tag {TAG}.")
    try:
        _REMOVERS[resource.type](backend, resource.identifier)
    except (JsonRESTError, ServiceException) as refusal:
        raise RemovalFailed(refusal.message) from refusal


def _instance(backend: BackupBackend, identifier: str) -> None:
    ec2_backends[backend.account_id][backend.region_name].terminate_instances([identifier])


def _volume(backend: BackupBackend, identifier: str) -> None:
    ec2_backends[backend.account_id][backend.region_name].delete_volume(identifier)


def _database(backend: BackupBackend, identifier: str) -> None:
    rds_backends[backend.account_id][backend.region_name].delete_db_instance(identifier, skip_final_snapshot=True)


def _cluster(backend: BackupBackend, identifier: str) -> None:
    rds_backends[backend.account_id][backend.region_name].delete_db_cluster(identifier)


def _table(backend: BackupBackend, identifier: str) -> None:
    dynamodb_backends[backend.account_id][backend.region_name].delete_table(identifier)


def _file_system(backend: BackupBackend, identifier: str) -> None:
    efs_backends[backend.account_id][backend.region_name].delete_file_system(identifier)


def _bucket(backend: BackupBackend, identifier: str) -> None:
    """Delete a bucket with its objects at once; AWS has a lifecycle rule empty it, which takes days."""
    s3 = s3_backends[backend.account_id][backend.partition]
    s3.buckets[identifier].keys.clear()
    s3.delete_bucket(identifier)


_REMOVERS: dict[str, Callable[[BackupBackend, str], None]] = {
    "Aurora": _cluster,
    "DynamoDB": _table,
    "EBS": _volume,
    "EC2": _instance,
    "EFS": _file_system,
    "Neptune": _cluster,
    "RDS": _database,
    "S3": _bucket,
}
