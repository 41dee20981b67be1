"""What the role of a job must be allowed, and how the job tells what it is not.

Each type has the calls that AWSBackupServiceRolePolicyForBackup (for S3: AWSBackupServiceRolePolicyForS3Backup) lets AWS Backup
make to find and to back up a resource of it. AWS Backup passes on EC2's words as they are, and those of other services in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..authorization.refusals import sentence
from ..resource_policy import role_allows, role_denies
from ..role_policies import policies_of
from .backend import BackupBackend
from .records import Job

CATEGORY = "AccessDenied"
EC2 = "You are not authorized to perform this operation."
DESCRIBE = (
    "Your backup job failed as AWS Backup does not have permission to describe resource {resource}. "
    "Please review your IAM policies to ensure AWS Backup can protect your resources."
)
VERSIONING = "Customer credential miss permission to get bucket versioning for bucket."
IN_FULL = "{sentence}"


@dataclass(frozen=True)
class Need:
    """A call on the resource (anywhere: on "*"), and the status message of a job whose role may not make it."""

    action: str
    message: str
    anywhere: bool = False


CLUSTER = (Need("rds:DescribeDBClusters", DESCRIBE), Need("rds:CreateDBClusterSnapshot", IN_FULL))
NEEDS: dict[str, tuple[Need, ...]] = {
    "EC2": (Need("ec2:DescribeInstances", EC2, anywhere=True), Need("ec2:CreateImage", EC2)),
    "EBS": (Need("ec2:DescribeVolumes", EC2, anywhere=True), Need("ec2:CreateSnapshot", EC2)),
    "RDS": (Need("rds:DescribeDBInstances", DESCRIBE), Need("rds:CreateDBSnapshot", IN_FULL)),
    "Aurora": CLUSTER,
    "Neptune": CLUSTER,
    "DynamoDB": (Need("dynamodb:DescribeTable", DESCRIBE), Need("dynamodb:CreateBackup", IN_FULL)),
    "EFS": (Need("elasticfilesystem:Backup", IN_FULL),),
    "S3": (Need("s3:GetBucketLocation", DESCRIBE), Need("s3:GetBucketVersioning", VERSIONING)),
}

ADVANCED_TABLE = (Need("dynamodb:DescribeTable", DESCRIBE), Need("dynamodb:StartAwsBackupJob", IN_FULL))


def refusal(backend: BackupBackend, job: Job) -> str | None:
    """The status message of a backup job whose role may not back up its resource, None when it may."""
    advanced = job.resource.type == "DynamoDB" and job.fully_managed
    needs = ADVANCED_TABLE if advanced else NEEDS.get(job.resource.type, ())
    return first_refusal(backend, job.iam_role_arn, job.id, ((need, job.resource.arn) for need in needs))


def first_refusal(backend: BackupBackend, role_arn: str, job_id: str, needs: Iterable[tuple[Need, str]]) -> str | None:
    """The status message of a job whose role lacks one of these, each on a resource; None when it has them all."""
    policies = policies_of(role_arn)
    for need, arn in needs:
        resource = "*" if need.anywhere else arn
        if not role_allows(policies, need.action, resource):
            explicitly = role_denies(policies, need.action, resource)
            said = sentence(_session(backend, role_arn, job_id), need.action, resource, explicitly=explicitly)
            return need.message.format(resource=arn, sentence=said)
    return None


def _session(backend: BackupBackend, role_arn: str, job_id: str) -> str:
    """The ARN of the session in which AWS Backup uses the role."""
    name = role_arn.rpartition("/")[2]
    return f"arn:{backend.partition}:sts::{backend.account_id}:assumed-role/{name}/AWSBackup-{job_id}"
