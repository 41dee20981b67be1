"""What can be backed up: looks into moto's other services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from moto.core.resource_tagging import iter_taggable_backends
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.rds.models import rds_backends
from moto.s3.models import FakeDeleteMarker, s3_backends

from .backend import BackupBackend
from .errors import InvalidParameterValueException
from .records import Resource

GIB = 1 << 30

Finder = Callable[[BackupBackend, str, str], Resource | None]


def find(backend: BackupBackend, arn: str) -> Resource | None:
    """The resource of an ARN as it is now, or None when there is none.

    Raises:
        InvalidParameterValueException: it is not an ARN, or of a kind the sandbox cannot back up.
    """
    parts = arn.split(":", 5)
    if len(parts) < 6 or parts[0] != "arn":
        raise InvalidParameterValueException(f"Invalid resource ARN: {arn}")
    _, partition, service, region, account, rest = parts
    for prefix, finder in FINDERS.get(service, {}).items():
        if rest.startswith(prefix):
            if partition != backend.partition or region not in ("", backend.region_name) or account not in ("", backend.account_id):
                return None
            return finder(backend, arn, rest.removeprefix(prefix))
    raise InvalidParameterValueException(f"Unsupported resource type: {arn}")


def with_tags(backend: BackupBackend, resource: Resource) -> Resource:
    """A resource together with its tags, which take longer to find than the rest."""
    return replace(resource, tags=_tags(backend, resource.arn))


def _tags(backend: BackupBackend, arn: str) -> dict[str, str]:
    for other in iter_taggable_backends(backend.account_id, backend.region_name):
        if other.owns_arn(arn):
            return next((dict(resource.tags) for resource in other.iter_tagged_resources() if resource.arn == arn), {})
    return {}


def _instance(backend: BackupBackend, arn: str, instance_id: str) -> Resource | None:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    # Copies: requests to EC2 may change these while the clock's thread looks.
    instances = [known for reservation in list(ec2.reservations.values()) for known in list(reservation.instances)]
    instance = next((known for known in instances if known.id == instance_id), None)
    if instance is None:
        return None
    mapped = {device.volume_id for _, device in instance.get_block_device_mapping}
    volumes = [volume for volume in list(ec2.volumes.values()) if volume.id in mapped]
    return Resource(
        arn=arn,
        type="EC2",
        identifier=instance_id,
        name=next((tag["value"] for tag in instance.get_tags() if tag["key"] == "Name"), None),
        size=sum(volume.size for volume in volumes) * GIB,
        encrypted=any(volume.encrypted for volume in volumes),
        key_arn=next((volume.kms_key_id for volume in volumes if volume.kms_key_id), None),
        obstacle=None if instance.state in ("running", "stopped") else f"Instance is not in state running or stopped: {arn}",
    )


def _volume(backend: BackupBackend, arn: str, volume_id: str) -> Resource | None:
    volume = ec2_backends[backend.account_id][backend.region_name].volumes.get(volume_id)
    if volume is None:
        return None
    return Resource(
        arn=arn,
        type="EBS",
        identifier=volume_id,
        name=next((tag["value"] for tag in volume.get_tags() if tag["key"] == "Name"), None),
        size=volume.size * GIB,
        encrypted=bool(volume.encrypted),
        key_arn=volume.kms_key_id,
    )


def _database(backend: BackupBackend, arn: str, identifier: str) -> Resource | None:
    database = rds_backends[backend.account_id][backend.region_name].databases.get(identifier)
    if database is None:
        return None
    return Resource(
        arn=arn,
        type="RDS",
        identifier=identifier,
        name=identifier,
        size=0,
        encrypted=bool(database.storage_encrypted),
        obstacle=_unless_available(database.status, arn),
    )


def _cluster(backend: BackupBackend, arn: str, identifier: str) -> Resource | None:
    cluster = rds_backends[backend.account_id][backend.region_name].clusters.get(identifier)
    if cluster is None:
        return None
    return Resource(
        arn=arn,
        type="Neptune" if cluster.engine == "neptune" else "Aurora",
        identifier=identifier,
        name=identifier,
        encrypted=bool(cluster.storage_encrypted),
        obstacle=_unless_available(cluster.status, arn),
    )


def _unless_available(status: str, arn: str) -> str | None:
    return None if status == "available" else f"Resource {arn} is not in available state"


def _table(backend: BackupBackend, arn: str, name: str) -> Resource | None:
    table = dynamodb_backends[backend.account_id][backend.region_name].tables.get(name)
    if table is None:
        return None
    return Resource(arn=arn, type="DynamoDB", identifier=name, name=name, size=0)


def _file_system(backend: BackupBackend, arn: str, identifier: str) -> Resource | None:
    system = efs_backends[backend.account_id][backend.region_name].file_systems_by_id.get(identifier)
    if system is None:
        return None
    return Resource(
        arn=arn,
        type="EFS",
        identifier=identifier,
        size=system.size_in_bytes["Value"],
        encrypted=bool(system.encrypted),
        key_arn=system.kms_key_id,
        obstacle=_unless_available(system.life_cycle_state, arn),
    )


def _bucket(backend: BackupBackend, arn: str, name: str) -> Resource | None:
    bucket = s3_backends[backend.account_id][backend.partition].buckets.get(name)
    if bucket is None or bucket.region_name != backend.region_name:
        return None
    unversioned = f"Versioning is not enabled on {name} within account {backend.account_id}"
    return Resource(
        arn=arn,
        type="S3",
        identifier=name,
        name=name,
        size=sum(key.size for key in list(bucket.keys.values()) if not isinstance(key, FakeDeleteMarker)),
        obstacle=None if bucket.versioning_status == "Enabled" else unversioned,
    )


FINDERS: dict[str, dict[str, Finder]] = {
    "ec2": {"instance/": _instance, "volume/": _volume},
    "rds": {"db:": _database, "cluster:": _cluster},
    "dynamodb": {"table/": _table},
    "elasticfilesystem": {"file-system/": _file_system},
    "s3": {"": _bucket},
}
