"""Bad settings: one clear line each, before anything is created."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Playbooks, another_program

pytestmark = pytest.mark.playbook

SECRET = "B00SECRETTOKEN"


def test_a_taken_port_is_named_with_its_owner(playbooks: Playbooks) -> None:
    with another_program(playbooks.port):
        error = playbooks.run("deploy", sandbox_timeout=5).failed().error
    assert f"port {playbooks.port} on 127.0.0.1 is taken by another program; choose another port" in error


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"region": "us-wast-2"}, "AWS Backup is not offered in a Region named 'us-wast-2'"),
        ({"vault_name": "my vault!"}, "'my vault!' cannot be a vault's name: AWS takes 2 to 50 letters"),
        ({"slack_webhook_url": ""}, "There is no Slack webhook. Set SLACK_WEBHOOK_URL"),
        ({"slack_webhook_url": f"https://example.com/{SECRET}"}, "The Slack webhook is malformed"),
    ],
    ids=["region", "vault name", "no webhook", "malformed webhook"],
)
def test_bad_settings_fail_before_anything_is_created(playbooks: Playbooks, setting: dict[str, str], message: str) -> None:
    run = playbooks.run("deploy", **setting).failed()
    assert message in run.error
    assert SECRET not in run.output
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
