"""Ends on demand: the drill passes when the right alert for that very job arrived, and only then; nothing of it stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.integration.conftest import TIME_SCALE, Playbooks

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
SERVICE_ROLE = "AWSBackup-proven-backup-dev-us-west-2"
ENDS = {"failed": "FAILED", "expired": "EXPIRED", "aborted": "ABORTED", "partial": "PARTIAL", "issues": "COMPLETED"}
LONG, SHORT = 15 * TIME_SCALE, 0.3 * TIME_SCALE
"""AWS seconds that a job takes: long enough to start another one meanwhile, and not."""

WRONG = {"notifier_lookups": False, "notifier_rules": [{"name": "quiet", "match": {"state": ["FAILED"]}, "post": "never"}]}


@pytest.fixture(autouse=True, scope="module")
def deployed(playbooks: Playbooks) -> None:
    """A deployment to drill."""
    playbooks.run("deploy", region=REGION).succeeded()


def leftovers(playbooks: Playbooks) -> list[str]:
    """What a drill makes and should have removed: volumes, their recovery points, roles."""
    volumes = playbooks.sandbox.client("ec2", REGION).describe_volumes(Filters=[{"Name": "status", "Values": ["available"]}])["Volumes"]
    backup = playbooks.sandbox.client("backup", REGION)
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName="proven-backup-dev", ByResourceType="EBS")["RecoveryPoints"]
    roles = playbooks.sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"]
    arns = [point["RecoveryPointArn"] for point in points] + [role["Arn"] for role in roles if "drill" in role["RoleName"]]
    return [volume["VolumeId"] for volume in volumes] + arns


def report(playbooks: Playbooks) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The newest report, and its scenarios by name."""
    newest: Any = playbooks.reports()[-1]
    return newest, {scenario["scenario"]: scenario for scenario in newest["scenarios"]}


def suite(playbooks: Playbooks) -> ET.Element:
    """The newest JUnit report's test suite."""
    newest = max(playbooks.report_dir.glob("*/report.xml"), key=lambda path: path.stat().st_mtime)
    found = ET.parse(newest).getroot().find("testsuite")
    assert found is not None
    return found


def job_count(playbooks: Playbooks) -> int:
    return len(playbooks.sandbox.client("backup", REGION).list_backup_jobs()["BackupJobs"])


def test_every_bad_end_is_told_as_what_it_is(playbooks: Playbooks) -> None:
    run = playbooks.run("test_backup", drill_scenario="all").succeeded()
    assert "Verdict: PASSED" in run.output
    newest, scenarios = report(playbooks)
    assert (newest["verdict"], newest["reason"], newest["left_out"], newest["leftovers"]) == ("passed", "", [], [])
    assert {name: scenario["backup_job"]["state"] for name, scenario in scenarios.items()} == ENDS
    for name, scenario in scenarios.items():
        assert (scenario["verdict"], scenario["grade"]) == ("passed", "read_back")
        told = scenario["evidence"]["accepted"][0]
        assert (told["state"], told["severity"]) == (ENDS[name], "warning" if name == "issues" else "failure")
        assert scenario["backup_job"]["backup_job_id"] in str(scenario["message"])
        assert f"{name} " in run.output
    assert len({scenario["resource_arn"] for scenario in scenarios.values()}) == 5
    assert (suite(playbooks).get("tests"), suite(playbooks).get("failures"), suite(playbooks).get("skipped")) == ("5", "0", "0")
    assert leftovers(playbooks) == []


def test_by_the_means_of_aws(playbooks: Playbooks) -> None:
    """As on AWS: without the control endpoint. The sandbox checks no permissions of roles, so it is told that jobs fail."""
    playbooks.sandbox.settings(job_seconds=LONG)
    playbooks.sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "state": "FAILED"})
    run = playbooks.run("test_backup", drill_scenario="all", drill_control_url="").succeeded()
    playbooks.sandbox.control("DELETE", "/backup/outcomes")
    newest, scenarios = report(playbooks)
    assert newest["left_out"] == ["partial", "issues"]
    assert "Left out on AWS: no honest means makes AWS Backup end a job so; the sandbox can" in " ".join(run.output.split())
    jobs = {name: scenario["backup_job"] for name, scenario in scenarios.items()}
    assert {name: job["state"] for name, job in jobs.items()} == {name: ENDS[name] for name in ("failed", "expired", "aborted")}
    assert jobs["failed"]["iam_role_arn"].split("/")[-1].startswith("AWSBackup-drill-proven-backup-dev-")
    assert {jobs[name]["iam_role_arn"].split("/")[-1] for name in ("expired", "aborted")} == {SERVICE_ROLE}
    assert jobs["expired"]["status_message"] == "Backup job failed because there was a running job for the same resource."
    assert jobs["aborted"]["status_message"] == "Backup job was stopped by user."
    assert (suite(playbooks).get("tests"), suite(playbooks).get("skipped")) == ("5", "2")
    assert leftovers(playbooks) == []


