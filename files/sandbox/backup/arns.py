"""Recovery point ARNs: their form depends on the service that keeps the backup."""

from __future__ import annotations

import secrets
import time
import uuid

from .backend import BackupBackend
from .records import AIR_GAPPED, RecoveryPoint, Resource, Vault

CLUSTERS = frozenset({"Aurora", "DocumentDB", "Neptune"})


def own_arn(backend: BackupBackend) -> str:
    """A new recovery point's ARN where AWS Backup keeps the backup itself, as in every logically air-gapped vault."""
    return backend.arn(f"recovery-point:{uuid.uuid4()}")


def recovery_point_arn(backend: BackupBackend, resource: Resource, maker: str = "job") -> str:
    """A new recovery point's ARN for a resource; maker is what names the job in the name of a database snapshot."""
    region, account = backend.region_name, backend.account_id
    prefix = f"arn:{backend.partition}"
    match resource.type:
        case "EC2":
            return f"{prefix}:ec2:{region}::image/ami-{secrets.token_hex(8)}a"
        case "EBS" | "Storage Gateway":
            return f"{prefix}:ec2:{region}::snapshot/snap-{secrets.token_hex(8)}b"
        case "RDS":
            return f"{prefix}:rds:{region}:{account}:snapshot:awsbackup:{maker}-{uuid.uuid4()}"
        case kind if kind in CLUSTERS:
            return f"{prefix}:rds:{region}:{account}:cluster-snapshot:awsbackup:{maker}-{uuid.uuid4()}"
        case "DynamoDB" if not backend.management["DynamoDB"]:
            return f"{prefix}:dynamodb:{region}:{account}:table/{resource.identifier}/backup/{_milliseconds():014d}-{secrets.token_hex(4)}"
        case "FSx":
            return f"{prefix}:fsx:{region}:{account}:backup/backup-0{secrets.token_hex(8)}"
        case "Redshift":
            return f"{prefix}:redshift:{region}:{account}:snapshot:{resource.identifier}/awsbackup:{maker}-{uuid.uuid4()}"
        case "S3":
            moment = time.strftime("%Y%m%d%H%M%S", time.gmtime())
            return backend.arn(f"recovery-point:{resource.identifier}-{moment}-{secrets.token_hex(4)}")
        case _:
            return own_arn(backend)


def copy_arn(backend: BackupBackend, vault: Vault, source: RecoveryPoint) -> str:
    """A new copy's ARN; backend is that of the Region that it is copied to."""
    managed = ":recovery-point:" in source.arn and source.resource.type != "S3"
    return own_arn(backend) if managed or vault.type == AIR_GAPPED else recovery_point_arn(backend, source.resource, "copyjob")


def continuous_arn(backend: BackupBackend, resource: Resource) -> str:
    """A continuous backup's ARN, which is AWS Backup's own whatever the resource; S3's is a snapshot's without the moment."""
    if resource.type == "S3":
        return backend.arn(f"recovery-point:{resource.identifier}-{secrets.token_hex(4)}")
    return backend.arn(f"recovery-point:continuous:{resource.identifier}-{secrets.token_hex(4)}")


def _milliseconds() -> int:
    return int(time.time() * 1000)
