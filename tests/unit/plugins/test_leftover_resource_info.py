"""The module leftover_resource_info against a sandbox."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import leftover_links, leftover_tests, restore_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import Stage, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.modules import leftover_resource_info
from botocore.stub import Stubber

TAGS = {"Project": "backup", "Stage": "dev"}
TAG_LIST = [{"Key": key, "Value": value} for key, value in TAGS.items()]
SCOPE = "us-west-2:123456789012"
VAULT = f"arn:aws:backup:{SCOPE}:backup-vault:ours"
FUNCTION = f"arn:aws:lambda:{SCOPE}:function:ours"
TOPIC = f"arn:aws:sns:{SCOPE}:ours"
QUEUE = f"arn:aws:sqs:{SCOPE}:ours"
ALIAS = f"arn:aws:kms:{SCOPE}:alias/ours"
LOG_GROUP = f"arn:aws:logs:{SCOPE}:log-group:/aws/lambda/ours"
PARAMETER = f"arn:aws:ssm:{SCOPE}:parameter/ours/secret"
NAMED = [VAULT, FUNCTION, TOPIC, QUEUE, ALIAS, LOG_GROUP, PARAMETER]

Look = Callable[..., dict[str, Any]]


@pytest.fixture
def look(sandbox: Any, run_module: Any) -> Look:
    """Run the module for the stage "ours"."""
    stage = {"tags": TAGS, "resource_arns": NAMED, "backup_vault_name": "ours", "backup_plan_name": "ours", "iam_path_prefix": "/ours/"}
    return lambda **options: run_module(leftover_resource_info, {**sandbox.connection(), **stage, **options})


def reasons(found: dict[str, Any]) -> dict[str, str]:
    """Why each resource is left, by ARN."""
    return {each["resource_arn"]: each["reason"] for each in found["left"]}


def test_nothing_is_left_where_nothing_was(look: Look) -> None:
    found = look(wait_timeout=30)
    assert (found["changed"], found["left"], found["pending"]) == (False, [], [])


def test_strangers_are_not_left(sandbox: Any, look: Look) -> None:
    client = sandbox.client
    client("sns").create_topic(Name="ours-not")
    client("backup").create_backup_vault(BackupVaultName="ours-2", BackupVaultTags={**TAGS, "Stage": "prod"})
    client("ec2").create_volume(AvailabilityZone="us-west-2a", Size=1)
    client("iam").create_role(RoleName="ours", Path="/ours-2/", AssumeRolePolicyDocument='{"Statement": []}')
    assert look()["left"] == []


def test_what_has_our_names_or_tags_is_left_with_its_cost(sandbox: Any, look: Look) -> None:
    client = sandbox.client
    client("logs").create_log_group(logGroupName="/aws/lambda/ours")
    client("ssm").put_parameter(Name="/ours/secret", Value="x", Type="SecureString", Tags=TAG_LIST)
    client("sns").create_topic(Name="ours", Tags=[{"Key": "Project", "Value": "somebody-else"}])
    volume = client("ec2").create_volume(
        AvailabilityZone="us-west-2a", Size=1, TagSpecifications=[{"ResourceType": "volume", "Tags": TAG_LIST}]
    )["VolumeId"]
    client("iam").create_role(RoleName="ours", Path="/ours/us-west-2/", AssumeRolePolicyDocument='{"Statement": []}')
    client("backup").create_backup_vault(BackupVaultName="others")
    plan = client("backup").create_backup_plan(
        BackupPlan={"BackupPlanName": "ours", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "others"}]}
    )["BackupPlanArn"]
    found = look()
    assert reasons(found) == {
        LOG_GROUP: "has a name of the stage, but not its tags",
        PARAMETER: "has a name of the stage",
        TOPIC: "has a name of the stage, but not its tags",
        f"arn:aws:ec2:{SCOPE}:volume/{volume}": "carries the stage's tags",
        "arn:aws:iam::123456789012:role/ours/us-west-2/ours": "is below the IAM path /ours/",
        plan: "has the plan's name",
    }
    assert [each["resource_arn"] for each in found["left"]] == sorted(reasons(found))
    assert {each["resource_type"]: each["cost"] for each in found["left"]}["ec2:volume"] == "0.08 USD per GiB and month"


def test_what_ends_by_itself_is_pending(sandbox: Any, look: Look) -> None:
    client = sandbox.client
    key = client("kms").create_key()["KeyMetadata"]
    client("kms").create_alias(AliasName="alias/ours", TargetKeyId=key["KeyId"])
    assert reasons(look()) == {key["Arn"]: f"is the key of {ALIAS}"}
    date = client("kms").schedule_key_deletion(KeyId=key["KeyId"])["DeletionDate"]
    (instance,) = client("ec2").run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=[{"ResourceType": "instance", "Tags": TAG_LIST}]
    )["Instances"]
    client("ec2").terminate_instances(InstanceIds=[instance["InstanceId"]])
    found = look()
    assert found["left"] == []
    assert [(each["resource_type"], each["reason"]) for each in found["pending"]] == [
        ("ec2:instance", "is terminated"),
        ("kms:key", "is PendingDeletion"),
    ]
    assert (found["pending"][0]["deletion_date"], found["pending"][1]["deletion_date"][:16]) == (None, date.isoformat()[:16])


def test_recovery_points_and_jobs_are_left(sandbox: Any, look: Look, role_arn: str, table_arn: str) -> None:
    backup = sandbox.client("backup")
    backup.create_backup_vault(BackupVaultName="ours", BackupVaultTags=TAGS)
    for hold in (False, True):
        sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": hold})
        job = backup.start_backup_job(BackupVaultName="ours", ResourceArn=table_arn, IamRoleArn=role_arn)["BackupJobId"]
        if not hold:
            wait_for_end(backup, job)
    (point,) = backup.list_recovery_points_by_backup_vault(BackupVaultName="ours")["RecoveryPoints"]
    found = reasons(look())
    assert found[VAULT] == "has a name of the stage"
    assert found[point["RecoveryPointArn"]] == "is in the vault ours, COMPLETED"
    assert found[f"arn:aws:backup:{SCOPE}:backup-job:{job}"].startswith(f"backs up {table_arn} into the vault, ")


def test_copies_into_the_vault_and_restores_out_of_it_are_left(sandbox: Any, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = sandbox.client("backup")
    for name in ("ours", "theirs"):
        backup.create_backup_vault(BackupVaultName=name)
    order = {"backup_vault_name": "ours"}
    (point,) = sandbox.control("POST", "/backup/recovery-points", order)["recovery_point_arns"]
    orders = {
        "copy": {"kind": "copy_job", "vault": "theirs", "destination_vault_arn": VAULT, "recovery_point_arn": f"{point}-copied"},
        "copy out": {"kind": "copy_job", "vault": "ours", "destination_vault_arn": f"{VAULT}-2"},
        "restore": {"kind": "restore_job", "vault": "ours", "recovery_point_arn": point},
        "restore of theirs": {"kind": "restore_job", "vault": "theirs"},
    }
    ended = {"kind": "copy_job", "destination_vault_arn": VAULT, "state": "COMPLETED", "region": "us-west-2"}
    sandbox.control("POST", "/backup/events", ended)
    for name, job in orders.items():
        sandbox.control("POST", "/backup/events", {"state": "RUNNING", "region": "us-west-2", "job_id": name.replace(" ", "-"), **job})
    jobs = {
        f"arn:aws:backup:{SCOPE}:copy-job:copy": f"copies {point}-copied into the vault, RUNNING",
        f"arn:aws:backup:{SCOPE}:restore-job:restore": f"restores {point}, RUNNING",
    }
    for named in (NAMED, []):
        found = {arn: reason for arn, reason in reasons(look(resource_arns=named)).items() if "-job:" in arn}
        assert found == jobs
    list_restore_jobs = restore_jobs.list_restore_jobs

    def as_aws_told_before(client: Any, **filters: Any) -> list[dict[str, Any]]:
        return [{key: value for key, value in job.items() if key != "BackupVaultArn"} for job in list_restore_jobs(client, **filters)]

    monkeypatch.setattr(restore_jobs, "list_restore_jobs", as_aws_told_before)
    assert jobs.items() <= reasons(look()).items()


def run_plan(sandbox: Any, role_arn: str, table_arn: str) -> str:
    """Have a restore testing plan "ours_1" restore a table, and delete the plan; returns the restore job, which nobody validates."""
    backup = sandbox.client("backup")
    sandbox.let_restore("backup")
    backup.create_backup_vault(BackupVaultName="tested")
    job = backup.start_backup_job(BackupVaultName="tested", ResourceArn=table_arn, IamRoleArn=role_arn)["BackupJobId"]
    wait_for_end(backup, job)
    points = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
    plan = {"RestoreTestingPlanName": "ours_1", "ScheduleExpression": "cron(0 3 ? * SUN *)", "RecoveryPointSelection": points}
    backup.create_restore_testing_plan(RestoreTestingPlan=plan)
    selection = {"RestoreTestingSelectionName": "table", "ProtectedResourceType": "DynamoDB", "ProtectedResourceArns": [table_arn]}
    selection |= {"IamRoleArn": role_arn, "ValidationWindowHours": 168}
    backup.create_restore_testing_selection(RestoreTestingPlanName="ours_1", RestoreTestingSelection=selection)
    (restore,) = sandbox.control("POST", "/backup/restore-testing", {"restore_testing_plan_name": "ours_1"})["restore_job_ids"]
    backup.delete_restore_testing_selection(RestoreTestingPlanName="ours_1", RestoreTestingSelectionName="table")
    backup.delete_restore_testing_plan(RestoreTestingPlanName="ours_1")
    ended = wait_until(lambda: backup.describe_restore_job(RestoreJobId=restore), lambda job: "CompletionDate" in job, 60).value
    assert ended["Status"] == "COMPLETED", ended
    return str(restore)


def test_what_a_plan_had_restored_is_pending_until_it_is_deleted(
    sandbox: Any, look: Look, role_arn: str, table_arn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, restore = sandbox.client("backup"), run_plan(sandbox, role_arn, table_arn)
    made = backup.describe_restore_job(RestoreJobId=restore)["CreatedResourceArn"]
    (pending,) = look(restore_testing_plan_name="ours_1")["pending"]
    assert (pending["resource_arn"], pending["resource_type"]) == (made, "dynamodb:table")
    assert pending["reason"] == f"is what the test restore {restore} made, and AWS Backup deletes it after its validation"
    assert pending["cost"] == "0.25 USD per GB and month"
    assert look(restore_testing_plan_name="ours")["pending"] == []
    monkeypatch.setattr(leftover_tests, "LONGEST", timedelta())
    assert "did not delete it" in reasons(look(restore_testing_plan_name="ours_1"))[made]
    monkeypatch.undo()
    backup.put_restore_validation_result(RestoreJobId=restore, ValidationStatus="SUCCESSFUL")
    wait_until(lambda: backup.describe_restore_job(RestoreJobId=restore)["DeletionStatus"] == "SUCCESSFUL", bool, 60)
    assert look(restore_testing_plan_name="ours_1")["pending"] == []


def wait_for_end(backup: Any, job: str) -> None:
    """Wait until a backup job has completed."""
    pause = threading.Event()
    while backup.describe_backup_job(BackupJobId=job)["State"] != "COMPLETED":
        pause.wait(0.1)


def test_backups_that_lost_their_vault_are_left(sandbox: Any, look: Look, role_arn: str) -> None:
    ec2, backup = sandbox.client("ec2"), sandbox.client("backup")
    (instance,) = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"]
    name = instance["InstanceId"]
    backup.create_backup_vault(BackupVaultName="ours", BackupVaultTags=TAGS)
    job = backup.start_backup_job(BackupVaultName="ours", ResourceArn=f"arn:aws:ec2:{SCOPE}:instance/{name}", IamRoleArn=role_arn)[
        "BackupJobId"
    ]
    wait_for_end(backup, job)
    (point,) = backup.list_recovery_points_by_backup_vault(BackupVaultName="ours")["RecoveryPoints"]
    backup.delete_recovery_point(BackupVaultName="ours", RecoveryPointArn=point["RecoveryPointArn"])
    volume = ec2.create_volume(AvailabilityZone="us-west-2a", Size=8)["VolumeId"]
    source = [{"Key": "aws:backup:source-resource", "Value": f"instance/{name}"}]
    image = ec2.create_image(InstanceId=name, Name=f"AwsBackup_{name}_1")["ImageId"]
    snapshots = {
        kind: ec2.create_snapshot(VolumeId=volume, TagSpecifications=[{"ResourceType": "snapshot", "Tags": tags}])["SnapshotId"]
        for kind, tags in (("lost", source), ("tagged", TAG_LIST), ("strange", [{"Key": "aws:backup:source-resource", "Value": "i-1"}]))
    }
    by_backup = "was made by AWS Backup, which alone can delete it"
    found = look(resource_arns=[])
    ours = {arn: reason for arn, reason in reasons(found).items() if arn != VAULT and arn != point["RecoveryPointArn"]}
    assert ours == {
        f"arn:aws:ec2:us-west-2::image/{image}": by_backup,
        f"arn:aws:ec2:us-west-2::snapshot/{snapshots['lost']}": by_backup,
        f"arn:aws:ec2:us-west-2::snapshot/{snapshots['tagged']}": "is a backup of the stage",
    }
    costs = {each["resource_arn"]: each["cost"] for each in found["left"]}
    assert costs[f"arn:aws:ec2:us-west-2::snapshot/{snapshots['lost']}"] == "at most 0.40 USD a month (8 GiB)"


def test_what_points_at_something_that_is_gone_is_left(sandbox: Any, look: Look) -> None:
    client = sandbox.client
    other = client("sns").create_topic(Name="others")["TopicArn"]
    client("sns").subscribe(TopicArn=other, Protocol="lambda", Endpoint=FUNCTION)
    client("sns").subscribe(TopicArn=other, Protocol="sqs", Endpoint=f"arn:aws:sqs:{SCOPE}:others")
    client("events").put_rule(Name="others", EventPattern='{"source": ["aws.backup"]}')
    client("events").put_targets(Rule="others", Targets=[{"Id": "1", "Arn": QUEUE}])
    found = look()
    (subscription,) = [each for each in found["left"] if each["resource_type"] == "sns:subscription"]
    assert subscription["reason"] == f"subscribes an endpoint (lambda) to {other}"
    assert reasons(found)[f"arn:aws:events:{SCOPE}:rule/others"] == f"sends events to {QUEUE}"
    assert len(found["left"]) == 2


def test_a_permission_of_our_topic_in_the_function_of_somebody_else_is_left(sandbox: Any, look: Look, somebodys_function: str) -> None:
    functions = sandbox.client("lambda")
    for sid, source in (("alarms", TOPIC), ("others", f"{TOPIC}-not")):
        functions.add_permission(
            FunctionName="others", StatementId=sid, Action="lambda:InvokeFunction", Principal="sns.amazonaws.com", SourceArn=source
        )
    (left,) = look()["left"]
    assert left == {
        "resource_arn": somebodys_function,
        "resource_type": "lambda:permission",
        "reason": f"its statement alarms lets {TOPIC} invoke it",
        "cost": "nothing",
    }


def test_a_permission_may_name_several_sources(look: Look, somebodys_function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [f"{TOPIC}-not", TOPIC, QUEUE]
    statement = {"Sid": "many", "Effect": "Allow", "Condition": {"ArnLike": {"AWS:SourceArn": sources}}}
    # AddPermission, and so the sandbox, writes one source into a statement; the language of policies allows several.
    monkeypatch.setattr(leftover_links, "_get_policy", lambda _client, _arn: json.dumps({"Statement": [statement]}))
    (left,) = look()["left"]
    assert left["resource_arn"] == somebodys_function
    assert left["reason"] == f"its statement many lets {TOPIC} invoke it; its statement many lets {QUEUE} invoke it"


@pytest.fixture
def somebodys_function(sandbox: Any) -> str:
    """A function that is not the stage's."""
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = sandbox.client("iam").create_role(RoleName="others", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    created = sandbox.client("lambda").create_function(
        FunctionName="others", Runtime="python3.13", Role=role, Handler="handler.handler", Code={"ZipFile": small_zip()}
    )
    return created["FunctionArn"]


def small_zip() -> bytes:
    """A function's package."""
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as package:
            package.writestr("handler.py", "def handler(event, context):\n    return event\n")
        return buffer.getvalue()


def test_the_endpoint_of_a_webhook_is_not_told(sandbox: Any, look: Look) -> None:
    sns = sandbox.client("sns")
    sns.create_topic(Name="ours")
    sns.subscribe(TopicArn=TOPIC, Protocol="https", Endpoint="https://example.com/token")
    found = look()
    assert f"subscribes an endpoint (https) to {TOPIC}" in reasons(found).values()
    assert "example.com" not in json.dumps(found)


def test_a_subscription_that_nobody_confirmed_goes_by_itself(sandbox: Any) -> None:
    sns = sandbox.client("sns")
    listed = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "me@example.com", "SubscriptionArn": "PendingConfirmation", "Owner": "1"}
    with Stubber(sns) as stub:
        stub.add_response("list_subscriptions", {"Subscriptions": [listed]})
        (found,) = leftover_links.find_subscriptions(lambda _service: sns, Stage(TAGS, (TOPIC,)))
    assert found.is_ending
    assert (found.resource_arn, found.resource_type) == (f"{TOPIC}:PendingConfirmation", "sns:subscription")
    assert found.reason == f"subscribes an endpoint (email) to {TOPIC}; AWS forgets it by itself"