def test_what_cannot_be_had_honestly_is_refused_before_anything_is_done(playbooks: Playbooks) -> None:
    jobs, reports = job_count(playbooks), len(playbooks.reports())
    run = playbooks.run("test_backup", drill_scenario="partial", drill_control_url="").failed()
    assert "drill_scenario=partial is for the sandbox only" in run.error
    assert "On AWS choose failed, expired, aborted, or all for these. Nothing was started." in run.error
    assert (job_count(playbooks), len(playbooks.reports()), leftovers(playbooks)) == (jobs, reports, [])


def test_what_was_made_goes_also_when_no_job_can_be_started(playbooks: Playbooks) -> None:
    backup = playbooks.sandbox.client("backup", REGION)
    denial = {"Effect": "Deny", "Principal": "*", "Action": "backup:StartBackupJob", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denial]})
    backup.put_backup_vault_access_policy(BackupVaultName="proven-backup-dev", Policy=policy)
    run = playbooks.run("test_backup", drill_scenario="failed").failed()
    backup.delete_backup_vault_access_policy(BackupVaultName="proven-backup-dev")
    assert "Stage | Start the jobs: Failed to start a backup job" in run.error
    newest, scenarios = report(playbooks)
    assert (newest["verdict"], scenarios["failed"]["verdict"]) == ("failed", "not reached")
    assert (suite(playbooks).get("failures"), suite(playbooks).get("skipped")) == ("1", "1")
    assert leftovers(playbooks) == []


def test_the_wrong_alert_fails_the_drill(playbooks: Playbooks) -> None:
    """Without look-ups, SNS does not tell of a completed job's issues; and a rule mutes what failed."""
    playbooks.run("deploy", region=REGION, **WRONG).succeeded()
    playbooks.sandbox.settings(job_seconds=SHORT)
    run = playbooks.run("test_backup", drill_scenario="all").failed()
    newest, scenarios = report(playbooks)
    assert newest["verdict"] == "failed"
    assert {name for name, scenario in scenarios.items() if scenario["verdict"] == "failed"} == {"failed", "issues"}
    assert "a rule of the notifier mutes it: FAILED muted (slack, failure" in scenarios["failed"]["reason"]
    assert (
        "the wrong alert arrived: COMPLETED accepted (slack, success, HTTP 200), where warning was expected"
        in scenarios["issues"]["reason"]
    )
    assert {scenarios[name]["grade"] for name in ("failed", "issues")} == {"delivered"}
    assert {scenarios[name]["grade"] for name in ("expired", "aborted", "partial")} == {"read_back"}
    for name in ("failed", "issues"):
        assert scenarios[name]["reason"] in run.error
    failures = [case for case in suite(playbooks).findall("testcase") if case.find("failure") is not None]
    assert [str(case.get("name")) for case in failures] == ["failed: FAILED is told as a failure", "issues: COMPLETED is told as a warning"]
    assert leftovers(playbooks) == []


def test_cleanup_sweeps_up_after_an_interrupted_drill(playbooks: Playbooks) -> None:
    playbooks.sandbox.settings(job_seconds=LONG)
    drill = subprocess.Popen(
        playbooks.command("test_backup", drill_scenario="all", drill_control_url=""),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    assert drill.stdout
    output = ""
    while "Stage | Stop the one that is to be aborted" not in output:
        line = drill.stdout.readline()
        assert line, output
        output += line
    os.killpg(drill.pid, signal.SIGKILL)
    drill.communicate()
    time.sleep(1)
    assert len(leftovers(playbooks)) > 3, "three volumes, a role, and recovery points"
    cleaned = playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    assert "Nothing of ours is left in us-west-2." in cleaned.output
    assert playbooks.sandbox.client("ec2", REGION).describe_volumes()["Volumes"] == []
    assert playbooks.sandbox.client("iam").list_roles(PathPrefix="/proven-backup/")["Roles"] == []
