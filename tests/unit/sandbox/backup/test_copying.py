"""Copies of recovery points over HTTP: into other vaults and other Regions, and what keeps them from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from .listening import bus_mailbox, details, topic_mailbox

CodeOf = Callable[..., str]
HOME, FAR = "us-west-2", "eu-west-1"
RANGE = "Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault."
FULL = (
    "/AWSBackup-{id} is not authorized to perform: {action} on resource: {arn} because no identity-based policy allows the {action} action"
)


class CopyWorld:
    """A vault with recovery points, one vault beside it and one in another Region."""

    def __init__(self, world: Any) -> None:
        self.world, self.sandbox, self.backup = world, world.sandbox, world.backup
        self.far = self.sandbox.client("backup", region=FAR)
        self.near_arn = self.backup.create_backup_vault(BackupVaultName="near")["BackupVaultArn"]
        self.far_arn = self.far.create_backup_vault(BackupVaultName="far")["BackupVaultArn"]

    def load(self, resource_type: str = "EBS", **order: Any) -> str:
        """Load a recovery point; returns its ARN."""
        body = {"backup_vault_name": "vault", "resource_type": resource_type, **order}
        return str(self.sandbox.control("POST", "/backup/recovery-points", body)["recovery_point_arns"][0])

    def request(self, point_arn: str, **parameters: Any) -> dict[str, Any]:
        """What StartCopyJob is asked for."""
        given = {"RecoveryPointArn": point_arn, "SourceBackupVaultName": "vault", "IamRoleArn": self.world.role_arn}
        return {**given, "DestinationBackupVaultArn": self.far_arn, **parameters}

    def start(self, point_arn: str, **parameters: Any) -> str:
        """Start a job into the far vault, unless told otherwise; returns its ID."""
        return str(self.backup.start_copy_job(**self.request(point_arn, **parameters))["CopyJobId"])

    def job(self, job_id: str) -> dict[str, Any]:
        """Describe a job."""
        described: dict[str, Any] = self.backup.describe_copy_job(CopyJobId=job_id)["CopyJob"]
        return described

    def wait(self, job_id: str, *states: str) -> dict[str, Any]:
        """Wait until a job is in one of the states (none: until it has ended)."""
        wanted = states or ("COMPLETED", "FAILED", "PARTIAL")
        described: dict[str, Any] = self.world.wait_for(lambda: self.job(job_id), lambda job: job["State"] in wanted)
        return described

    def finished(self, point_arn: str, **parameters: Any) -> dict[str, Any]:
        """Run a job to its end."""
        return self.wait(self.start(point_arn, **parameters))

    def copies(self) -> list[dict[str, Any]]:
        """The recovery points of the far vault."""
        listed: list[dict[str, Any]] = self.far.list_recovery_points_by_backup_vault(BackupVaultName="far")["RecoveryPoints"]
        return listed

    def set_outcome(self, **outcome: Any) -> None:
        """Decide how the copy jobs that start from now on are to end."""
        self.sandbox.control("PUT", "/backup/outcomes", {"kind": "copy_job", "resource_arn": "*", **outcome})

    def deny(self, client: Any, vault: str, action: str) -> None:
        """Have a vault's policy deny an action to everyone."""
        statement = {"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
        client.put_backup_vault_access_policy(BackupVaultName=vault, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    def restrict(self, denied: str) -> None:
        """Let the role do everything but this."""
        iam = self.sandbox.client("iam")
        for policy in iam.list_attached_role_policies(RoleName="service")["AttachedPolicies"]:
            iam.detach_role_policy(RoleName="service", PolicyArn=policy["PolicyArn"])
        policy = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "NotAction": denied, "Resource": "*"}}
        iam.put_role_policy(RoleName="service", PolicyName="only", PolicyDocument=json.dumps(policy))


@pytest.fixture
def copying(world: Any) -> CopyWorld:
    return CopyWorld(world)


