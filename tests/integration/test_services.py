"""Every kind of target, deployed, backed up side by side, and removed; and a resource of somebody's that is only used."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.integration.conftest import Playbooks
from tests.integration.test_closed_loop import deployed_things

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
SCOPE = f"{REGION}:123456789012"
TYPES = {
    "ec2": "EC2",
    "ebs": "EBS",
    "rds": "RDS",
    "rds_mysql": "RDS",
    "aurora": "Aurora",
    "dynamodb": "DynamoDB",
    "efs": "EFS",
    "s3": "S3",
}
MINE = "somebody-elses-bucket"
MY_ARN = f"arn:aws:s3:::{MINE}"


def row(run_output: str, target: str) -> str:
    """A target's line of the table."""
    (line,) = re.findall(rf"^ +- '?({target} .*?)'?$", run_output, flags=re.MULTILINE)
    return str(line)


@pytest.fixture(scope="module")
def deployed(playbooks: Playbooks) -> str:
    """A deployment of everything; what deploy.yml said."""
    return playbooks.run("deploy", "--diff", "-vvv", region=REGION, drill_targets="all").succeeded().output


def test_everything_is_made_in_a_small_form_and_nobody_is_told_a_password(playbooks: Playbooks, deployed: str) -> None:
    rds = playbooks.sandbox.client("rds", REGION)
    databases = {each["DBInstanceIdentifier"]: each for each in rds.describe_db_instances()["DBInstances"]}
    engines = {name.removeprefix("proven-backup-dev-"): each["Engine"] for name, each in databases.items()}
    assert engines == {"rds": "postgres", "rds-mysql": "mysql", "aurora": "aurora-postgresql"}
    assert {each["DBInstanceClass"] for each in databases.values()} == {"db.t4g.micro", "db.serverless"}
    for each in [*databases.values(), *rds.describe_db_clusters()["DBClusters"]]:
        assert (each["DeletionProtection"], each["StorageEncrypted"]) == (False, True)
    passwords = re.findall(r"master_user_password: (\S+)|\"master_user_password\": \"?([^\",]+)", deployed)
    assert {one or other for one, other in passwords} <= {"VALUE_SPECIFIED_IN_NO_LOG_PARAMETER", "null"}
    s3 = playbooks.sandbox.client("s3", REGION)
    assert s3.get_bucket_versioning(Bucket=f"proven-backup-dev-123456789012-{REGION}")["Status"] == "Enabled"
    (role,) = [each for each in playbooks.sandbox.client("iam").list_roles()["Roles"] if each["RoleName"].startswith("AWSBackup-")]
    attached = playbooks.sandbox.client("iam").list_attached_role_policies(RoleName=role["RoleName"])["AttachedPolicies"]
    assert {"AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"} <= {each["PolicyName"] for each in attached}
    selected = selected_arns(playbooks)
    assert len(selected) == len(TYPES)


def selected_arns(playbooks: Playbooks) -> list[str]:
    """What the plan backs up."""
    backup = playbooks.sandbox.client("backup", REGION)
    (plan,) = backup.list_backup_plans()["BackupPlansList"]
    (selection,) = backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]
    details = backup.get_backup_selection(BackupPlanId=plan["BackupPlanId"], SelectionId=selection["SelectionId"])
    return list(details["BackupSelection"]["Resources"])


@pytest.mark.usefixtures("deployed")
def test_a_failing_target_does_not_hide_the_others(playbooks: Playbooks) -> None:
    s3, backup = playbooks.sandbox.client("s3", REGION), playbooks.sandbox.client("backup", REGION)
    s3.create_bucket(Bucket=MINE, CreateBucketConfiguration={"LocationConstraint": REGION})
    mysql = f"arn:aws:rds:{SCOPE}:db:proven-backup-dev-rds-mysql"
    playbooks.sandbox.control("PUT", "/backup/outcomes", {"resource_arn": mysql, "state": "FAILED", "status_message": "The disk is full."})
    backup.update_region_settings(ResourceTypeOptInPreference={"EFS": False})
    run = playbooks.run("test_backup", drill_targets="all", drill_resource_arns={"s3": MY_ARN}).failed()
    backup.update_region_settings(ResourceTypeOptInPreference={"EFS": True})
    proofs = playbooks.proofs()
    failed = {"rds_mysql", "efs", "s3"}
    assert {name for name, proof in proofs.items() if proof["verdict"] == "failed"} == failed
    assert {name for name, proof in proofs.items() if proof["verdict"] == "passed"} == set(TYPES) - failed
    assert "The disk is full." in proofs["rds_mysql"]["reason"]
    assert "not opted in" in proofs["efs"]["reason"]
    assert "Switch the type on for AWS Backup in this Region" in proofs["efs"]["reason"]
    assert f"Versioning is not enabled on {MINE} within account 123456789012" in proofs["s3"]["reason"]
    assert "Switch the bucket's versioning on" in proofs["s3"]["reason"]
    assert all(f"{name}: {proofs[name]['reason']}" in run.error for name in failed)
    assert [link["result"] for link in proofs["rds_mysql"]["links"]] == ["passed", "passed", "failed", *["not reached"] * 3]


