"""The whole validator against real AWS APIs: what it finds, what it says, and when it wants another try."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import digest, marker_of, new_marker
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of
from backup_notifier.aws import AwsError
from restore_validator import checks, handler, verdicts
from restore_validator.findings import NotReady
from restore_validator.restored import read
from restore_validator.settings import SettingsError

SCOPE = "us-west-2:123456789012"
TABLE_ARN, SOURCE_ARN = f"arn:aws:dynamodb:{SCOPE}:table/awsbackup-restore-test-1", f"arn:aws:dynamodb:{SCOPE}:table/orders"
ITEM = {"id": {"S": "1"}, "line": {"N": "2"}, "text": {"S": "canary"}}


@pytest.fixture
def validate(account: Any, deploy: Any, context: Any) -> Callable[..., dict[str, Any]]:
    """Validates what an event tells of; returns the restore job as AWS Backup then describes it."""
    del deploy

    def run(event: dict[str, Any], seconds: float = 60) -> dict[str, Any]:
        handler.handler(event, context(seconds))
        described: dict[str, Any] = account.client("backup").describe_restore_job(RestoreJobId=event["detail"]["restoreJobId"])
        return described

    return run


@pytest.fixture
def table(account: Any) -> Any:
    """A restored table without items."""
    dynamodb = account.client("dynamodb")
    dynamodb.create_table(
        TableName="awsbackup-restore-test-1",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "line", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "line", "AttributeType": "N"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return dynamodb


@pytest.fixture
def bucket(account: Any) -> Any:
    """A restored bucket without objects."""
    s3 = account.client("s3")
    s3.create_bucket(Bucket="awsbackup-restore-test-2", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    return s3


@pytest.fixture
def notifier(account: Any) -> Callable[[], list[dict[str, Any]]]:
    """A function in the place of the notifier; what it was given so far."""
    iam = account.client("iam")
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName="notifier", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="notifier", PolicyArn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as writer:
        writer.writestr("app.py", "import json\ndef handler(event, context):\n    print(json.dumps({'given': event}))\n")
    settings = {"Handler": "app.handler", "Runtime": "python3.13", "Role": role, "Code": {"ZipFile": archive.getvalue()}}
    account.client("lambda").create_function(FunctionName="notifier", **settings)

    def given() -> list[dict[str, Any]]:
        try:
            events = account.client("logs").filter_log_events(logGroupName="/aws/lambda/notifier", filterPattern="given")["events"]
        except account.client("logs").exceptions.ResourceNotFoundException:
            return []
        return [json.loads(event["message"])["given"] for event in events]

    return given


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_good(validate: Any, restored: Any, table: Any, capsys: pytest.CaptureFixture[str]) -> None:
    table.put_item(TableName="awsbackup-restore-test-1", Item=ITEM)
    event = restored(TABLE_ARN, "DynamoDB")
    assert validate(event)["ValidationStatus"] == "SUCCESSFUL"
    received, result = log_lines(capsys)
    assert (received["record"], received["restore_job_id"]) == ("validation_received", event["detail"]["restoreJobId"])
    assert (result["record"], result["validation_status"], result["outcome"]) == ("validation_result", "SUCCESSFUL", "put")


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [
        ({}, None),
        ({"items": [{"id": "1", "line": 2, "text": "canary"}]}, None),
        ({"items": [{"id": "1", "line": 2}]}, None),
        ({"items": [{"id": "1", "line": 3}]}, "lacks the item id=1, line=3."),
        ({"items": [{"id": "1", "line": 2, "text": "other"}]}, "has another text in the item id=1, line=2."),
        ({"items": [{"id": "1"}]}, "has the key id, line, of which the expected item names no line."),
    ],
)
def test_items(validate: Any, deploy: Any, restored: Any, table: Any, expectation: dict[str, Any], reason: str | None) -> None:
    table.put_item(TableName="awsbackup-restore-test-1", Item=ITEM)
    deploy(expectations={SOURCE_ARN: expectation})
    job = validate(restored(TABLE_ARN, "DynamoDB", SOURCE_ARN))
    assert job["ValidationStatus"] == ("FAILED" if reason else "SUCCESSFUL")
    assert job.get("ValidationStatusMessage") == (reason and f"The table awsbackup-restore-test-1 {reason}")


def test_objects(validate: Any, deploy: Any, restored: Any, bucket: Any) -> None:
    arn, source = "arn:aws:s3:::awsbackup-restore-test-2", "arn:aws:s3:::files"
    assert validate(restored(arn, "S3", source))["ValidationStatusMessage"] == "The bucket awsbackup-restore-test-2 has no objects."
    deploy(expectations={source: {"may_be_empty": True}})
    assert validate(restored(arn, "S3", source))["ValidationStatus"] == "SUCCESSFUL"
    bucket.put_object(Bucket="awsbackup-restore-test-2", Key="a/canary.txt", Body="é")
    for objects, reason in (
        ({"a/canary.txt": "é"}, None),
        ({"a/canary.txt": None}, None),
        ({"a/canary.txt": "e"}, "has another content in the object a/canary.txt."),
        ({"b": None}, "lacks the object b."),
    ):
        deploy(expectations={source: {"objects": objects}})
        job = validate(restored(arn, "S3", source))
        assert job.get("ValidationStatusMessage") == (reason and f"The bucket awsbackup-restore-test-2 {reason}")


BUCKET_ARN = "arn:aws:s3:::awsbackup-restore-test-2"
MARKER = marker_of("0f1e2d3c")
CANARIES = [
    (None, "lost its canary."),
    (MARKER, None),
    ("0f1e2d3d" + MARKER[8:], "has an altered canary."),
    ("altered", "has an altered canary."),
]


@pytest.mark.usefixtures("table", "bucket")
@pytest.mark.parametrize(("arn", "kind"), [(TABLE_ARN, "DynamoDB"), (BUCKET_ARN, "S3")], ids=["table", "bucket"])
def test_a_canary_that_the_playbooks_wrote(account: Any, validate: Any, deploy: Any, restored: Any, arn: str, kind: str) -> None:
    deploy(expectations={SOURCE_ARN: {"canary": True}})
    for marker, reason in CANARIES:
        if marker:
            kind_of(arn).write_canary(account.client, arn, marker)
        job = validate(restored(arn, kind, SOURCE_ARN))
        assert job["ValidationStatus"] == ("FAILED" if reason else "SUCCESSFUL")
        assert job.get("ValidationStatusMessage", "").endswith(reason or "")


@pytest.fixture
def tagged_point(account: Any) -> Callable[[str], str]:
    """Makes a recovery point that tells of a marker; returns its ARN."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = account.client("iam").create_role(RoleName="backup", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    account.let_back_up("backup")
    backup = account.client("backup")
    backup.create_backup_vault(BackupVaultName="nightly")
    source = account.client("efs").create_file_system(CreationToken="x")["FileSystemArn"]

    def made(marker: str) -> str:
        tags = {"proven-aws-backup-canary-sha256": digest(marker)}
        order = {"BackupVaultName": "nightly", "ResourceArn": source, "IamRoleArn": role, "RecoveryPointTags": tags}
        job = backup.start_backup_job(**order)["BackupJobId"]
        end = time.monotonic() + 60
        while (found := backup.describe_backup_job(BackupJobId=job))["State"] != "COMPLETED" and time.monotonic() < end:
            time.sleep(0.1)
        return str(found["RecoveryPointArn"])

    return made


