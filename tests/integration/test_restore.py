"""test_restore.yml on the sandbox: what comes back passes, each way of not coming back ends with its own reason, and nothing is left."""

from __future__ import annotations

import html
import json
import re
import signal
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ACCOUNT, ROOT
from tests.integration.conftest import Playbooks, Run

pytestmark = pytest.mark.playbook

REGION, COPY_REGION, ZONE = "us-west-2", "eu-central-1", "us-west-2b"
VAULT, COPIES = "proven-backup-dev", "proven-backup-dev-copies"
TARGETS = ["ec2", "ebs", "dynamodb", "efs", "s3"]
MARKED = {
    "Project": "proven-backup",
    "Stage": "dev",
    "ManagedBy": "proven.aws_backup",
    "proven-aws-backup-restored": "proven-backup-dev",
}
Report = dict[str, Any]


@pytest.fixture(autouse=True, scope="module")
def backed_up(playbooks: Playbooks) -> None:
    """A stage with five targets, each with a recovery point; those of a protected instance with a profile, and of a smaller volume."""
    # Not the first zone by name, in which a restore would come without being told.
    playbooks.run("deploy", region=REGION, drill_targets=TARGETS, target_availability_zone=ZONE).succeeded()
    ec2, iam = playbooks.sandbox.client("ec2", REGION), playbooks.sandbox.client("iam")
    mine = [{"Name": f"tag:{key}", "Values": [MARKED[key]]} for key in ("Project", "Stage")]
    instance = ec2.describe_instances(Filters=mine)["Reservations"][0]["Instances"][0]
    iam.create_role(RoleName="web", AssumeRolePolicyDocument="{}")
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    ec2.associate_iam_instance_profile(InstanceId=instance["InstanceId"], IamInstanceProfile={"Name": "web"})
    ec2.modify_instance_attribute(InstanceId=instance["InstanceId"], DisableApiTermination={"Value": True})
    playbooks.run("test_backup", drill_targets=TARGETS).succeeded()
    ec2.modify_instance_attribute(InstanceId=instance["InstanceId"], DisableApiTermination={"Value": False})
    for volume in ec2.describe_volumes(Filters=[*mine, {"Name": "status", "Values": ["available"]}])["Volumes"]:
        ec2.modify_volume(VolumeId=volume["VolumeId"], Size=volume["Size"] + 1)


@pytest.fixture(autouse=True)
def no_outcomes(playbooks: Playbooks) -> None:
    """No outcome left over from another test."""
    playbooks.sandbox.control("DELETE", "/backup/outcomes")


@pytest.fixture
def before(playbooks: Playbooks) -> dict[str, set[str]]:
    """What there is before a run."""
    return things(playbooks)


def things(playbooks: Playbooks) -> dict[str, set[str]]:
    """What there is of everything that a restore makes, in both Regions."""
    found: dict[str, set[str]] = {}
    for region in (REGION, COPY_REGION):
        client = {name: playbooks.sandbox.client(name, region) for name in ("ec2", "dynamodb", "efs", "backup", "rds")}
        live = [{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}]
        reservations = client["ec2"].describe_instances(Filters=live)["Reservations"]
        found |= {
            f"instances in {region}": {each["InstanceId"] for group in reservations for each in group["Instances"]},
            f"volumes in {region}": {each["VolumeId"] for each in client["ec2"].describe_volumes()["Volumes"]},
            f"VPCs in {region}": {each["VpcId"] for each in client["ec2"].describe_vpcs()["Vpcs"]},
            f"security groups in {region}": {each["GroupId"] for each in client["ec2"].describe_security_groups()["SecurityGroups"]},
            f"tables in {region}": set(client["dynamodb"].list_tables()["TableNames"]),
            f"file systems in {region}": {each["FileSystemId"] for each in client["efs"].describe_file_systems()["FileSystems"]},
            f"vaults in {region}": {each["BackupVaultName"] for each in client["backup"].list_backup_vaults()["BackupVaultList"]},
        }
    s3, iam = playbooks.sandbox.client("s3"), playbooks.sandbox.client("iam")
    roles = {each["RoleName"] for each in iam.list_roles(PathPrefix="/proven-backup/")["Roles"]}
    return {**found, "buckets": {each["Name"] for each in s3.list_buckets()["Buckets"]}, "roles": roles}


