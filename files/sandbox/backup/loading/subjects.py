"""Made-up resources that loaded recovery points are of."""

from __future__ import annotations

import secrets
import uuid

from ..backend import BackupBackend
from ..records import Resource

COMPOSITE = "CloudFormation"
CONTINUOUS = ("Aurora", "RDS", "S3", "SAP HANA on Amazon EC2")
FORMS = {
    "Aurora": "arn:{partition}:rds:{region}:{account}:cluster:cluster-{id}",
    "CloudFormation": "arn:{partition}:cloudformation:{region}:{account}:stack/stack-{id}/{uuid}",
    "DocumentDB": "arn:{partition}:rds:{region}:{account}:cluster:docdb-{id}",
    "DynamoDB": "arn:{partition}:dynamodb:{region}:{account}:table/table-{id}",
    "EBS": "arn:{partition}:ec2:{region}:{account}:volume/vol-0{id}",
    "EC2": "arn:{partition}:ec2:{region}:{account}:instance/i-0{id}",
    "EFS": "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/fs-0{id}",
    "EKS": "arn:{partition}:eks:{region}:{account}:cluster/cluster-{id}",
    "FSx": "arn:{partition}:fsx:{region}:{account}:file-system/fs-0{id}",
    "Neptune": "arn:{partition}:rds:{region}:{account}:cluster:neptune-{id}",
    "RDS": "arn:{partition}:rds:{region}:{account}:db:db-{id}",
    "Redshift": "arn:{partition}:redshift:{region}:{account}:cluster:cluster-{id}",
    "S3": "arn:{partition}:s3:::bucket-{id}",
    "SAP HANA on Amazon EC2": "arn:{partition}:ssm-sap:{region}:{account}:HANA/HANA-{id}",
    "Storage Gateway": "arn:{partition}:storagegateway:{region}:{account}:gateway/sgw-{id}/volume/vol-0{id}",
    "Timestream": "arn:{partition}:timestream:{region}:{account}:database/database-{id}",
    "VirtualMachine": "arn:{partition}:backup-gateway:{region}:{account}:vm/vm-0{id}",
}
"""The ARNs of resources, by their types."""


def resource(backend: BackupBackend, resource_type: str, size: int, arn: str | None = None) -> Resource:
    """A resource of an ARN, or of a made-up one."""
    arn = arn or FORMS[resource_type].format(
        partition=backend.partition,
        region=backend.region_name,
        account=backend.account_id,
        id=secrets.token_hex(8),
        uuid=uuid.uuid4(),
    )
    return Resource(arn=arn, type=resource_type, identifier=_identifier(resource_type, arn), size=size)


def _identifier(resource_type: str, arn: str) -> str:
    parts = arn.split(":", 5)[-1].replace("/", ":").split(":")
    return parts[1] if resource_type == COMPOSITE else parts[-1]