@pytest.mark.usefixtures("bucket")
def test_a_canary_is_the_one_that_the_recovery_point_tells_of(
    account: Any, validate: Any, deploy: Any, restored: Any, tagged_point: Callable[[str], str]
) -> None:
    deploy(expectations={SOURCE_ARN: {"canary": True}})
    kind_of(BUCKET_ARN).write_canary(account.client, BUCKET_ARN, MARKER)
    for marker, status in ((MARKER, "SUCCESSFUL"), (new_marker(), "FAILED")):
        event = {**restored(BUCKET_ARN, "S3", SOURCE_ARN), "resources": [tagged_point(marker)]}
        job = validate(event)
        assert job["ValidationStatus"] == status
    assert job["ValidationStatusMessage"].endswith("has another canary than its recovery point tells of.")


def make(account: Any, kind: str) -> str:
    """Make what a restore of a type makes; returns its ARN."""
    ec2, rds = account.client("ec2"), account.client("rds")
    login = {"MasterUsername": "admin1", "MasterUserPassword": "AKIAIOSFODNN7EXAMPLE"}
    if kind == "EC2":
        (instance,) = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
        return f"arn:aws:ec2:{SCOPE}:instance/{instance['InstanceId']}"
    if kind == "EBS":
        return f"arn:aws:ec2:{SCOPE}:volume/{ec2.create_volume(AvailabilityZone='us-west-2a', Size=1)['VolumeId']}"
    if kind == "EFS":
        return str(account.client("efs").create_file_system(CreationToken="x")["FileSystemArn"])
    if kind == "RDS":
        given = {"DBInstanceIdentifier": "awsbackup-restore-test-3", "DBInstanceClass": "db.t3.micro", "Engine": "postgres"}
        return str(rds.create_db_instance(**given, AllocatedStorage=20, **login)["DBInstance"]["DBInstanceArn"])
    given = {"DBClusterIdentifier": "awsbackup-restore-test-4", "Engine": "aurora-postgresql"}
    return str(rds.create_db_cluster(**given, **login)["DBCluster"]["DBClusterArn"])


