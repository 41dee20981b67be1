"""Cleaning up in bad weather: strangers' vaults, running jobs, deployments that stopped halfway."""

from __future__ import annotations

import functools
import signal
import subprocess

import pytest

from tests.conftest import ROOT
from tests.integration.conftest import Playbooks
from tests.integration.test_closed_loop import deployed_things

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
VAULT = "proven-backup-dev"
ARN = "arn:aws"
SCOPE = f"{REGION}:123456789012"
OURS = {"Project": "proven-backup", "Stage": "dev", "ManagedBy": "proven.aws_backup"}


@pytest.fixture(autouse=True)
def started(playbooks: Playbooks) -> None:
    """An empty sandbox."""
    playbooks.run("sandbox").succeeded()
    playbooks.sandbox.control("POST", "/reset")


def interrupt_deploy_at(playbooks: Playbooks, task: str) -> None:
    """Run deploy.yml and kill it as soon as a task begins."""
    process = subprocess.Popen(
        playbooks.command("deploy", region=REGION),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    seen = any(task in line for line in process.stdout)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert seen, f"deploy.yml has no task {task}"


def make_key_without_alias(playbooks: Playbooks) -> str:
    """A key as deploy.yml leaves it when it is killed before it gives the key its alias; returns the key's ARN."""
    tags = [{"TagKey": key, "TagValue": value} for key, value in OURS.items()]
    return playbooks.sandbox.client("kms", REGION).create_key(Tags=tags)["KeyMetadata"]["Arn"]


def test_a_vault_that_is_not_ours_is_refused(playbooks: Playbooks) -> None:
    backup = playbooks.sandbox.client("backup", REGION)
    backup.create_backup_vault(BackupVaultName=VAULT, BackupVaultTags={"Project": "somebody-else"})
    run = playbooks.run("cleanup", region=REGION).failed()
    assert f"The vault {VAULT} is not purged, because its tags differ from expected_tags: Project is 'somebody-else'" in run.error
    assert (run.changed, backup.list_tags(ResourceArn=f"{ARN}:backup:{SCOPE}:backup-vault:{VAULT}")["Tags"]) == (
        0,
        {"Project": "somebody-else"},
    )
    elsewhere = playbooks.run("cleanup", region=REGION, cleanup_account_id="999999999999").failed()
    assert f"The vault {VAULT} is not purged, because the account is 123456789012, not 999999999999" in elsewhere.error
    assert elsewhere.changed == 0


@pytest.mark.parametrize("playbook", ["deploy", "cleanup"])
def test_what_is_not_ours_is_refused_before_anything_is_changed(playbooks: Playbooks, playbook: str) -> None:
    client = functools.partial(playbooks.sandbox.client, region=REGION)
    strange = {"Project": "somebody-else"}
    client("sns").create_topic(Name=f"{VAULT}-events", Tags=[{"Key": "Project", "Value": "somebody-else"}])
    client("sqs").create_queue(QueueName=f"{VAULT}-undelivered", tags=strange)
    client("logs").create_log_group(logGroupName=f"/aws/lambda/{VAULT}-notifier")
    client("backup").create_backup_vault(BackupVaultName=VAULT, BackupVaultTags=OURS)
    rule = {"RuleName": "daily", "TargetBackupVaultName": VAULT}
    plan = client("backup").create_backup_plan(BackupPlan={"BackupPlanName": VAULT, "Rules": [rule]}, BackupPlanTags=strange)
    run = playbooks.run(playbook, region=REGION).failed()
    for arn in (
        f"{ARN}:sns:{SCOPE}:{VAULT}-events",
        f"{ARN}:sqs:{SCOPE}:{VAULT}-undelivered",
        f"{ARN}:logs:{SCOPE}:log-group:/aws/lambda/{VAULT}-notifier",
        plan["BackupPlanArn"],
    ):
        assert arn in run.error
    assert f"in {REGION} does not carry our tags: it is left alone, and so is all the rest" in run.error
    assert run.changed == 0


def test_a_vault_locked_in_compliance_mode_is_refused_before_anything_is_removed(playbooks: Playbooks) -> None:
    backup = playbooks.sandbox.client("backup", REGION)
    backup.create_backup_vault(BackupVaultName=VAULT, BackupVaultTags=OURS)
    backup.put_backup_vault_lock_configuration(BackupVaultName=VAULT, MinRetentionDays=1, ChangeableForDays=3)
    playbooks.sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": VAULT, "region": REGION})
    run = playbooks.run("cleanup", region=REGION).failed()
    assert f"The vault {VAULT} is locked in compliance mode" in run.error
    assert run.changed == 0


def test_what_is_left_is_named_until_it_is_gone(playbooks: Playbooks) -> None:
    sqs = playbooks.sandbox.client("sqs", REGION)
    queue = sqs.create_queue(QueueName="forgotten", tags=OURS)["QueueUrl"]
    path = f"/proven-backup/dev/{REGION}/"
    role = playbooks.sandbox.client("iam").create_role(RoleName="ours", Path=path, AssumeRolePolicyDocument='{"Statement": []}')["Role"]
    forgotten = f"Still there in {REGION}: {ARN}:sqs:{SCOPE}:forgotten carries the stage's tags. Cost: nothing while it is not used."
    for _attempt in ("first", "second"):
        error = playbooks.run("cleanup", cleanup_audit_timeout=5).failed().error
        assert forgotten in error
        assert role["Arn"] not in error
    audits = [playbooks.run("audit", *arguments).failed() for arguments in ((), ("--check",))]
    for run in audits:
        assert forgotten in run.error
        assert f"Still there in {REGION}: {role['Arn']} is below the IAM path {path}. Cost: nothing." in run.error
        assert run.changed == 0
    sqs.delete_queue(QueueUrl=queue)
    assert f"Nothing of ours is left in {REGION}" in playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded().output


def test_the_audit_says_that_nothing_is_left_and_where_it_looked(playbooks: Playbooks) -> None:
    run = playbooks.run("audit").succeeded()
    assert "Nothing of ours is left in us-east-1." in run.output
    assert "only us-east-1 is looked into. -e region=... looks into another." in " ".join(run.output.split())
    key_arn = make_key_without_alias(playbooks)
    playbooks.sandbox.client("kms", REGION).schedule_key_deletion(KeyId=key_arn, PendingWindowInDays=7)
    output = " ".join(playbooks.run("audit", region=REGION).succeeded().output.split())
    assert f"Nothing of ours is left in {REGION}." in output
    assert f"It goes by itself, free of charge: {key_arn} is PendingDeletion until 20" in output


def test_cleanup_while_a_job_runs_stops_this_vaults_jobs_only(playbooks: Playbooks) -> None:
    playbooks.run("deploy", region=REGION).succeeded()
    key_arn = make_key_without_alias(playbooks)
    sandbox = playbooks.sandbox
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    backup, ec2 = sandbox.client("backup", REGION), sandbox.client("ec2", REGION)
    backup.create_backup_vault(BackupVaultName="strangers")
    (reservation,) = ec2.describe_instances(Filters=[{"Name": "tag:Project", "Values": ["proven-backup"]}])["Reservations"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    (strange,) = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"]
    roles = sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"]
    role_arn = next(role["Arn"] for role in roles if "AWSBackup" in role["RoleName"])
    jobs = {}
    for vault, instance in ((VAULT, reservation["Instances"][0]), ("strangers", strange)):
        arn = f"arn:aws:ec2:{REGION}:123456789012:instance/{instance['InstanceId']}"
        jobs[vault] = backup.start_backup_job(BackupVaultName=vault, ResourceArn=arn, IamRoleArn=role_arn)["BackupJobId"]
    playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    assert deployed_things(playbooks) == []
    assert sandbox.client("kms", REGION).describe_key(KeyId=key_arn)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert backup.describe_backup_job(BackupJobId=jobs[VAULT])["State"] == "ABORTED"
    assert backup.describe_backup_job(BackupJobId=jobs["strangers"])["State"] in ("CREATED", "RUNNING")


def test_a_second_deploy_finishes_the_first(playbooks: Playbooks) -> None:
    key_arn = make_key_without_alias(playbooks)
    interrupt_deploy_at(playbooks, "Function | Create it")
    tags = {"Owner": "me"}
    playbooks.run("deploy", region=REGION, extra_tags=tags).succeeded()
    playbooks.run("test_backup").succeeded()
    assert playbooks.run("deploy", region=REGION, extra_tags=tags).succeeded().changed == 0
    assert [arn for arn in deployed_things(playbooks) if ":kms:" in arn] == [key_arn]
    kms = playbooks.sandbox.client("kms", REGION)
    assert kms.describe_key(KeyId=f"alias/{VAULT}")["KeyMetadata"]["Arn"] == key_arn
    reservations = playbooks.sandbox.client("ec2", REGION).describe_instances()["Reservations"]
    assert [instance["State"]["Name"] for each in reservations for instance in each["Instances"]] == ["running"]
