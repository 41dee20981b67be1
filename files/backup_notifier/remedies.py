"""What helps against the reasons that AWS Backup gives: one row for each family of status messages."""

from __future__ import annotations

from typing import NamedTuple


class Remedy(NamedTuple):
    """What to do when a status message holds one of these words.

    Attributes:
        words: in lower case; with a * between them, both sides must be there.
        advice: what to do. {job} stands for backup, copy, restore or job, {policy} for AWS's managed policy for it.
    """

    words: tuple[str, ...]
    advice: str


# The first row that fits is taken, so the special ones come before the general ones.
REMEDIES = (
    # One at a time, windows, quotas.
    Remedy(
        ("running job for the same resource",),
        "AWS Backup does one job on a resource at a time, and another was still running. "
        "Move the plans' schedules apart, or start the {job} again when the other one has ended.",
    ),
    Remedy(
        ("expired before completion",),
        "The job was still running at the end of its completion window. Widen the window in the plan's rule, then start the {job} again.",
    ),
    Remedy(
        ("unable to start within the specified start window",),
        "Restore testing found no free moment in its start window. Widen StartWindowHours of the testing plan.",
    ),
    Remedy(
        ("inside or too close to",),
        "The database's maintenance or automated-backup window is too near. Move the plan's schedule at least an hour away from it "
        "(3 hours for FSx), or start the {job} again after the window.",
    ),
    Remedy(
        ("stopped by user",),
        "Somebody stopped the job: StopBackupJob in CloudTrail says who. Start it again unless that was meant.",
    ),
    Remedy(
        ("too many copy jobs running",),
        "Several copies of this resource run already. Start the copy again when they have ended, "
        "or spread the plan's copy actions over time.",
    ),
    Remedy(
        ("in-progress snapshots for a single volume",),
        "The volume has as many snapshots under way as EBS allows. Wait until they have ended, "
        "and look for a second tool that makes snapshots.",
    ),
    Remedy(
        ("cannot create more than",),
        "The service's quota of manual snapshots is used up. Delete old ones or ask for a higher quota in Service Quotas, "
        "then start the {job} again.",
    ),
    Remedy(
        ("subscriber limit exceeded",),
        "DynamoDB allows no more backups and restores at once in this account. Spread the schedules, then start the {job} again.",
    ),
    Remedy(
        ("more than 50 tags", "can have at most"),
        "The backup would have more tags than AWS allows (50). Take tags off the resource or out of the plan's recovery point tags.",
    ),
    # KMS.
    Remedy(
        ("encrypted with the default backup service managed key",),
        "Copies to another account need a destination vault with a customer-managed KMS key. Make one and point the copy action to it.",
    ),
    Remedy(
        ("default key cannot be shared",),
        "A snapshot under the AWS-managed key aws/ebs cannot leave the account. Encrypt the volume "
        "with a customer-managed key, then back it up again.",
    ),
    Remedy(
        ("key id is not accessible", "kms key"),
        "The KMS key is disabled, pending deletion, or closed to the job's role. Enable it or cancel its deletion, and allow the role "
        "kms:Decrypt, kms:GenerateDataKey* and kms:CreateGrant in the key policy. Without the key the backups under it are lost.",
    ),
    # Copies.
    Remedy(
        ("not within the range specified",),
        "The copy's retention is outside the destination vault's lock (minimum or maximum days). Change the copy action's lifecycle.",
    ),
    Remedy(
        ("must be a member of the same organization",),
        "Copies between accounts need both in one AWS Organization. Check the destination account, or copy inside this one.",
    ),
    Remedy(
        ("cross-account copy feature is not enabled",),
        "Turn on cross-account backup in the organization's management account: "
        "aws backup update-global-settings --global-settings isCrossAccountBackupEnabled=true",
    ),
    # S3, Windows, restores.
    Remedy(
        ("versioning is not enabled",),
        "AWS Backup needs versioning on the bucket. Turn it on, then start the {job} again.",
    ),
    Remedy(
        ("get bucket versioning",),
        "Attach AWSBackupServiceRolePolicyForS3Backup (for restores AWSBackupServiceRolePolicyForS3Restore) to the job's role, "
        "and look for a denying bucket policy.",
    ),
    Remedy(
        ("no objects were backed up",),
        "Nothing in the bucket was saved: archived storage classes and objects the role cannot read are skipped. "
        "Check the classes, the bucket policy and the KMS key; subscribe the vault to S3_BACKUP_OBJECT_FAILED to see each object.",
    ),
    Remedy(
        ("windows vss",),
        "The backup exists but is only crash-consistent. Check the VSS writers (vssadmin list writers), the SSM agent and the "
        "VSS components on the instance, then start the {job} again.",
    ),
    Remedy(
        ("instance profile",),
        "Restore with the instance profile that was backed up, and allow the restore role iam:PassRole on its role.",
    ),
    Remedy(
        ("default vpc",),
        "The account has no usable default VPC in this Region. Name a subnet and security groups in the restore's metadata.",
    ),
    # Something is not there, or not in the right state.
    Remedy(
        ("currently in use by",),
        "A machine image still uses this snapshot, so it stays, and is billed. Deregister the image, then delete the recovery point again.",
    ),
    Remedy(
        ("cryopod", "cannot find recovery point"),
        "The recovery point is gone: deleted, expired, or never made. Choose another one of the resource.",
    ),
    Remedy(
        ("insufficient free space",),
        "The file system or disk that the reason names is too full. Free some space or make it larger, then start the {job} again.",
    ),
    Remedy(
        ("destination*vault*does not exist", "destination*vault*not found"),
        "The vault that the copy goes to does not exist (any more). Make it again, or point the copy action to another one.",
    ),
    Remedy(
        ("backup vault*does not exist", "backup vault*not found"),
        "The vault does not exist (any more) in this account and Region. Make it again or point the plan's rule to another one.",
    ),
    Remedy(
        ("backup plan*does not exist", "backup plan*not found"),
        "The backup plan was deleted meanwhile. Make it again if its resources still need backups.",
    ),
    Remedy(
        ("role*cannot be assumed", "iam role*does not exist", "iam role*not found"),
        "The job's role does not trust backup.amazonaws.com, or is gone. Mend its trust policy, or name another role in the plan's "
        "selection or in the restore.",
    ),
    Remedy(
        ("subnet*does not exist", "subnet*not found", "security group*does not exist", "security group*not found"),
        "A subnet, subnet group or security group of the {job} is gone from this VPC or Region. Name one that exists, for a restore in its "
        "metadata, then start the {job} again.",
    ),
    Remedy(
        tuple(
            f"{group}*{gone}" for group in ("parameter group", "parametergroup", "option group") for gone in ("does not exist", "not found")
        ),
        "The database's parameter or option group is gone. Name one that exists in the restore's metadata, then start the {job} again.",
    ),
    Remedy(
        ("instance is not in state", "not in available state", "cannot snapshot volume"),
        "The resource was not in a state that can be backed up. Wait until it is available (EC2: running or stopped), "
        "then start the {job} again.",
    ),
    Remedy(
        ("not found", "does not exist", "could not find resource", "no longer available"),
        "What the reason names is gone. If it is the resource and that was meant, take it out of the plan's selection; if not, restore it "
        "from its last recovery point. If it is anything else, make it again or name another one, then start the {job} again.",
    ),
    Remedy(
        ("unsupported resource type", "not supported for provided resource type"),
        "AWS Backup cannot do this with this type of resource, or not in this Region. See its table of feature availability; "
        "check the Region's opt-in settings.",
    ),
    # Permissions.
    Remedy(
        ("list tags", "copy resource tags"),
        "Backups carry the resource's tags. Allow the job's role to read them ({policy} does), then start the {job} again.",
    ),
    Remedy(
        (
            "access denied",
            "accessdenied",
            "not authorized",
            "insufficient privileges",
            "does not have permission",
            "missing permission",
            "miss permission",
        ),
        "The job's role may not do what the job needs. Attach {policy} (for S3 also the one for S3), "
        "and look for a denying service control, bucket or key policy.",
    ),
    # AWS's side, and what is left.
    Remedy(
        ("token expired",), "The job outlived its credentials. Start the {job} again; if it happens again, open a case with AWS Support."
    ),
    Remedy(
        ("internal error", "internal failure", "fatal error"),
        "The fault is on AWS's side. Look at the AWS Health Dashboard, start the {job} again, and open a case if it fails again.",
    ),
    Remedy(
        ("is invalid", "invalid parameter"),
        "A parameter of the job is wrong. Compare the plan's rule, or the restore's metadata, with the message.",
    ),
)


def remedy(reason: str) -> str:
    """The advice for a status message, with {job} and {policy} still in it; an empty text when no family is known to fit."""
    message = reason.lower()
    return next((each.advice for each in REMEDIES if any(_fits(words, message) for words in each.words)), "")


def _fits(words: str, message: str) -> bool:
    return all(part in message for part in words.split("*"))