GONE = {
    "EC2": f"arn:aws:ec2:{SCOPE}:instance/i-00000000000000001",
    "EBS": f"arn:aws:ec2:{SCOPE}:volume/vol-00000000000000001",
    "EFS": f"arn:aws:elasticfilesystem:{SCOPE}:file-system/fs-00000001",
    "RDS": f"arn:aws:rds:{SCOPE}:db:awsbackup-restore-test-9",
    "Aurora": f"arn:aws:rds:{SCOPE}:cluster:awsbackup-restore-test-9",
    "DynamoDB": f"arn:aws:dynamodb:{SCOPE}:table/awsbackup-restore-test-9",
    "S3": "arn:aws:s3:::awsbackup-restore-test-9",
}


@pytest.mark.parametrize("kind", ["EC2", "EBS", "EFS", "RDS", "Aurora"])
def test_what_runs_or_is_available_is_good(account: Any, validate: Any, restored: Any, kind: str) -> None:
    job = validate(restored(make(account, kind), kind))
    assert (job["ValidationStatus"], job.get("ValidationStatusMessage")) == ("SUCCESSFUL", None)


@pytest.mark.parametrize("kind", GONE)
def test_what_does_not_exist_is_not_good(account: Any, validate: Any, restored: Any, kind: str) -> None:
    if kind not in ("DynamoDB", "S3"):
        # A service's first call takes the sandbox longer than the validator waits for an answer.
        make(account, kind)
    job = validate(restored(GONE[kind], kind))
    assert job["ValidationStatus"] == "FAILED"
    assert job["ValidationStatusMessage"].endswith(" does not exist.")


def test_a_stopped_instance_is_not_good(account: Any, validate: Any, restored: Any) -> None:
    arn = make(account, "EC2")
    account.client("ec2").stop_instances(InstanceIds=[arn.rpartition("/")[2]])
    assert validate(restored(arn, "EC2"))["ValidationStatusMessage"].endswith(" is stopped, not running.")


def launch(account: Any, message: str, instance_type: str = "t3.micro") -> str:
    """Make an instance that says something when it has booted; returns its ARN."""
    data = f"#cloud-config\nfinal_message: '{message}'\n" if message else "#!/bin/sh\n"
    order = {"ImageId": "ami-12c6146b", "MinCount": 1, "MaxCount": 1, "InstanceType": instance_type, "UserData": data}
    return f"arn:aws:ec2:{SCOPE}:instance/{account.client('ec2').run_instances(**order)['Instances'][0]['InstanceId']}"


