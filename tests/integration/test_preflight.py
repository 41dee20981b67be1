"""preflight.yml, and what it stops: all that would fail, at once, before anything is created."""

from __future__ import annotations

import json

import pytest

from tests.conftest import ACCOUNT
from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook

REGION, COPY_REGION = "us-west-2", "eu-central-1"
NAME = "proven-backup-dev"
ROLE = f"AWSBackup-{NAME}-{REGION}"
WEBHOOK = "/slack/services/T00000000/B00000000/SandboxIncomingWebhook01"


def table(output: str) -> list[list[str]]:
    """The table's rows: result, check, and the rest."""
    lines = [line.strip() for line in output.splitlines()]
    return [line.split("  ", 2) for line in lines if line.startswith(("failed ", "unknown ", "warning ", "passed "))]


def counts(playbooks: Playbooks) -> dict[str, int]:
    """How many things of each kind there are."""
    client = playbooks.sandbox.client
    return {
        "roles": len(client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"]),
        "vaults": len(client("backup", REGION).list_backup_vaults()["BackupVaultList"]),
        "keys": len(client("kms", REGION).list_keys()["Keys"]),
        "topics": len(client("sns", REGION).list_topics()["Topics"]),
        "messages": len(json.loads(playbooks.sandbox.request("GET", "/slack/api/messages")[1])["messages"]),
    }


NOTHING = {"roles": 0, "vaults": 0, "keys": 0, "topics": 0, "messages": 0}


def break_beforehand(playbooks: Playbooks) -> None:
    """What stops a deployment: no opt-in, no room for a vault, and a revoked webhook."""
    sandbox = playbooks.sandbox
    sandbox.client("backup", REGION).update_region_settings(ResourceTypeOptInPreference={"EC2": False})
    sandbox.control("PUT", "/quotas", {"service_code": "backup", "quota_code": "L-SANDBOX1", "value": 0})
    sandbox.control("DELETE", "/slack/webhooks", {"path": WEBHOOK})


def break_deployed(playbooks: Playbooks) -> None:
    """What breaks later: the role, its policies, the key, the topic and the vault's lock."""
    client = playbooks.sandbox.client
    iam = client("iam")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{NAME}-events"
    others = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    trust = {"Version": "2012-10-17", "Statement": [{**others, "Action": "sts:AssumeRole"}]}
    publishing = {"Version": "2012-10-17", "Statement": [{**others, "Action": "SNS:Publish", "Resource": topic}]}
    iam.update_assume_role_policy(RoleName=ROLE, PolicyDocument=json.dumps(trust))
    for policy in iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=ROLE, PolicyArn=policy["PolicyArn"])
    client("kms", REGION).disable_key(KeyId=client("kms", REGION).describe_key(KeyId=f"alias/{NAME}")["KeyMetadata"]["Arn"])
    client("sns", REGION).set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns")
    client("sns", REGION).set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=json.dumps(publishing))
    client("backup", REGION).put_backup_vault_lock_configuration(BackupVaultName=NAME, MinRetentionDays=30)


def test_an_empty_account_passes_and_nothing_is_written(playbooks: Playbooks) -> None:
    run = playbooks.run("preflight", region=REGION).succeeded()
    rows = table(run.output)
    assert {result for result, *_ in rows} == {"passed"}, run.output
    assert len(rows) == 23
    assert counts(playbooks) == NOTHING


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [("restore_checks", "/nowhere.yml", "is no file"), ("drill_rto_limit_seconds", "soon", "is no number of seconds")],
)
def test_settings_of_the_restore_proof_are_looked_at(playbooks: Playbooks, setting: str, value: str, said: str) -> None:
    assert f"{setting}={value} {said}" in playbooks.run("preflight", region=REGION, **{setting: value}).failed().output