def test_it_waits_until_nothing_is_left(sandbox: Any, look: Look) -> None:
    sandbox.client("sns").create_topic(Name="ours")
    timer = threading.Timer(1.0, sandbox.client("sns").delete_topic, kwargs={"TopicArn": TOPIC})
    timer.start()
    assert look(wait_timeout=60)["left"] == []
    timer.join()


def test_a_search_that_may_not_look_is_an_error(look: Look) -> None:
    assert look(resource_arns=["arn:aws:new:us-west-2:123456789012:name"])["failed"]
    assert "name at least one tag" in look(tags={})["msg"]


@pytest.mark.parametrize(
    ["arn", "expected"],
    [
        ("arn:aws:ec2:us-west-2::image/ami-1", "ec2:image"),
        (f"arn:aws:logs:{SCOPE}:log-group:/aws/lambda/ours", "logs:log-group"),
        (f"arn:aws:backup:{SCOPE}:recovery-point:1-2", "backup:recovery-point"),
        (f"arn:aws:sqs:{SCOPE}:ours", "sqs:queue"),
        ("arn:aws:iam::123456789012:role/ours/x", "iam:role"),
        ("arn:aws:new:us-west-2:123456789012:name", "new"),
    ],
)
def test_types_are_read_from_arns(arn: str, expected: str) -> None:
    assert type_of(arn) == expected