@pytest.mark.parametrize(
    ("message", "instance_type", "reason"),
    [
        (f"proven-aws-backup-canary: {MARKER}", "t3.micro", None),
        (f"proven-aws-backup-canary: {MARKER}", "t2.micro", None),
        ("", "t3.micro", "booted without the file of its canary."),
        (f"proven-aws-backup-canary: {MARKER}~", "t3.micro", "has an altered file of its canary."),
        (f"proven-aws-backup-canary: {marker_of('another')}", "t3.micro", "has the file of another canary."),
    ],
)
def test_an_instance_says_the_canary_of_its_file(
    monkeypatch: pytest.MonkeyPatch, account: Any, validate: Any, restored: Any, message: str, instance_type: str, reason: str | None
) -> None:
    # A marker that is not whole may be half a line: it is judged at the end.
    monkeypatch.setattr(checks.instance, "BOOT_TIMEOUT", timedelta(seconds=1))
    source, made = make(account, "EC2"), launch(account, message, instance_type)
    tags = [{"Key": "proven-aws-backup-canary-file-sha256", "Value": digest(MARKER)}]
    account.client("ec2").create_tags(Resources=[source.rpartition("/")[2]], Tags=tags)
    job = validate(restored(made, "EC2", source))
    assert job["ValidationStatus"] == ("FAILED" if reason else "SUCCESSFUL")
    assert job.get("ValidationStatusMessage", "").endswith(reason or "")


def test_an_instance_that_has_not_booted_is_waited_for_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, account: Any, validate: Any, deploy: Any, restored: Any
) -> None:
    source, made = make(account, "EC2"), launch(account, "")
    tags = [{"Key": "proven-aws-backup-canary-file-sha256", "Value": digest(MARKER)}]
    account.client("ec2").create_tags(Resources=[source.rpartition("/")[2]], Tags=tags)
    monkeypatch.setattr(checks.instance, "_console", lambda *_: "Linux version 6.1")
    with pytest.raises(NotReady, match="has not said on its console that it booted"):
        validate(restored(made, "EC2", source), handler.RESERVE)
    monkeypatch.setattr(checks.instance, "BOOT_TIMEOUT", timedelta(0))
    job = validate(restored(made, "EC2", source))
    assert job["ValidationStatusMessage"].endswith("has not said on its console that it booted, in 0 minutes.")
    deploy(expectations={source: {"canary": False}})
    assert validate(restored(made, "EC2", source))["ValidationStatus"] == "SUCCESSFUL"


def test_an_instance_whose_source_is_gone_only_has_to_run(account: Any, validate: Any, restored: Any) -> None:
    assert validate(restored(make(account, "EC2"), "EC2", GONE["EC2"]))["ValidationStatus"] == "SUCCESSFUL"


@pytest.mark.parametrize(("arn", "kind", "reason"), [("x", "Timestream", "There is no check for resources of type Timestream.")])
def test_what_cannot_be_checked_is_not_good(validate: Any, restored: Any, arn: str, kind: str, reason: str) -> None:
    assert validate(restored(arn, kind))["ValidationStatusMessage"] == reason


def test_what_is_not_ready_is_waited_for_and_then_tried_again(
    monkeypatch: pytest.MonkeyPatch, account: Any, validate: Any, restored: Any
) -> None:
    looks: list[int] = []

    def check(*_: Any) -> None:
        looks.append(1)
        if len(looks) < 3:
            raise NotReady("The thing is still creating.")

    monkeypatch.setitem(checks.CHECKS, "DynamoDB", check)
    event = restored(TABLE_ARN, "DynamoDB")
    with pytest.raises(NotReady, match="still creating"):
        validate(event, handler.RESERVE)
    assert "ValidationStatus" not in account.client("backup").describe_restore_job(RestoreJobId=event["detail"]["restoreJobId"])
    assert validate(event)["ValidationStatus"] == "SUCCESSFUL"
    assert len(looks) == 3


@pytest.mark.parametrize("error", [AwsError("ThrottlingException", ""), AwsError("Unreachable", "")], ids=["throttled", "unreachable"])
def test_what_fails_in_passing_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, account: Any, validate: Any, restored: Any, error: AwsError
) -> None:
    def check(*_: Any) -> None:
        raise error

    monkeypatch.setitem(checks.CHECKS, "DynamoDB", check)
    event = restored(TABLE_ARN, "DynamoDB")
    with pytest.raises(AwsError):
        validate(event)
    assert "ValidationStatus" not in account.client("backup").describe_restore_job(RestoreJobId=event["detail"]["restoreJobId"])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (AwsError("AccessDeniedException", "no"), "The check itself failed: AccessDeniedException: no."),
        (ZeroDivisionError("secret"), "The check itself failed: ZeroDivisionError."),
    ],
    ids=["denied", "fault"],
)
def test_what_fails_for_good_is_said_before_it_is_raised(
    monkeypatch: pytest.MonkeyPatch, account: Any, validate: Any, restored: Any, error: Exception, reason: str
) -> None:
    def check(*_: Any) -> None:
        raise error

    monkeypatch.setitem(checks.CHECKS, "DynamoDB", check)
    event = restored(TABLE_ARN, "DynamoDB")
    with pytest.raises(type(error)):
        validate(event)
    job = account.client("backup").describe_restore_job(RestoreJobId=event["detail"]["restoreJobId"])
    assert (job["ValidationStatus"], job["ValidationStatusMessage"]) == ("FAILED", reason)
    # Lambda's next try finds it said.
    assert validate(event)["ValidationStatus"] == "FAILED"