@pytest.mark.usefixtures("deployed")
def test_all_jobs_run_side_by_side_and_are_proven(playbooks: Playbooks) -> None:
    playbooks.sandbox.control("DELETE", "/backup/outcomes")
    playbooks.sandbox.client("s3", REGION).put_bucket_versioning(Bucket=MINE, VersioningConfiguration={"Status": "Enabled"})
    run = playbooks.run("test_backup", drill_targets="all", drill_resource_arns={"s3": MY_ARN}).succeeded()
    proofs = playbooks.proofs()
    assert {name: proof["resource_type"] for name, proof in proofs.items()} == TYPES
    assert proofs["s3"]["resource_arn"] == MY_ARN
    for name, proof in proofs.items():
        assert (proof["verdict"], {link["result"] for link in proof["links"]}, proof["grade"]) == ("passed", {"passed"}, "read_back"), name
        assert proof["recovery_point"]["resource_arn"] == proof["resource_arn"]
        assert proof["backup_job"]["backup_job_id"] in row(run.output, name)
        assert "[passed]" in row(run.output, name)
    assert "8.0 GiB" in row(run.output, "ec2")
    assert not any(each["Tagged"] for each in tags_of_mine(playbooks)), "a resource of somebody's stays as it is"


def tags_of_mine(playbooks: Playbooks) -> list[dict[str, Any]]:
    """Whether somebody's bucket has tags."""
    tagging = playbooks.sandbox.client("resourcegroupstaggingapi", REGION)
    found = tagging.get_resources()["ResourceTagMappingList"]
    return [{"Tagged": bool(each["Tags"])} for each in found if each["ResourceARN"] == MY_ARN]


@pytest.mark.usefixtures("deployed")
def test_every_kind_comes_back_and_nothing_of_it_stays(playbooks: Playbooks) -> None:
    before = databases_and_buckets(playbooks)
    playbooks.run("test_restore", drill_targets="all", drill_resource_arns={"s3": MY_ARN}).succeeded()
    (folder,) = playbooks.report_dir.glob("test_restore-*")
    proofs = {proof["target"]: proof for proof in json.loads((folder / "report.json").read_text())["targets"]}
    assert set(proofs) == set(TYPES)
    for proof in proofs.values():
        assert (proof["verdict"], proof["restore_job"]["status"]) == ("passed", "COMPLETED"), proof["reason"]
        restored = proof["restore_job"]["created_resource_arn"]
        assert (restored.split(":")[2], restored == proof["resource_arn"]) == (proof["resource_arn"].split(":")[2], False)
    assert proofs["s3"]["resource_arn"] == MY_ARN
    assert databases_and_buckets(playbooks) == before


def databases_and_buckets(playbooks: Playbooks) -> set[str]:
    """The names of all databases, clusters and buckets."""
    rds, s3 = playbooks.sandbox.client("rds", REGION), playbooks.sandbox.client("s3", REGION)
    return {
        *(each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]),
        *(each["DBClusterIdentifier"] for each in rds.describe_db_clusters()["DBClusters"]),
        *(each["Name"] for each in s3.list_buckets()["Buckets"]),
    }


@pytest.mark.usefixtures("deployed")
def test_what_is_named_must_exist_here_and_be_somebody_elses(playbooks: Playbooks) -> None:
    ours = f"arn:aws:dynamodb:{SCOPE}:table/proven-backup-dev-dynamodb"
    for arns, problem in [
        ({"dynamodb": f"arn:aws:dynamodb:{SCOPE}:table/none"}, f"{SCOPE}:table/none does not exist in {REGION}"),
        ({"dynamodb": ours}, f"{ours} carries the tags of this stage"),
    ]:
        run = playbooks.run("deploy", region=REGION, drill_targets="dynamodb", drill_resource_arns=arns).failed()
        assert problem in run.error
        assert run.changed == 0


@pytest.mark.usefixtures("deployed")
def test_cleanup_removes_all_but_what_is_somebody_elses(playbooks: Playbooks) -> None:
    s3 = playbooks.sandbox.client("s3", REGION)
    bucket = f"proven-backup-dev-123456789012-{REGION}"
    for body in (b"first", b"second"):
        s3.put_object(Bucket=bucket, Key="versioned", Body=body)
    s3.delete_object(Bucket=bucket, Key="versioned")
    # With the default settings: what is removed does not depend on them.
    run = playbooks.run("cleanup", cleanup_keep_sandbox=True).succeeded()
    assert f"Nothing of ours is left in {REGION}." in run.output
    assert deployed_things(playbooks) == []
    assert [each["Name"] for each in s3.list_buckets()["Buckets"]] == [MINE]
    ec2 = playbooks.sandbox.client("ec2", REGION)
    assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
    rds = playbooks.sandbox.client("rds", REGION)
    assert (rds.describe_db_instances()["DBInstances"], rds.describe_db_clusters()["DBClusters"]) == ([], [])
    assert rds.describe_db_subnet_groups()["DBSubnetGroups"] == []
    assert s3.head_bucket(Bucket=MINE)["ResponseMetadata"]["HTTPStatusCode"] == 200
