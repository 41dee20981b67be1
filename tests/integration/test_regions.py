"""Where the stage is deployed is found, or asked for."""

from __future__ import annotations

import json

import pytest

from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook


@pytest.fixture(autouse=True, scope="module")
def started(playbooks: Playbooks) -> None:
    """A sandbox with nothing in it."""
    playbooks.run("sandbox").succeeded()


def deploy_a_role(playbooks: Playbooks, region: str) -> None:
    """The first thing that a deployment creates, and all of it that a Region is found by."""
    playbooks.sandbox.client("iam").create_role(
        RoleName=f"AWSBackup-proven-backup-dev-{region}",
        Path=f"/proven-backup/dev/{region}/",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )


def test_nowhere(playbooks: Playbooks) -> None:
    assert "Not deployed: no Region of account 123456789012 has our IAM roles" in playbooks.run("test_backup").failed().error
    assert playbooks.reports()[-1]["verdict"] == "failed"
    run = playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    assert run.changed == 0
    assert "proven-backup-dev is deployed in no Region of account 123456789012: nothing to remove." in " ".join(run.output.split())


def test_a_region_that_is_not_deployed(playbooks: Playbooks) -> None:
    error = playbooks.run("test_backup", region="eu-central-1").failed().error
    assert "Not deployed: eu-central-1 of account 123456789012 has no vault proven-backup-dev" in error
    assert playbooks.reports()[-1]["verdict"] == "failed"


def test_several_must_be_chosen_from(playbooks: Playbooks) -> None:
    for region in ("us-west-2", "eu-central-1"):
        deploy_a_role(playbooks, region)
    error = playbooks.run("test_backup").failed().error
    assert "Deployed in several Regions of account 123456789012: eu-central-1, us-west-2." in error
    assert "Choose one with -e region=eu-central-1 or -e region=us-west-2." in error
    assert "region=all" not in error
    assert "or all of them with -e region=all" in playbooks.run("cleanup").failed().error


def test_a_wrong_region_names_the_right_ones(playbooks: Playbooks) -> None:
    error = playbooks.run("test_backup", region="eu-west-1").failed().error
    assert "It is deployed in eu-central-1, us-west-2: choose with -e region=eu-central-1 or -e region=us-west-2." in error
    run = playbooks.run("cleanup", region="eu-west-1", cleanup_keep_sandbox=True).succeeded()
    assert "proven-backup-dev is still deployed in eu-central-1, us-west-2" in " ".join(run.output.split())


def test_one_region_is_cleaned_and_the_other_left(playbooks: Playbooks) -> None:
    playbooks.run("cleanup", region="eu-central-1").succeeded()
    roles = playbooks.sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"]
    assert [role["RoleName"] for role in roles] == ["AWSBackup-proven-backup-dev-us-west-2"]
    assert playbooks.sandbox_runs()


def test_all_regions_are_cleaned(playbooks: Playbooks) -> None:
    deploy_a_role(playbooks, "eu-central-1")
    playbooks.run("cleanup", region="all").succeeded()
    assert not playbooks.sandbox_runs()