def test_a_copy_into_another_region(copying: CopyWorld) -> None:
    arn = copying.load("EC2", age_days=5, size_bytes=7, tags={"Project": "proven"})
    copying.sandbox.settings(time_scale=1)
    started = copying.backup.start_copy_job(**copying.request(arn, Lifecycle={"DeleteAfterDays": 30}))
    job_id = started["CopyJobId"]
    assert (copying.job(job_id)["State"], started["IsParent"]) == ("CREATED", False)
    assert "DestinationRecoveryPointArn" not in copying.job(job_id)
    copying.sandbox.settings(time_scale=6000)
    done = copying.finished(copying.load("EBS", tags={"Project": "proven"}, age_days=5), Lifecycle={"DeleteAfterDays": 30})
    assert (done["State"], done["MessageCategory"], done["ResourceType"]) == ("COMPLETED", "SUCCESS", "EBS")
    assert (done["DestinationVaultType"], done["DestinationVaultLockState"]) == ("BACKUP_VAULT", "UNLOCKED")
    (copy,) = copying.copies()
    source = copying.backup.describe_recovery_point(BackupVaultName="vault", RecoveryPointArn=done["SourceRecoveryPointArn"])
    assert copy["RecoveryPointArn"] == done["DestinationRecoveryPointArn"] != source["RecoveryPointArn"]
    assert copy["RecoveryPointArn"].startswith(f"arn:aws:ec2:{FAR}::snapshot/snap-")
    assert (copy["Status"], copy["CreationDate"], copy["ResourceArn"]) == ("COMPLETED", source["CreationDate"], source["ResourceArn"])
    assert (copy["BackupVaultArn"], copy["SourceBackupVaultArn"]) == (copying.far_arn, copying.world.vault_arn)
    assert copy["Lifecycle"] == done["DestinationRecoveryPointLifecycle"] == {"DeleteAfterDays": 30}
    assert copy["CalculatedLifecycle"]["DeleteAt"] - source["CreationDate"] == timedelta(days=30)
    assert copying.far.list_tags(ResourceArn=copy["RecoveryPointArn"])["Tags"] == {"Project": "proven"}
    assert (copy["IsEncrypted"], copy["EncryptionKeyArn"]) == (True, done["DestinationEncryptionKeyArn"])
    assert f":kms:{FAR}:" in copy["EncryptionKeyArn"]
    with pytest.raises(copying.far.exceptions.ResourceNotFoundException):
        copying.far.describe_copy_job(CopyJobId=done["CopyJobId"])


@pytest.mark.parametrize(
    ("resource_type", "pattern"),
    [
        ("EC2", r"arn:aws:ec2:eu-west-1::image/ami-\w+"),
        ("RDS", r"arn:aws:rds:eu-west-1:123456789012:snapshot:awsbackup:copyjob-[\w-]+"),
        ("Aurora", r"arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:awsbackup:copyjob-[\w-]+"),
        ("EFS", r"arn:aws:backup:eu-west-1:123456789012:recovery-point:[\w-]+"),
        ("S3", r"arn:aws:backup:eu-west-1:123456789012:recovery-point:bucket-\w+-\d{14}-\w+"),
    ],
)
def test_each_type_has_its_own_arns(copying: CopyWorld, resource_type: str, pattern: str) -> None:
    done = copying.finished(copying.load(resource_type))
    assert done["State"] == "COMPLETED"
    assert re.fullmatch(pattern, done["DestinationRecoveryPointArn"])


def test_a_table_needs_advanced_features(copying: CopyWorld) -> None:
    classic = copying.finished(copying.load("DynamoDB"))
    assert (classic["State"], classic["StatusMessage"]) == ("FAILED", "Feature is not supported for provided resource type")
    copying.backup.update_region_settings(ResourceTypeManagementPreference={"DynamoDB": True})
    advanced = copying.finished(copying.load("DynamoDB"))
    assert advanced["DestinationRecoveryPointArn"].startswith(f"arn:aws:backup:{FAR}:123456789012:recovery-point:")


def test_a_real_backup_is_copied_within_its_region(copying: CopyWorld) -> None:
    file_system = copying.sandbox.client("efs").create_file_system(CreationToken="fs")["FileSystemArn"]
    backup = copying.world.finished(ResourceArn=file_system, Lifecycle={"DeleteAfterDays": 9})
    done = copying.finished(backup["RecoveryPointArn"], DestinationBackupVaultArn=copying.near_arn)
    copy = copying.backup.describe_recovery_point(BackupVaultName="near", RecoveryPointArn=done["DestinationRecoveryPointArn"])
    assert copy["Lifecycle"] == {"DeleteAfterDays": 9}
    assert len(copying.backup.list_recovery_points_by_resource(ResourceArn=file_system)["RecoveryPoints"]) == 2
    copying.backup.delete_recovery_point(BackupVaultName="near", RecoveryPointArn=copy["RecoveryPointArn"])
    listed = copying.backup.list_recovery_points_by_resource
    copying.world.wait_for(lambda: listed(ResourceArn=file_system)["RecoveryPoints"], lambda points: len(points) == 1)


def test_a_copy_to_be_kept_for_ever_goes_when_its_source_would(copying: CopyWorld) -> None:
    arn = copying.load()
    copying.backup.update_recovery_point_lifecycle(BackupVaultName="vault", RecoveryPointArn=arn, Lifecycle={"DeleteAfterDays": 3})
    done = copying.finished(arn, Lifecycle={"DeleteAfterDays": -1})
    assert done["DestinationRecoveryPointLifecycle"] == {"DeleteAfterDays": 3}


