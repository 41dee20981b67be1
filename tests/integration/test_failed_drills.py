"""A link that fails: the verdict says which and why, and the exit code is not 0."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook

REGION = "us-west-2"


@pytest.fixture(autouse=True, scope="module")
def deployed(playbooks: Playbooks) -> None:
    """A deployment to fail with."""
    playbooks.run("deploy", region=REGION).succeeded()


@pytest.fixture(autouse=True)
def no_faults(playbooks: Playbooks) -> None:
    """No outcome and no fault left over from another test."""
    playbooks.sandbox.control("DELETE", "/backup/outcomes")
    playbooks.sandbox.control("DELETE", "/slack/faults")


def results(playbooks: Playbooks) -> list[str]:
    """The results of the links in the newest report."""
    return [link["result"] for link in playbooks.proofs()["ec2"]["links"]]


@pytest.mark.parametrize(
    ("state", "status_message"),
    [
        ("FAILED", "Instance is not in state running."),
        ("EXPIRED", "Backup job expired before completion."),
        ("ABORTED", "Backup job was stopped by user."),
    ],
)
def test_a_job_that_does_not_complete(playbooks: Playbooks, state: str, status_message: str) -> None:
    playbooks.sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "state": state, "status_message": status_message})
    run = playbooks.run("test_backup").failed()
    assert "Verdict: FAILED" in run.output
    assert state in run.error
    assert status_message in run.error
    assert results(playbooks) == ["passed", "passed", "failed", "not reached", "not reached", "not reached"]


def test_a_job_that_outlives_the_wait(playbooks: Playbooks) -> None:
    playbooks.sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    run = playbooks.run("test_backup", drill_wait_timeout=3).failed()
    assert "RUNNING" in run.error
    backup = playbooks.sandbox.client("backup", REGION)
    (job,) = backup.list_backup_jobs(ByState="RUNNING")["BackupJobs"]
    assert job["BackupJobId"] in run.error
    backup.stop_backup_job(BackupJobId=job["BackupJobId"])


def test_a_notification_that_slack_refuses(playbooks: Playbooks) -> None:
    playbooks.sandbox.control("PUT", "/slack/faults", {"status": 404, "body": "no_service", "times": 100})
    run = playbooks.run("test_backup", drill_notification_timeout=4).failed()
    assert "no_service" in run.error
    assert results(playbooks) == ["passed", "passed", "passed", "passed", "failed", "not reached"]


def test_a_notification_that_never_comes(playbooks: Playbooks) -> None:
    sns = playbooks.sandbox.client("sns", REGION)
    for subscription in sns.list_subscriptions()["Subscriptions"]:
        sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    run = playbooks.run("test_backup", drill_notification_timeout=4).failed()
    assert results(playbooks) == ["passed", "passed", "passed", "passed", "failed", "not reached"]
    assert "proven-backup-dev-notifier" in run.error
    assert "published to the topic proven-backup-dev-events since " in run.error
    proof = playbooks.proofs()["ec2"]
    assert proof["grade"] == "none"
    evidence = proof["evidence"]
    assert evidence["topic"]["messages_published"] >= 1
    assert evidence["topic"]["notifications_failed"] == 0


def test_a_deploy_mends_what_was_broken(playbooks: Playbooks) -> None:
    assert playbooks.run("deploy", region=REGION).succeeded().changes == [
        "Events | Create the topic, with the function as its subscriber",
        "Events | Keep what the function cannot be given",
    ]
    playbooks.run("test_backup").succeeded()