def test_all_that_would_fail_is_told_at_once_and_stops_a_deployment(playbooks: Playbooks) -> None:
    playbooks.run("sandbox").succeeded()
    break_beforehand(playbooks)
    elsewhere = {"name": "ops", "type": "slack_webhook", "secret": "ssm:/ops/slack"}
    targets = {"notifier_targets": [{"name": "slack", "type": "slack_webhook"}, elsewhere]}
    run = playbooks.run("preflight", region=REGION, **targets).failed()
    failed = {(check, subject.strip().split(":")[0]) for result, check, subject in table(run.output) if result == "failed"}
    assert failed == {("opt-in", "EC2"), ("quota", "backup vaults"), ("receiver", "slack"), ("secret", "ssm")}
    command = f"aws backup update-region-settings --region {REGION} --resource-type-opt-in-preference EC2=true"
    assert f"-> {command}" in run.output
    stopped = playbooks.run("deploy", "-vvv", region=REGION, **targets).failed()
    for error in (run.error, stopped.error):
        assert f"opt-in, EC2: AWS Backup is not opted in to it in {REGION}. Remedy: {command}" in error
        assert "quota, backup vaults: 0 of 0 are used: AWS refuses another one. Remedy: ask for more under Service Quotas" in error
        assert "secret, ssm:/ops/slack: there is no such SSM parameter in this account and Region. Remedy: create it" in error
        assert "receiver, slack: Slack does not take messages there: no_service. Remedy: make a new one" in error
    assert "SandboxIncomingWebhook01" not in stopped.output
    assert counts(playbooks) == NOTHING


def test_a_broken_stage(playbooks: Playbooks) -> None:
    if playbooks.sandbox_runs():
        playbooks.sandbox.control("POST", "/reset")
    playbooks.run("deploy", region=REGION).succeeded()
    before = counts(playbooks)
    break_deployed(playbooks)
    run = playbooks.run("preflight", region=REGION).failed()
    failed = [check for result, check, _ in table(run.output) if result == "failed"]
    assert sorted(failed) == ["KMS key", "KMS key", "role policies", "role trust", "topic encryption", "topic policy", "vault lock"]
    assert "its lock takes backups that are kept for 30 to any number of days, not for 1 days: every job would fail" in run.error
    assert counts(playbooks) == before
    # Every job would fail for the lock; the rest is the drill's to prove.
    drill = playbooks.run("test_backup").failed()
    assert drill.error.count("Remedy: ") == 1
    assert "vault lock, proven-backup-dev: its lock takes backups" in drill.error
    told = [check for result, check, _ in table(drill.output) if result == "failed"]
    assert sorted(told) == ["KMS key", "KMS key", "role policies", "role trust", "topic encryption", "topic policy"]
    # A deployment mends the role, the key and the topic's policy by itself, but neither the lock nor the topic's encryption.
    playbooks.sandbox.client("backup", REGION).delete_backup_vault_lock_configuration(BackupVaultName=NAME)
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:{NAME}-events"
    playbooks.sandbox.client("sns", REGION).set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="")
    playbooks.run("deploy", region=REGION).succeeded()
    mended = playbooks.run("preflight", region=REGION).succeeded()
    assert {result for result, *_ in table(mended.output)} == {"passed"}, mended.output


def test_a_restore_that_would_fail_makes_nothing_and_a_cleanup_is_not_kept_from_its_work(playbooks: Playbooks) -> None:
    """On the stage of the test before."""
    sandbox = playbooks.sandbox
    before = counts(playbooks)
    # Of a VPC, the account has its own and the stage's.
    sandbox.control("PUT", "/quotas", {"service_code": "vpc", "quota_code": "L-F678F1CE", "value": 2})
    kms, copies = sandbox.client("kms", REGION), sandbox.client("backup", COPY_REGION)
    kms.disable_key(KeyId=kms.describe_key(KeyId=f"alias/{NAME}")["KeyMetadata"]["Arn"])
    copies.create_backup_vault(BackupVaultName=f"{NAME}-copies")
    refusal = {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [refusal]})
    copies.put_backup_vault_access_policy(BackupVaultName=f"{NAME}-copies", Policy=document)
    run = playbooks.run("test_restore", drill_copy_to_region=COPY_REGION).failed()
    assert run.error.count("Remedy: ") == 3
    assert "quota, VPCs: 2 of 2 are used: AWS refuses another one. Remedy: ask for more" in run.error
    assert f"KMS key, of the vault {NAME}: it is Disabled. Remedy: aws kms enable-key" in run.error
    denied = "the vault's access policy denies that copies come in. Remedy: remove the Deny"
    assert f"copy destination, {NAME}-copies in {COPY_REGION}: {denied}" in run.error
    assert counts(playbooks) == before
    assert not list(playbooks.report_dir.glob("test_restore-*"))
    nowhere = playbooks.run("test_restore", drill_copy_to_region="eu-centrl-1").failed()
    assert "AWS Backup is not offered in a Region named 'eu-centrl-1'. Check drill_copy_to_region" in nowhere.error
    playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    assert counts(playbooks)["vaults"] == 0