def test_a_copy_whose_days_are_over_goes_at_once(copying: CopyWorld) -> None:
    arn = copying.load(age_days=3.5)
    assert copying.finished(arn, Lifecycle={"DeleteAfterDays": 3})["State"] == "COMPLETED"
    copying.world.wait_for(copying.copies, lambda copies: copies == [])
    copying.finished(arn, Lifecycle={"DeleteAfterDays": 4})
    assert [copy["Status"] for copy in copying.copies()] == ["COMPLETED"]


def test_a_token_starts_one_job(copying: CopyWorld) -> None:
    arn = copying.load()
    first = copying.start(arn, IdempotencyToken="once")
    assert copying.start(arn, IdempotencyToken="once") == first != copying.start(arn, IdempotencyToken="twice")


def test_requests_that_are_refused(copying: CopyWorld, code_of: CodeOf) -> None:
    def code(arn: str, **parameters: Any) -> str:
        return code_of(copying.backup.start_copy_job, **copying.request(arn, **parameters))

    arn, invalid = copying.load(), "InvalidParameterValueException"
    assert code(arn, SourceBackupVaultName="near") == code(arn, SourceBackupVaultName="missing") == "ResourceNotFoundException"
    assert code(f"{arn}0") == "ResourceNotFoundException"
    assert code(arn, DestinationBackupVaultArn="arn:aws:backup:nowhere-1:123456789012:backup-vault:v") == invalid
    assert code(arn, DestinationBackupVaultArn="far") == code(arn, IamRoleArn="arn:aws:iam::123456789012:role/none") == invalid
    assert code(arn, Lifecycle={"DeleteAfterDays": 0}) == code(copying.load("S3", continuous=True)) == invalid
    assert code(copying.load(storage_class="COLD")) == code(copying.load(status="CREATING")) == "InvalidRequestException"
    copying.deny(copying.backup, "vault", "backup:StartCopyJob")
    assert code(arn) == "AccessDeniedException"
    assert copying.backup.list_copy_jobs()["CopyJobs"] == []


def test_jobs_that_fail_at_the_destination(copying: CopyWorld) -> None:
    arn = copying.load()

    def failure(**parameters: Any) -> str:
        job = copying.finished(arn, **parameters)
        assert job["State"] == "FAILED"
        return str(job["StatusMessage"])

    missing = copying.far_arn.replace("vault:far", "vault:missing")
    assert failure(DestinationBackupVaultArn=missing) == f"Copy job failed because backup vault {missing} does not exist."
    other = copying.far_arn.replace("123456789012", "210987654321")
    assert "must be a member of the same organization" in failure(DestinationBackupVaultArn=other)
    copying.far.put_backup_vault_lock_configuration(BackupVaultName="far", MinRetentionDays=7, MaxRetentionDays=30)
    assert failure() == failure(Lifecycle={"DeleteAfterDays": 6}) == failure(Lifecycle={"DeleteAfterDays": 31}) == RANGE
    locked = copying.finished(arn, Lifecycle={"DeleteAfterDays": 7})
    assert (locked["State"], locked["DestinationVaultLockState"]) == ("COMPLETED", "LOCKED")
    copying.deny(copying.far, "far", "backup:CopyIntoBackupVault")
    denied = copying.finished(arn, Lifecycle={"DeleteAfterDays": 7})
    assert (denied["StatusMessage"], denied["MessageCategory"]) == ("Access Denied trying to call AWS Backup service", "AccessDenied")
    assert len(copying.copies()) == 1


def test_a_vault_that_goes_before_the_job_begins(copying: CopyWorld) -> None:
    copying.sandbox.settings(time_scale=60)
    job_id = copying.start(copying.load())
    copying.far.delete_backup_vault(BackupVaultName="far")
    assert copying.wait(job_id)["StatusMessage"] == f"Copy job failed because backup vault {copying.far_arn} does not exist."


def test_a_source_that_goes_while_the_job_runs(copying: CopyWorld) -> None:
    copying.sandbox.settings(time_scale=60, job_seconds=120)
    arn = copying.load()
    job_id = copying.start(arn)
    copying.wait(job_id, "RUNNING")
    assert [copy["Status"] for copy in copying.copies()] == ["CREATING"]
    copying.backup.delete_recovery_point(BackupVaultName="vault", RecoveryPointArn=arn)
    assert copying.wait(job_id)["StatusMessage"] == f"Cannot find recovery point {arn}"
    assert copying.copies() == []