def report_of(playbooks: Playbooks) -> Report:
    """The newest report of a restore."""
    folders = sorted(playbooks.report_dir.glob("test_restore-*/report.json"), key=lambda path: path.stat().st_mtime)
    return json.loads(folders[-1].read_text())


def by_target(report: Report) -> dict[str, Report]:
    """The targets of a report, by name."""
    return {target["target"]: target for target in report["targets"]}


def results(target: Report) -> dict[str, str]:
    """The results of a target's links."""
    return {link["proof"]: link["result"] for link in target["links"]}


def seconds(phase: dict[str, str]) -> float:
    """How long a phase took."""
    return (datetime.fromisoformat(phase["end"]) - datetime.fromisoformat(phase["start"])).total_seconds()


def restore(playbooks: Playbooks, **extra: object) -> Run:
    """Run test_restore.yml for all targets."""
    return playbooks.run("test_restore", **{"drill_targets": TARGETS, **extra})


def interrupt_at(playbooks: Playbooks, task: str, **extra: object) -> None:
    """Run test_restore.yml and kill it as soon as a task begins."""
    process = subprocess.Popen(
        playbooks.command("test_restore", **extra),
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
    assert seen, f"test_restore.yml has no task {task}"


IN_ITS_ZONE = f"""
- name: Look at the volume
  amazon.aws.ec2_vol_info:
    filters: {{volume-id: "{{{{ restored_resource.identifier }}}}"}}
  register: found
  failed_when: found.volumes[0].zone != '{ZONE}'
  when: restored_resource.target == 'ebs'
"""


def test_all_come_back(playbooks: Playbooks, before: dict[str, set[str]], tmp_path: Path) -> None:
    checks = tmp_path / "checks.yml"
    checks.write_text(IN_ITS_ZONE)
    limits = {"drill_rpo_limit_seconds": 3600, "drill_rto_limit_seconds": 600}
    run = restore(playbooks, **limits, restore_checks=str(checks)).succeeded()
    report = report_of(playbooks)
    assert (report["verdict"], report["reason"], report["kind"]) == ("passed", "", "test_restore")
    assert report["limits"] == {"rpo_seconds": 3600, "rto_seconds": 600}
    assert list(by_target(report)) == TARGETS
    for name, target in by_target(report).items():
        assert {each["result"] for each in target["checks"]} == {"passed"}, target["checks"]
        assert "The canary came back" in {each["name"] for each in target["checks"]}
        assert ("It is isolated" in {each["name"] for each in target["checks"]}) == (name != "dynamodb")
        assert ("The canary's file came back" in {each["name"] for each in target["checks"]}) == (name == "ec2")
        assert set(results(target).values()) == {"passed"}, target["links"]
        assert [phase["phase"] for phase in target["phases"]] == ["backup job", "alert", "restore", "check", "removal"]
        assert target["backup_job"]["recovery_point_arn"] == target["recovery_point"]["recovery_point_arn"]
        assert (target["grade"], target["notification"]["state"]) == ("accepted", "COMPLETED")
        assert target["notification"]["job_id"].upper() == target["backup_job"]["backup_job_id"].upper()
        # Restore and own checks, without those of the targets that were judged before.
        times = {phase["phase"]: seconds(phase) for phase in target["phases"]}
        assert times["restore"] < target["rto_seconds"] <= times["restore"] + times["check"] + 0.01
        assert 0 < target["rpo_seconds"] < 3600
        assert target["created_resource_arn"] != target["resource_arn"]
        assert target["restore_job"]["source_resource_arn"] == target["resource_arn"]
    assert [line for line in run.output.splitlines() if "dynamodb" in line and "[passed]" in line and "COMPLETED" in line]
    instance_id = by_target(report)["ec2"]["created_resource_arn"].rsplit("/", 1)[1]
    reservations = playbooks.sandbox.client("ec2", REGION).describe_instances(InstanceIds=[instance_id])["Reservations"]
    assert reservations[0]["Instances"][0]["Placement"]["AvailabilityZone"] == ZONE
    page = (playbooks.report_dir / report["run"] / "index.html").read_text()
    ec2 = by_target(report)["ec2"]
    evidence = (ec2["backup_job"]["backup_job_id"], ec2["notification"]["log_stream_name"], ec2["restore_job"]["restore_job_id"])
    assert all(html.escape(each) in page for each in evidence)
    jobs = playbooks.sandbox.client("backup", REGION).list_restore_jobs()["RestoreJobs"]
    assert {job["ValidationStatus"] for job in jobs} == {"SUCCESSFUL"}
    assert things(playbooks) == before


def test_each_way_of_not_coming_back_has_its_reason(playbooks: Playbooks, before: dict[str, set[str]], tmp_path: Path) -> None:
    arns = {name: target["resource_arn"] for name, target in by_target(report_of(playbooks)).items()}
    outcomes = {
        "dynamodb": {"content": "lost"},
        "s3": {"content": "altered"},
        "ebs": {"state": "FAILED", "status_message": "The volume cannot be created."},
        "efs": {"hold": True},
    }
    for name, outcome in outcomes.items():
        playbooks.sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": arns[name], **outcome})
    checks = tmp_path / "checks.yml"
    checks.write_text(
        "- name: Ask the instance\n"
        "  ansible.builtin.assert:\n"
        "    that: item == 22 or restored_resource.target != 'ec2'\n"
        "    fail_msg: >-\n"
        "      The restored {{ restored_resource.identifier }} of {{ restored_resource.source_resource_arn }}\n"
        "      in {{ restored_resource.vpc_id }}, {{ restored_resource.subnet_ids | join }},\n"
        "      {{ restored_resource.security_group_id }} does not answer on {{ item }}.\n"
        "  loop: [22, 80, 443]\n"
    )
    error = restore(playbooks, restore_checks=str(checks), drill_wait_timeout=25, drill_rpo_limit_seconds=1).failed().error
    targets = by_target(report_of(playbooks))
    said = {name: target["reason"] for name, target in targets.items()}
    reasons = {name: reason.partition(" RPO exceeded: the recovery point was ")[0] for name, reason in said.items()}
    assert all(reason.endswith(" s old when its restore began, and the limit is 1 s.") for reason in said.values())
    assert reasons["dynamodb"] == "the canary is lost: the restored resource holds no marker."
    assert reasons["s3"].startswith("the canary is altered: its hash is ")
    assert reasons["ebs"].endswith("ended FAILED: The volume cannot be created.")
    # How old it was is known from the start; how long it took, only of what came back.
    assert {name for name, target in targets.items() if target["rpo_seconds"] > 0} == set(TARGETS)
    assert {target["rto_seconds"] for target in targets.values()} == {None}
    held = targets["efs"]["restore_job"]["restore_job_id"]
    assert reasons["efs"].startswith(f"The restore job {held} is still RUNNING after 25 s. AWS has no call that stops it")
    instance_id = targets["ec2"]["created_resource_arn"].rsplit("/", 1)[1]
    begins = rf"The restored {instance_id} of {arns['ec2']} in vpc-\w+, subnet-\w+, sg-\w+ does not answer on "
    assert re.fullmatch(rf"{begins}80\.; {begins}443\.", reasons["ec2"]), reasons["ec2"]
    assert all(f"{name}: {reason}"[:80] in error for name, reason in said.items())
    assert set(report_of(playbooks)["reason"].splitlines()) >= {f"{name}: {reason}" for name, reason in said.items()}
    assert results(targets["ec2"])["It is what was backed up"] == "passed"
    assert results(targets["ec2"])["Your own checks passed"] == "failed"
    assert results(targets["dynamodb"])["Your own checks passed"] == "not reached"
    backup = playbooks.sandbox.client("backup", REGION)
    validated = {name: backup.describe_restore_job(RestoreJobId=targets[name]["restore_job"]["restore_job_id"]) for name in ("s3", "ec2")}
    assert {job["ValidationStatus"] for job in validated.values()} == {"FAILED"}
    assert {name: job["ValidationStatusMessage"].removesuffix(".") for name, job in validated.items()} == {
        name: reasons[name].removesuffix(".") for name in validated
    }
    # The job that nothing stops is told, and so is that role and network wait for it.
    assert f"the restore jobs {held} still run, and AWS has no call that stops them" in error
    assert things(playbooks)["instances in us-west-2"] == before["instances in us-west-2"]
    playbooks.sandbox.control("POST", "/backup/events", {"kind": "restore_job", "job_id": held, "state": "ABORTED", "region": REGION})


def test_a_second_run_finishes_one_that_was_interrupted(playbooks: Playbooks) -> None:
    targets = ["dynamodb", "ec2"]
    interrupt_at(playbooks, "Check | Judge what was found", drill_targets=targets)
    names = playbooks.sandbox.client("dynamodb", REGION).list_tables()["TableNames"]
    run = restore(playbooks, drill_targets=["dynamodb"], drill_rpo_limit_seconds=1, drill_rto_limit_seconds=0.5).failed()
    (target,) = report_of(playbooks)["targets"]
    assert target["reason"].startswith(f"RPO exceeded: the recovery point was {target['rpo_seconds']:.0f} s old when its restore began")
    assert f"RTO exceeded: it took {target['rto_seconds']:.0f} s from the request until it was verified, and the limit is 0 s." in run.error
    assert results(target)["It is young enough, and came back soon enough"] == "failed"
    assert {phase["result"] for phase in target["phases"]} == {"passed"}
    folder = playbooks.report_dir / report_of(playbooks)["run"]
    assert 'failures="2"' in (folder / "report.xml").read_text()
    assert f"Report: {folder}/index.html, with report.json and report.xml beside it" in " ".join(run.output.split())
    assert target["checks"][-1] == {"name": "The canary came back", "result": "passed", "reason": ""}
    left = things(playbooks)
    assert not [name for name in left["tables in us-west-2"] if "restored" in name], names
    assert len(left["instances in us-west-2"]) == 1
    assert not [name for name in left["roles"] if "proof" in name]


def test_copies_come_back_in_the_other_region(playbooks: Playbooks, before: dict[str, set[str]]) -> None:
    copies = {"drill_copy_to_region": COPY_REGION, "drill_restore_from_copy": True}
    overrides = {"restore_metadata_overrides": {"ec2": {"InstanceType": "m5.large"}}}
    restore(playbooks, drill_targets=["ec2", "s3"], **copies, **overrides).succeeded()
    report = report_of(playbooks)
    assert (report["region"], report["restore_region"]) == (REGION, COPY_REGION)
    for target in report["targets"]:
        assert f":{COPY_REGION}:" in target["created_resource_arn"] or target["target"] == "s3"
        assert target["copy_job"]["state"] == "COMPLETED"
        assert results(target)[f"It was copied to {COPY_REGION}"] == "passed"
        assert [phase["phase"] for phase in target["phases"]] == ["backup job", "alert", "copy", "restore", "check", "removal"]
    assert things(playbooks) == before


def test_a_copy_that_the_other_vault_refuses_keeps_no_original_from_coming_back(playbooks: Playbooks, before: dict[str, set[str]]) -> None:
    backup = playbooks.sandbox.client("backup", COPY_REGION)
    backup.create_backup_vault(BackupVaultName=COPIES, BackupVaultTags=MARKED)
    refusal = {"Effect": "Deny", "Principal": "*", "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    backup.put_backup_vault_access_policy(BackupVaultName=COPIES, Policy=json.dumps({"Version": "2012-10-17", "Statement": [refusal]}))
    stopped = restore(playbooks, drill_targets=["s3"], drill_copy_to_region=COPY_REGION).failed().error
    assert f"copy destination, {COPIES} in {COPY_REGION}: the vault's access policy denies that copies come in" in stopped
    # A denial that nobody sees beforehand, such as one of the organization.
    backup.delete_backup_vault_access_policy(BackupVaultName=COPIES)
    refused = {"kind": "copy_job", "resource_arn": "*", "state": "FAILED", "status_message": "Access denied to CopyIntoBackupVault."}
    playbooks.sandbox.control("PUT", "/backup/outcomes", refused)
    run = restore(playbooks, drill_targets=["s3"], drill_copy_to_region=COPY_REGION).failed()
    (target,) = report_of(playbooks)["targets"]
    assert target["verdict"] == "failed"
    assert " ended FAILED: Access denied to CopyIntoBackupVault." in target["reason"]
    assert target["reason"][:60] in run.error
    assert run.output.index("Restore | Start it") < run.output.index("Copy | Wait for it")
    assert results(target) == {
        "The recovery point is usable": "passed",
        f"It was copied to {COPY_REGION}": "failed",
        "It was restored": "passed",
        "It is what was backed up": "passed",
        "It is young enough, and came back soon enough": "passed",
        "AWS Backup keeps the verdict": "passed",
        "What was restored is removed": "passed",
    }
    assert things(playbooks) == before


def test_a_copy_of_an_old_recovery_point_outlives_the_run(playbooks: Playbooks, before: dict[str, set[str]]) -> None:
    name = f"proven-backup-dev-{ACCOUNT}-{REGION}"
    aged = {"backup_vault_name": VAULT, "resource_type": "S3", "resource_arn": f"arn:aws:s3:::{name}", "age_days": 3.5, "region": REGION}
    (arn,) = playbooks.sandbox.control("POST", "/backup/recovery-points", aged)["recovery_point_arns"]
    restore(playbooks, drill_targets=["s3"], restore_recovery_point_arn=arn, drill_copy_to_region=COPY_REGION).failed()
    (target,) = report_of(playbooks)["targets"]
    assert results(target)[f"It was copied to {COPY_REGION}"] == "passed", target["reason"]
    assert {"name": "Its copy has its size", "result": "passed", "reason": ""} in target["checks"]
    assert target["copy_job"]["destination_recovery_point_lifecycle"] == {"delete_after_days": 5}
    assert target["rpo_seconds"] == pytest.approx(3.5 * 86400, abs=600)
    # A recovery point that the sandbox was given has nothing in it, and no job made it.
    assert ("grade" in target, target["backup_job"]) == (False, {})
    assert results(target)["It was restored"] == "failed"
    playbooks.sandbox.client("backup", REGION).delete_recovery_point(BackupVaultName=VAULT, RecoveryPointArn=arn)
    assert things(playbooks) == before


def test_what_cannot_be_restored_is_said_before_anything_is_made(playbooks: Playbooks, before: dict[str, set[str]]) -> None:
    missing = restore(playbooks, drill_targets=["dynamodb", "rds"]).failed()
    targets = by_target(report_of(playbooks))
    assert targets["dynamodb"]["verdict"] == "passed"
    assert "run playbooks/deploy.yml" in targets["rds"]["reason"]
    assert f"rds: {targets['rds']['reason']}"[:80] in missing.error
    assert list(results(targets["rds"]).values()) == ["failed", "not reached", "not reached", "not reached"]
    arn = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/none/backup/01"
    assert arn in restore(playbooks, restore_recovery_point_arn=arn).failed().error
    assert "restore_recovery_point_arn=foo is no ARN" in restore(playbooks, restore_recovery_point_arn="foo").failed().error
    overrides = {"restore_metadata_overrides": {"s3": {"NewBucket": False}}}
    assert "'NewBucket' of s3 is decided by the proof itself. Nothing was restored." in restore(playbooks, **overrides).failed().error
    assert "restore_checks=/nowhere.yml is no file" in restore(playbooks, restore_checks="/nowhere.yml").failed().error
    assert things(playbooks) == before


def test_cleanup_finishes_one_that_was_interrupted(playbooks: Playbooks) -> None:
    extra = {"drill_targets": ["s3", "ec2"], "drill_copy_to_region": COPY_REGION}
    interrupt_at(playbooks, "Judge what was restored", **extra)
    audit = playbooks.run("audit", drill_targets=TARGETS).failed()
    assert f"Still there in {COPY_REGION}: arn:aws:backup:{COPY_REGION}:{ACCOUNT}:backup-vault:{COPIES} " in audit.error
    assert audit.error.count(f"Still there in {REGION}: arn:aws:s3:::proven-backup-dev-{ACCOUNT}-{REGION} ") == 1
    playbooks.run("cleanup", drill_targets=TARGETS, cleanup_keep_sandbox=True).succeeded()
    left = things(playbooks)
    assert not any(left[kind] for kind in left if not kind.startswith(("VPCs", "security groups"))), left
    assert {kind: len(left[kind]) for kind in left if kind.startswith("VPCs")} == {f"VPCs in {REGION}": 1, f"VPCs in {COPY_REGION}": 1}
    assert "Nothing of ours is left" in playbooks.run("audit", region=REGION, drill_targets=TARGETS).succeeded().output
