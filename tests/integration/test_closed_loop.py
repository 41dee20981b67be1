"""Deploy, test, clean up: the whole loop, in its order, each step a process of its own."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import datetime
from typing import Any

import pytest

from tests.integration.conftest import Playbooks

pytestmark = [pytest.mark.playbook, pytest.mark.as_users_do]

REGION = "us-west-2"
WEBHOOK_TOKEN = "SandboxIncomingWebhook01"
CREATED = [
    "Create the role that AWS Backup assumes",
    "Network | Create the VPC",
    "Network | Create the subnet",
    "Instance | Launch it, without waiting for it",
    "Vault | Create the KMS key",
    "Vault | Create the vault",
    "Plan | Create the plan",
    "Plan | Select what to back up",
    "Store | Create the table, without waiting for it",
    "Secrets | Store each as an SSM SecureString",
    "Role | Create the function's role",
    "Role | Grant what the function needs and no more",
    "Function | Create its log group",
    "Function | Create the dead-letter queue, for what it does not deliver and for what it is not given",
    "Function | Create it",
    "Events | Let the topic invoke the function",
    "Events | Create the topic, with the function as its subscriber",
    "Events | Keep what the function cannot be given",
    "Events | Have the vault publish to the topic",
    "Alarms | Create their topic",
    "Alarms | Watch the dead-letter queue, the function's errors, and what is lost for good",
    "Alarms | Tag them",
    "Store | Have the table forget what is over",
    "Have a canary in each",
]


def deployed_things(playbooks: Playbooks) -> list[str]:
    """ARNs of everything with our tags that still exists, and of our roles and instance profiles, which the tagging API does not know."""
    tagging = playbooks.sandbox.client("resourcegroupstaggingapi", REGION)
    pages = tagging.get_paginator("get_resources").paginate(TagFilters=[{"Key": "ManagedBy", "Values": ["proven.aws_backup"]}])
    iam = playbooks.sandbox.client("iam")
    roles, profiles = iam.list_roles(PathPrefix="/proven-backup/")["Roles"], iam.list_instance_profiles()["InstanceProfiles"]
    arns = [item["ResourceARN"] for page in pages for item in page["ResourceTagMappingList"]]
    return [arn for arn in arns if not has_ended(playbooks, arn)] + [each["Arn"] for each in roles + profiles]


def has_ended(playbooks: Playbooks, arn: str) -> bool:
    """Whether AWS lists a resource only because it ended a short while ago."""
    identifier = arn.split("/")[-1]
    if ":instance/" in arn:
        (reservation,) = playbooks.sandbox.client("ec2", REGION).describe_instances(InstanceIds=[identifier])["Reservations"]
        return reservation["Instances"][0]["State"]["Name"] == "terminated"
    if ":kms:" in arn:
        return playbooks.sandbox.client("kms", REGION).describe_key(KeyId=identifier)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    return False


def messages_of(playbooks: Playbooks, job_id: str) -> list[dict[str, Any]]:
    """The Slack messages that name a job."""
    found = json.loads(playbooks.sandbox.request("GET", "/slack/api/messages")[1])["messages"]
    return [message for message in found if job_id in str(message["payload"])]


def test_check_mode_predicts_and_creates_nothing(playbooks: Playbooks) -> None:
    prediction = playbooks.run("deploy", "--check", region=REGION).succeeded()
    # Besides what deploy.yml creates, the sandbox is started.
    assert len(prediction.changes) == len(CREATED) + 1
    assert f"Deploying proven-backup-dev: sandbox, account 123456789012, {REGION}" in prediction.output
    assert "nobody is told" not in prediction.output, "in a sandbox there is nobody to be told"
    assert deployed_things(playbooks) == []


def test_deploy_creates_everything_without_telling_the_webhook(playbooks: Playbooks) -> None:
    run = playbooks.run("deploy", "--diff", "-vvv", region=REGION).succeeded()
    assert WEBHOOK_TOKEN not in run.output
    assert run.changes == CREATED
    kinds = {arn.split(":")[2] for arn in deployed_things(playbooks)}
    assert kinds >= {"ec2", "kms", "backup", "sns", "lambda", "logs", "sqs", "ssm", "iam", "dynamodb", "cloudwatch"}


def test_second_deploy_changes_nothing(playbooks: Playbooks) -> None:
    assert playbooks.run("deploy", region=REGION).succeeded().changed == 0


def test_diff_shows_what_changes(playbooks: Playbooks) -> None:
    run = playbooks.run("deploy", "--check", "--diff", region=REGION, notifier_vault_events=["BACKUP_JOB_COMPLETED"]).succeeded()
    assert run.changes == ["Events | Have the vault publish to the topic"]
    assert re.search(r"^-.*BACKUP_JOB_STARTED", run.output, flags=re.MULTILINE)


def test_the_deployment_is_what_was_asked_for(playbooks: Playbooks) -> None:
    backup = playbooks.sandbox.client("backup", REGION)
    (plan,) = backup.list_backup_plans()["BackupPlansList"]
    (rule,) = backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"], rule["Lifecycle"]["DeleteAfterDays"]) == (60, 120, 1)
    notifications = backup.get_backup_vault_notifications(BackupVaultName="proven-backup-dev")
    assert sorted(notifications["BackupVaultEvents"]) == [
        "BACKUP_JOB_COMPLETED",
        "BACKUP_JOB_STARTED",
        "CONTINUOUS_BACKUP_INTERRUPTED",
        "COPY_JOB_FAILED",
        "COPY_JOB_SUCCESSFUL",
        "RESTORE_JOB_COMPLETED",
        "S3_BACKUP_OBJECT_FAILED",
        "S3_RESTORE_OBJECT_FAILED",
    ]
    function = playbooks.sandbox.client("lambda", REGION).get_function_configuration(FunctionName="proven-backup-dev-notifier")
    assert not function.get("Environment", {}).get("Variables")
    assert function["DeadLetterConfig"]["TargetArn"].endswith(":proven-backup-dev-undelivered")


def test_test_backup_in_check_mode_starts_no_job(playbooks: Playbooks) -> None:
    run = playbooks.run("test_backup", "--check").succeeded()
    assert "Check mode: a backup job would be started of arn:aws:ec2:us-west-2:123456789012:instance/i-" in " ".join(run.output.split())
    assert playbooks.sandbox.client("backup", REGION).list_backup_jobs()["BackupJobs"] == []
    assert not playbooks.report_dir.exists()


def test_test_backup_finds_the_region_and_proves_the_loop(playbooks: Playbooks) -> None:
    run = playbooks.run("test_backup").succeeded()
    assert f"Testing the backup of proven-backup-dev: sandbox, account 123456789012, {REGION}" in run.output
    assert "Verdict: PASSED" in run.output
    report, proof = playbooks.reports()[-1], playbooks.proofs()["ec2"]
    job = playbooks.sandbox.client("backup", REGION).describe_backup_job(BackupJobId=proof["backup_job"]["backup_job_id"])
    assert (report["kind"], report["verdict"], report["reason"], job["State"]) == ("test_backup", "passed", "", "COMPLETED")
    assert (proof["verdict"], {link["result"] for link in proof["links"]}) == ("passed", {"passed"})
    assert proof["recovery_point"]["recovery_point_arn"] == job["RecoveryPointArn"]
    assert (proof["grade"], proof["notification"]["http_status"]) == ("read_back", 200)
    assert proof["backup_job"]["backup_job_id"] in str(proof["message"])
    assert [event["event"] for event in proof["timeline"]] == ["created", "running", "completed", "notified"]
    assert [(phase["phase"], phase["result"]) for phase in proof["phases"]] == [("backup job", "passed"), ("alert", "passed")]
    times = [datetime.fromisoformat(event["time"]) for event in proof["timeline"]]
    assert times == sorted(times)
    assert messages_of(playbooks, job["BackupJobId"])


def test_the_junit_report_says_the_same(playbooks: Playbooks) -> None:
    (path,) = playbooks.report_dir.glob("*/report.xml")
    suite = ET.parse(path).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("6", "0", "0")


def test_cleanup_check_mode_removes_nothing(playbooks: Playbooks) -> None:
    before = deployed_things(playbooks)
    assert playbooks.run("cleanup", "--check").succeeded().changed > 0
    assert sorted(deployed_things(playbooks)) == sorted(before)


def test_cleanup_removes_everything_and_stops_the_sandbox(playbooks: Playbooks) -> None:
    playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    assert deployed_things(playbooks) == []
    assert playbooks.sandbox_runs()
    again = playbooks.run("cleanup", region=REGION).succeeded()
    assert again.changed == 1, "stopping the sandbox"
    assert f"Nothing of ours is left in {REGION}." in again.output
    assert not playbooks.sandbox_runs()


def test_cleanup_without_a_sandbox_has_nothing_to_do(playbooks: Playbooks) -> None:
    run = playbooks.run("cleanup").succeeded()
    assert run.changed == 0
    assert f"No sandbox runs on 127.0.0.1:{playbooks.port}, so nothing of ours is left in it." in run.output
    assert not playbooks.sandbox_runs()


def test_test_backup_without_a_sandbox_says_so(playbooks: Playbooks) -> None:
    assert "Not deployed: no sandbox runs" in playbooks.run("test_backup").failed().error