def test_one_job_of_a_resource_at_a_time(copying: CopyWorld) -> None:
    file_system = copying.sandbox.client("efs").create_file_system(CreationToken="fs")["FileSystemArn"]
    arn = copying.world.finished(ResourceArn=file_system)["RecoveryPointArn"]
    copying.set_outcome(hold=True)
    held = copying.start(arn)
    copying.wait(held, "RUNNING")
    second = copying.finished(arn, DestinationBackupVaultArn=copying.near_arn)
    assert (second["State"], second["StatusMessage"]) == ("FAILED", "There are too many copy jobs running for resource.")
    backup = copying.world.finished(ResourceArn=file_system)
    assert (backup["State"], backup["StatusMessage"]) == (
        "EXPIRED",
        "Backup job failed because there was a running job for the same resource.",
    )
    assert copying.job(held)["State"] == "RUNNING"


@pytest.mark.parametrize(
    ("outcome", "message", "category", "copies"),
    [
        ({"state": "FAILED"}, "Access denied exception while trying to list tags", None, 0),
        ({"state": "FAILED", "status_message": "why", "message_category": "AccessDenied"}, "why", "AccessDenied", 0),
        ({"state": "PARTIAL"}, "Copy job completed partially.", None, 1),
    ],
)
def test_outcomes_of_copy_jobs(copying: CopyWorld, outcome: dict[str, str], message: str, category: str | None, copies: int) -> None:
    copying.set_outcome(**outcome)
    job = copying.finished(copying.load())
    assert (job["State"], job["StatusMessage"], job.get("MessageCategory")) == (outcome["state"], message, category)
    assert len(copying.copies()) == copies
    assert copying.world.finished()["State"] == "COMPLETED"


def test_outcomes_are_checked(copying: CopyWorld) -> None:
    for wrong in ({"kind": "copy_job", "state": "EXPIRED"}, {"kind": "scan_job"}):
        assert copying.sandbox.request("PUT", "/_sandbox/backup/outcomes", {"resource_arn": "*", **wrong})[0] == 400


@pytest.mark.parametrize(
    ("resource_type", "action", "message"),
    [
        ("EBS", "ec2:CopySnapshot", "You are not authorized to perform this operation."),
        ("EC2", "ec2:CopyImage", "You are not authorized to perform this operation."),
        ("RDS", "rds:CopyDBSnapshot", FULL),
        ("EFS", "backup:CopyIntoBackupVault", FULL),
    ],
)
def test_the_role_needs_permissions(copying: CopyWorld, resource_type: str, action: str, message: str) -> None:
    copying.restrict(action)
    job = copying.finished(copying.load(resource_type))
    arn = copying.far_arn if action.startswith("backup:") else "*"
    assert (job["State"], job["MessageCategory"]) == ("FAILED", "AccessDenied")
    assert job["StatusMessage"].endswith(message.format(id=job["CopyJobId"], action=action, arn=arn))


def test_what_is_told_of_a_copy(copying: CopyWorld) -> None:
    topic = topic_mailbox(copying.world, "COPY_JOB_STARTED", "COPY_JOB_SUCCESSFUL", "COPY_JOB_FAILED")
    bus = bus_mailbox(copying.sandbox, {"source": ["aws.backup"], "detail-type": ["Copy Job State Change"]})
    job = copying.finished(copying.load())
    told = {detail["state"]: detail for detail in details(bus.wait_for(3), "Copy Job State Change")}
    assert set(told) == {"CREATED", "RUNNING", "COMPLETED"}
    assert told["RUNNING"]["destinationRecoveryPointArn"] == {}
    assert told["COMPLETED"]["destinationRecoveryPointArn"] == job["DestinationRecoveryPointArn"]
    assert told["COMPLETED"]["destinationBackupVaultArn"] == copying.far_arn
    texts = [message["Message"] for message in topic.wait_for(2)]
    assert all(f"Copy Job Id : {job['CopyJobId']}" in text for text in texts)


def test_a_copy_into_an_air_gapped_vault(copying: CopyWorld) -> None:
    created = copying.far.create_logically_air_gapped_backup_vault(BackupVaultName="gapped", MinRetentionDays=7, MaxRetentionDays=35)
    parameters = {"DestinationBackupVaultArn": created["BackupVaultArn"], "Lifecycle": {"DeleteAfterDays": 7}}
    done = copying.finished(copying.load("EC2"), **parameters)
    assert done["DestinationVaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    assert done["DestinationRecoveryPointArn"].startswith(f"arn:aws:backup:{FAR}:123456789012:recovery-point:")


def test_a_point_in_cold_storage_stays_there(copying: CopyWorld, code_of: CodeOf) -> None:
    point = {"BackupVaultName": "vault", "RecoveryPointArn": copying.load("EFS", storage_class="COLD")}
    assert copying.backup.describe_recovery_point(**point)["StorageClass"] == "COLD"
    change = {"MoveToColdStorageAfterDays": 5, "DeleteAfterDays": 100}
    assert code_of(copying.backup.update_recovery_point_lifecycle, **point, Lifecycle=change) == "InvalidRequestException"
    copying.backup.update_recovery_point_lifecycle(**point, Lifecycle={"DeleteAfterDays": 100})
