"""Bad settings: one clear line each, before anything is created."""

from __future__ import annotations

import json

import pytest

from tests.conftest import ACCESS_KEY, ACCOUNT, SECRET_KEY
from tests.integration.conftest import Playbooks, Run, another_program

pytestmark = pytest.mark.playbook

SECRET = "B00SECRETTOKEN"
# How the session tokens of the sandbox's STS begin, like those of AWS.
TOKEN_START = "FQoGZXIvYXdzEBYaD"


def test_a_taken_port_is_named_with_its_owner(playbooks: Playbooks) -> None:
    with another_program(playbooks.port):
        error = playbooks.run("deploy", sandbox_timeout=5).failed().error
    assert f"port {playbooks.port} on 127.0.0.1 is taken by another program; choose another port" in error


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"region": "us-wast-2"}, "AWS Backup is not offered in a Region named 'us-wast-2'"),
        ({"stage": "a-stage-with-a-name-far-too-long-for-iam"}, "cannot begin our resources' names: 2 to 39 letters"),
        ({"vault_name": "my vault!"}, "'my vault!' cannot be a vault's name: AWS takes 2 to 50 letters"),
        ({"slack_webhook_url": ""}, "There is no Slack webhook. Set SLACK_WEBHOOK_URL"),
        ({"slack_webhook_url": f"https://example.com/{SECRET}"}, "holds no such thing as a Slack webhook"),
    ],
    ids=["region", "stage", "vault name", "no webhook", "malformed webhook"],
)
def test_bad_settings_fail_before_anything_is_created(playbooks: Playbooks, setting: dict[str, str], message: str) -> None:
    run = playbooks.run("deploy", "-vvv", **setting).failed()
    assert message in run.error
    assert SECRET not in run.output
    assert playbooks.sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"] == []


def test_every_bad_setting_of_the_deployment_is_named_before_anything_is_created(playbooks: Playbooks) -> None:
    error = (
        playbooks.run(
            "deploy",
            extra_tags=["Team"],
            notifier_vault_events=["BACKUP_JOB_DONE"],
            vault_schedule_expression="hourly",
            vault_delete_after_days="a week",
            restore_testing_enabled=True,
            restore_testing_schedule_expression="weekly",
            restore_testing_start_window_hours=0,
            restore_testing_metadata_overrides={"mysql": {}},
        )
        .failed()
        .error
    )
    for problem in (
        "extra_tags: ['Team'] is no dictionary of keys and values",
        "notifier_vault_events: 'BACKUP_JOB_DONE' is not known; known are ACCESS_POINT_AVAILABLE",
        "vault_schedule_expression: 'hourly' is no cron expression of six fields",
        "vault_delete_after_days: 'a week' is no whole number from 1 to 36500",
        "restore_testing_schedule_expression: 'weekly' is no cron expression of six fields",
        "restore_testing_start_window_hours: 0 is no whole number from 1 to 168 (in hours)",
        "restore_testing_metadata_overrides: 'mysql' is not known; known are ec2,",
    ):
        assert problem in error
    assert playbooks.sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"] == []


def test_real_aws_without_a_webhook(playbooks: Playbooks) -> None:
    error = playbooks.run("deploy", "-i", "inventories/aws").failed().error
    assert "There is no Slack webhook. Set SLACK_WEBHOOK_URL" in error


def test_real_aws_without_credentials(playbooks: Playbooks, tmp_path: object) -> None:
    run = playbooks.run(
        "deploy",
        "-i",
        "inventories/aws",
        env={
            "SLACK_WEBHOOK_URL": f"https://hooks.slack.com/services/T1/B1/{SECRET}",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": f"{tmp_path}/none",
            "AWS_SHARED_CREDENTIALS_FILE": f"{tmp_path}/none",
        },
    ).failed()
    assert "AWS does not know us" in run.error
    assert "Unable to locate credentials" in run.error
    assert SECRET not in run.output


def on_aws_inventory(playbooks: Playbooks, playbook: str, *arguments: str, **extra: object) -> Run:
    """A playbook with the inventory for AWS, and the sandbox in AWS's place."""
    env = {
        "AWS_ENDPOINT_URL": playbooks.sandbox.endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "NO_PROXY": "127.0.0.1",
        "SLACK_WEBHOOK_URL": f"https://hooks.slack.com/services/T1/B1/{SECRET}",
    }
    return playbooks.run(playbook, "-i", "inventories/aws", *arguments, env=env, **extra)


def test_a_role_that_cannot_be_assumed(playbooks: Playbooks) -> None:
    playbooks.run("sandbox").succeeded()
    arn = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    error = on_aws_inventory(playbooks, "cleanup", "-vvv", aws_role_arn=arn).failed().error
    assert f"The role {arn} cannot be assumed: " in error
    assert f"(AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::{ACCOUNT}:user/moto is not authorized" in error
    assert "Check aws_role_arn, its trust policy and your own sts:AssumeRole permission." in error


def test_an_assumed_role_works_and_its_credentials_stay_secret(playbooks: Playbooks) -> None:
    playbooks.run("sandbox").succeeded()
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
    role = playbooks.sandbox.client("iam").create_role(RoleName="deployer", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    run = on_aws_inventory(playbooks, "cleanup", "-vvv", aws_role_arn=role["Arn"]).succeeded()
    assert f"Removing proven-backup-dev: aws, account {ACCOUNT}, no Region" in run.output
    assert TOKEN_START not in run.output


def test_on_aws_it_is_said_that_nobody_hears_the_alarms(playbooks: Playbooks) -> None:
    playbooks.run("sandbox").succeeded()
    run = on_aws_inventory(playbooks, "deploy", "--check", preflight_asks_receivers=False).succeeded()
    assert run.output.count("WARNING: nobody is told when the notifier itself fails") == 1
