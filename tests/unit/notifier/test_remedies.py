"""Each known status message has advice of its own, and each kind of bad news some."""

from __future__ import annotations

import pytest
from backup_notifier import hints
from backup_notifier.notification import Notification
from backup_notifier.remedies import REMEDIES, remedy

# AWS Backup's own texts, and a word that only the right advice has.
MESSAGES = [
    ("Backup job failed because there was a running job for the same resource.", "one job on a resource at a time"),
    ("Backup job expired before completion.", "completion window"),
    ("Backup job was stopped by user.", "StopBackupJob"),
    ("There are too many copy jobs running for resource.", "Several copies"),
    ("Maximum allowed in-progress snapshots for a single volume exceeded.", "as EBS allows"),
    ("Cannot create more than 20 user snapshots", "quota of manual snapshots"),
    ("Subscriber limit exceeded: Only 50 tables can be created", "DynamoDB allows"),
    ("Backup job failed because backup vault arn:aws:backup:us-west-2:1112233445566:backup-vault:x does not exist.", "The vault"),
    ("Copy job failed because the destination backup vault arn:aws:backup:x:1:backup-vault:y does not exist.", "copy goes to"),
    ("Destination vault arn:aws:backup:us-west-2:123456789012:backup-vault:y was not found.", "copy goes to"),
    ("Backup plan does not exist", "plan was deleted"),
    ("IAM Role arn:aws:iam::123456789012:role/x does not exist", "trust policy"),
    ("The role arn:aws:iam::123456789012:role/x cannot be assumed", "trust policy"),
    ("The security group 'sg-1' does not exist", "security group of the"),
    ("The subnet ID 'subnet-1' does not exist", "security group of the"),
    ("DB subnet group 'x' not found", "security group of the"),
    ("Parameter group default.mysql5.6 not found", "option group is gone"),
    ("DBParameterGroup not found: x", "option group is gone"),
    ("Insufficient free space in file system", "too full"),
    ("The snapshot snap-1 does not exist.", "names is gone"),
    ("The specified volume was not found.", "names is gone"),
    ("Table not found.", "names is gone"),
    ("The virtual machine is not found.", "names is gone"),
    ("Could not find resource", "names is gone"),
    ("The file system is no longer available", "names is gone"),
    ("You are not authorized to perform this operation.", "{policy}"),
    ("Access Denied trying to call AWS Backup service", "{policy}"),
    ("Insufficient privileges to perform this action", "{policy}"),
    ("Customer credential miss permission to get bucket versioning for bucket.", "AWSBackupServiceRolePolicyForS3Backup"),
    ("Your backup job failed as AWS Backup does not have permission to describe resource arn:aws:s3:::x.", "{policy}"),
    ("IAM Role arn:aws:iam::123456789012:role/x cannot be assumed by AWS Backup", "trust policy"),
    ("Access denied exception while trying to list tags", "tags"),
    ("Given key ID is not accessible", "KMS key"),
    ("KMS key is either disabled or pending deletion or access to KMS key is denied", "KMS key"),
    ("Encrypted snapshots with Amazon EBS default key cannot be shared", "aws/ebs"),
    ("We are unable to copy resource tags to your backup because of the Internal Failure.", "tags"),
    ("Token expired. Try again.", "credentials"),
    ("An internal error occurred.", "AWS's side"),
    ("Backup job encountered a fatal error", "AWS's side"),
    ("Windows VSS Backup attempt failed because of timeout on VSS enabled snapshot creation", "crash-consistent"),
    ("Windows VSS Backup Job Error encountered, trying for regular backup", "crash-consistent"),
    ("Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault.", "vault's lock"),
    ("Copy job failed. Both source and destination account must be a member of the same organization.", "AWS Organization"),
    ("Copy job failed. Cross-account copy feature is not enabled for the current organization.", "isCrossAccountBackupEnabled"),
    ("Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key x", "customer-managed"),
    ("Versioning is not enabled on bucket within account 123456789012", "needs versioning"),
    ("No objects were backed up from the source bucket x. To get notified please enable SNS event notifications.", "archived storage"),
    ("AWS Backup does not permit attaching a new instance profile to an EC2 instance.", "iam:PassRole"),
    ("Restore job was unable to start within the specified start window. Try increasing your start window.", "StartWindowHours"),
    ("No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.", "Name a subnet"),
    ("No subnets found for the default VPC vpc-1", "Name a subnet"),
    ("The snapshot snap-1 is currently in use by ami-1 (Error Code: InvalidSnapshot.InUse)", "Deregister"),
    ("More than 50 tags specified", "more tags"),
    ("The resource can have at most 50 tags", "more tags"),
    ("The job could not start because it is either inside or too close to the weekly maintenance window configured", "window is too near"),
    ("Instance is not in state available", "not in a state"),
    ("DB cluster is not in available state", "not in a state"),
    ("Cannot snapshot volume vol-1", "not in a state"),
    ("Could not find cryopod 1", "recovery point is gone"),
    ("Cannot find recovery point", "recovery point is gone"),
    ("Unsupported resource type: FSx", "feature availability"),
    ("Feature is not supported for provided resource type", "feature availability"),
    ("Invalid parameter: the subnet group is invalid", "parameter"),
]
JOB = {"job_type": "backup", "job_id": "1b2345b2-f22c-4dab-5eb6-bbc7890ed123", "region": "us-west-2"}