def test_a_failure_is_given_to_the_notifier_each_time_under_one_id(validate: Any, deploy: Any, restored: Any, notifier: Any) -> None:
    deploy(notifier_function="notifier")
    event = restored(GONE["DynamoDB"], "DynamoDB", SOURCE_ARN)
    job = validate(event)
    # The same event again, as after a try that ended between the result and the alert.
    assert validate(event)["ValidationStatusMessage"] == job["ValidationStatusMessage"]
    end = time.monotonic() + 30
    while len(given := notifier()) < 2 and time.monotonic() < end:
        time.sleep(0.1)
    assert len({told["id"] for told in given}) == 1
    assert given[0]["source"] == "proven.aws_backup"
    assert given[0]["detail"]["statusMessage"] == job["ValidationStatusMessage"]
    assert given[0]["detail"]["sourceResourceArn"] == SOURCE_ARN


def test_a_result_that_is_there_stays(account: Any, validate: Any, restored: Any, table: Any) -> None:
    del table
    event = restored(TABLE_ARN, "DynamoDB")
    job_id = event["detail"]["restoreJobId"]
    account.client("backup").put_restore_validation_result(RestoreJobId=job_id, ValidationStatus="SUCCESSFUL")
    assert validate(event)["ValidationStatus"] == "SUCCESSFUL"


def test_a_refusal_is_a_result_of_somebody_else_only_when_there_is_one(account: Any, restored: Any, table: Any) -> None:
    del table
    found = read(restored(TABLE_ARN, "DynamoDB"))
    running = account.control(
        "POST", "/backup/events", {"kind": "restore_job", "state": "RUNNING", "region": "us-west-2", "routes": ["sns"]}
    )
    with pytest.raises(AwsError, match="only a completed one can be validated"):
        verdicts.put(replace(found, job_id=running["job_ids"][0]), "SUCCESSFUL", "")
    account.client("backup").put_restore_validation_result(RestoreJobId=found.job_id, ValidationStatus="FAILED")
    assert verdicts.put(found, "SUCCESSFUL", "") is False


@pytest.mark.parametrize(
    "change",
    [
        {"source": "own.app"},
        {"detail-type": "Backup Job State Change"},
        {"detail": {"restoreJobId": "1", "status": "COMPLETED"}},
        {"detail": {"restoreJobId": "1", "status": "FAILED", "restoreTestingPlanArn": "arn"}},
        {"detail": None},
    ],
    ids=["source", "type", "no plan", "failed", "nothing"],
)
def test_other_events_are_left_alone(context: Any, change: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    detail = {"restoreJobId": "1", "status": "COMPLETED", "restoreTestingPlanArn": "arn"}
    event = {"source": "aws.backup", "detail-type": "Restore Job State Change", "detail": detail, **change}
    assert handler.handler(event, context(60)) == {"validation_status": "ignored"}
    assert [line["record"] for line in log_lines(capsys)] == ["validation_ignored"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"colour": "red"}, "unknown colour; known are expectations"),
        ({"expectations": {"arn": {"item": []}}}, "the expectation of arn: unknown item"),
        ({"expectations": {"arn": {"items": ["x"]}}}, "items is a list of objects"),
    ],
)
def test_wrong_settings_are_told(validate: Any, deploy: Any, restored: Any, document: dict[str, Any], problem: str) -> None:
    deploy(**document)
    with pytest.raises(SettingsError, match=problem):
        validate(restored(TABLE_ARN, "DynamoDB"))


def test_a_long_reason_is_cut() -> None:
    assert len(verdicts.shortened("x" * 5000)) == verdicts.LONGEST_MESSAGE
