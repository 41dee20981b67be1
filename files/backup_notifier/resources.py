"""What resources are called and where the console shows them."""

from __future__ import annotations

from typing import NamedTuple

from .arn import Arn


class Kind(NamedTuple):
    """A kind of resource.

    Attributes:
        label: what to call it, before its name.
        page: its page in the console below the host; empty: none known. To fill in are {region}, {arn}, {name} and {first}, the name
            before its first slash.
    """

    label: str
    page: str = ""


_KINDS = {
    ("ec2", "instance"): Kind("EC2 instance", "ec2/home?region={region}#InstanceDetails:instanceId={name}"),
    ("ec2", "volume"): Kind("EBS volume", "ec2/home?region={region}#VolumeDetails:volumeId={name}"),
    ("ec2", "snapshot"): Kind("EBS snapshot", "ec2/home?region={region}#SnapshotDetails:snapshotId={name}"),
    ("ec2", "image"): Kind("machine image", "ec2/home?region={region}#ImageDetails:imageId={name}"),
    ("rds", "db"): Kind("RDS database", "rds/home?region={region}#database:id={name};is-cluster=false"),
    ("rds", "cluster"): Kind("database cluster", "rds/home?region={region}#database:id={name};is-cluster=true"),
    ("dynamodb", "table"): Kind("DynamoDB table", "dynamodbv2/home?region={region}#table?name={name}"),
    ("elasticfilesystem", "file-system"): Kind("EFS file system", "efs/home?region={region}#/file-systems/{name}"),
    ("fsx", "file-system"): Kind("FSx file system", "fsx/home?region={region}#file-system-details/{name}"),
    ("fsx", "volume"): Kind("FSx volume"),
    ("s3", ""): Kind("S3 bucket", "s3/buckets/{name}?region={region}"),
    ("eks", "cluster"): Kind("EKS cluster", "eks/home?region={region}#/clusters/{name}"),
    ("dsql", "cluster"): Kind("Aurora DSQL cluster"),
    ("docdb-elastic", "cluster"): Kind("DocumentDB cluster"),
    ("redshift", "cluster"): Kind("Redshift cluster", "redshiftv2/home?region={region}#cluster-details?cluster={name}"),
    ("redshift-serverless", "namespace"): Kind("Redshift Serverless namespace"),
    ("storagegateway", "gateway"): Kind("Storage Gateway volume", "storagegateway/home?region={region}#/gateways/{first}"),
    ("backup-gateway", "vm"): Kind("virtual machine"),
    ("cloudformation", "stack"): Kind("CloudFormation stack", "cloudformation/home?region={region}#/stacks/stackinfo?stackId={arn}"),
    ("timestream", "database"): Kind("Timestream database", "timestream/home?region={region}#databases/{first}"),
    ("ssm-sap", "HANA"): Kind("SAP HANA database"),
    ("backup", "recovery-point"): Kind("recovery point"),
    ("backup", "backup-vault"): Kind("backup vault"),
}

# Clusters whose ARN is one of RDS: only AWS Backup's type tells which service they are of.
_RDS_CLUSTERS = {
    "Aurora": Kind("Aurora cluster", _KINDS["rds", "cluster"].page),
    "DocumentDB": Kind("DocumentDB cluster", "docdb/home?region={region}#cluster-details/{name}"),
    "Neptune": Kind("Neptune cluster", "neptune/home?region={region}#database:id={name};is-cluster=true"),
}

# What to call the resource types of AWS Backup when no ARN tells the kind.
_TYPES = {
    "Aurora": "Aurora cluster",
    "Aurora DSQL": "Aurora DSQL cluster",
    "CloudFormation": "CloudFormation stack",
    "DocumentDB": "DocumentDB cluster",
    "DynamoDB": "DynamoDB table",
    "EBS": "EBS volume",
    "EC2": "EC2 instance",
    "EFS": "EFS file system",
    "EKS": "EKS cluster",
    "FSx": "FSx file system",
    "Neptune": "Neptune cluster",
    "RDS": "RDS database",
    "Redshift": "Redshift cluster",
    "Redshift Serverless": "Redshift Serverless namespace",
    "S3": "S3 bucket",
    "SAP HANA on Amazon EC2": "SAP HANA database",
    "Storage Gateway": "Storage Gateway volume",
    "Timestream": "Timestream database",
    "VirtualMachine": "virtual machine",
}
# In AWS Backup's words.
TYPES = tuple(_TYPES)


def kind(arn: Arn, resource_type: str = "") -> Kind:
    """The kind of resource an ARN names; one made up from the ARN when it is not in the table.

    Args:
        arn: of the resource.
        resource_type: in AWS Backup's words, where it is known.
    """
    place = arn.service, arn.kind
    known = _RDS_CLUSTERS.get(resource_type) if place == ("rds", "cluster") else None
    return known or _KINDS.get(place) or Kind(" ".join(filter(None, place)))


def name(arn: Arn) -> str:
    """What people call the resource: the ID behind a stack's name is left out."""
    return arn.name.partition("/")[0] if (arn.service, arn.kind) == ("cloudformation", "stack") else arn.name


def label(resource_type: str) -> str:
    """What to call a resource of one of AWS Backup's types."""
    return _TYPES.get(resource_type, resource_type)