@pytest.mark.parametrize(("message", "advice"), MESSAGES, ids=[message[:40] for message, _ in MESSAGES])
def test_known_status_message_has_its_own_advice(message: str, advice: str) -> None:
    assert advice in remedy(message)
    assert advice in remedy(message.upper())


def test_every_row_of_the_table_is_reached() -> None:
    assert {remedy(message) for message, _ in MESSAGES} == {row.advice for row in REMEDIES}


@pytest.mark.parametrize("message", ["", "The moon stood in the way."])
def test_unknown_message_has_none(message: str) -> None:
    assert remedy(message) == ""


@pytest.mark.parametrize(
    ("job_type", "policy"),
    [
        ("backup", "AWSBackupServiceRolePolicyForBackup"),
        ("copy", "AWSBackupServiceRolePolicyForBackup"),
        ("restore", "AWSBackupServiceRolePolicyForRestores"),
    ],
)
def test_advice_names_the_job_and_its_policy(job_type: str, policy: str) -> None:
    event = Notification(
        text="", event_type=f"{job_type.upper()}_JOB", state="FAILED", job_type=job_type, job_id="1", reason="Access denied: list tags"
    )
    advice = hints.next_step(event).advice
    assert f"({policy} does), then start the {job_type} again" in advice
    assert "{" not in advice


def test_command_is_given_only_where_it_tells_more() -> None:
    failed = Notification(text="", event_type="BACKUP_JOB", state="FAILED", **JOB)
    assert hints.next_step(failed).command == (
        "aws backup describe-backup-job --backup-job-id 1b2345b2-f22c-4dab-5eb6-bbc7890ed123 --region us-west-2"
    )
    known = Notification(text="", event_type="BACKUP_JOB", state="FAILED", reason="Table not found.", **JOB)
    assert hints.next_step(known).command == ""
    partial = Notification(text="", event_type="BACKUP_JOB", state="PARTIAL", reason="Table not found.", **JOB)
    assert "--by-parent-job-id 1b2345b2" in hints.next_step(partial).command


@pytest.mark.parametrize("job_id", ["$(reboot)", "1; reboot", "1 --debug", "`id`", "x" * 81])
def test_nothing_foreign_becomes_part_of_a_command(job_id: str) -> None:
    event = Notification(text="", event_type="BACKUP_JOB", state="FAILED", **{**JOB, "job_id": job_id})
    assert hints.next_step(event).command == ""


@pytest.mark.parametrize("state", ["COMPLETED", "RUNNING", "CREATED", "PENDING", "HIBERNATED"])
def test_nothing_to_do_where_nothing_is_wrong(state: str) -> None:
    assert hints.next_step(Notification(text="", event_type="BACKUP_JOB", state=state, **JOB)) == hints.NextStep()


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "ABORTED", "ABORTING", "PARTIAL"])
@pytest.mark.parametrize("job_type", ["backup", "copy", "restore"])
def test_something_to_do_where_something_is_wrong(job_type: str, state: str) -> None:
    event = Notification(text="", event_type=f"{job_type.upper()}_JOB", state=state, **{**JOB, "job_type": job_type})
    step = hints.next_step(event)
    assert job_type in step.advice
    assert job_type in step.command
