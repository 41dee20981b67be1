"""What ordered events are about: a resource, a recovery point and the ARNs around them, made up where they are not given."""

from __future__ import annotations

import secrets
from typing import Any

from .. import resources
from ..arns import recovery_point_arn
from ..backend import BackupBackend
from ..errors import InvalidParameterValueException
from ..moments import now
from ..parameters import DAY
from ..records import RecoveryPoint, Resource
from .order import Order

SIZE = 8 << 30
TYPES = {
    "ec2:instance": "EC2",
    "ec2:volume": "EBS",
    "rds:db": "RDS",
    "rds:cluster": "Aurora",
    "dynamodb:table": "DynamoDB",
    "elasticfilesystem:file-system": "EFS",
    "fsx:file-system": "FSx",
    "eks:cluster": "EKS",
    "cloudformation:stack": "CloudFormation",
    "redshift:cluster": "Redshift",
    "storagegateway:gateway": "Storage Gateway",
    "backup-gateway:vm": "VirtualMachine",
    "timestream:database": "Timestream",
}
BUCKET = "arn:{partition}:s3:::bucket-{id}"
CLUSTER = "arn:{partition}:eks:{region}:{account}:cluster/cluster-{id}"
DEFAULT_RESOURCES = {"s3_object": BUCKET, "continuous": BUCKET, "access_point": BUCKET, "eks_object": CLUSTER}
DEFAULT_RESOURCE = "arn:{partition}:ec2:{region}:{account}:instance/i-{id}"


def resource_of(backend: BackupBackend, order: Order) -> Resource:
    """The resource, as it is if it exists."""
    arn = order.resource_arn or _made_up(backend, DEFAULT_RESOURCES.get(order.kind, DEFAULT_RESOURCE))
    found = _existing(backend, arn) or Resource(arn=arn, type=_type(arn), identifier=arn.split(":")[-1].split("/")[-1], size=SIZE)
    changes: dict[str, Any] = {"type": order.resource_type, "name": order.resource_name, "size": order.size_bytes}
    return Resource(**{**vars(found), **{name: value for name, value in changes.items() if value is not None}})


def point_of(backend: BackupBackend, order: Order, resource: Resource) -> RecoveryPoint:
    """A recovery point of it, which is in no vault's list."""
    created = now() - order.seconds
    return RecoveryPoint(
        arn=order.recovery_point_arn or recovery_point_arn(backend, resource),
        vault_name=order.vault,
        vault_arn=vault_arn(backend, order),
        resource=resource,
        iam_role_arn=role_arn(backend, order),
        creation_date=created,
        initiation_date=created,
        lifecycle={"DeleteAfterDays": 35},
        encrypted=resource.encrypted,
        key_arn=resource.key_arn,
        status_message=order.status_message,
        completion_date=now(),
    )


def vault_arn(backend: BackupBackend, order: Order) -> str:
    """The ARN of the vault that the order names."""
    return backend.arn(f"backup-vault:{order.vault}")


def role_arn(backend: BackupBackend, order: Order) -> str:
    """The role that a job runs with."""
    default = f"arn:{backend.partition}:iam::{backend.account_id}:role/service-role/AWSBackupDefaultServiceRole"
    return order.iam_role_arn or default


def created_resource_arn(order: Order, resource: Resource) -> str:
    """What a restore made: by default a sibling of the resource."""
    kept = resource.arn[: len(resource.arn) - len(resource.identifier)]
    return order.created_resource_arn or f"{kept}{resource.identifier.split('-')[0]}-{_identifier()}"


def start_by(created: float) -> float:
    """The end of a job's default start window."""
    return created + DAY / 3


def _existing(backend: BackupBackend, arn: str) -> Resource | None:
    try:
        return resources.find(backend, arn)
    except InvalidParameterValueException:
        return None


def _made_up(backend: BackupBackend, form: str) -> str:
    return form.format(partition=backend.partition, region=backend.region_name, account=backend.account_id, id=_identifier())


def _identifier() -> str:
    return f"0{secrets.token_hex(8)}"


def _type(arn: str) -> str:
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return "EC2"
    service, rest = parts[2], parts[5]
    return "S3" if service == "s3" else TYPES.get(f"{service}:{rest.replace('/', ':').split(':')[0]}", service)
