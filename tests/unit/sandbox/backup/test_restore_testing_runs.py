"""Test restores: which recovery points are restored, when, and what becomes of what they make."""

from __future__ import annotations

from typing import Any

import pytest

from .listening import bus_mailbox, details
from .restore_world import RestoreWorld

PLAN, EVENT = "proof", "Restore Job State Change"
NEVER = "cron(0 0 1 1 ? 2199)"
CHOICE = {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]}
TYPES = {
    "Aurora": "new_cluster",
    "DynamoDB": "new_table",
    "EBS": "new_volume",
    "EC2": "new_instance",
    "EFS": "new_file_system",
    "RDS": "new_database",
    "S3": "new_bucket",
}


class Proofs:
    """A plan, and what tests do with its test restores."""

    def __init__(self, world: Any) -> None:
        self.restores = RestoreWorld(world)
        self.world, self.backup, self.sandbox = world, world.backup, world.sandbox
        self.arn = ""

    def plan(self, schedule: str = NEVER, **choice: Any) -> None:
        """Create the plan."""
        document = {"RestoreTestingPlanName": PLAN, "ScheduleExpression": schedule, "RecoveryPointSelection": {**CHOICE, **choice}}
        self.arn = self.backup.create_restore_testing_plan(RestoreTestingPlan=document)["RestoreTestingPlanArn"]

    def select(self, kind: str = "DynamoDB", name: str = "all", **changes: Any) -> None:
        """Select what is restored."""
        usual = {"RestoreTestingSelectionName": name, "ProtectedResourceType": kind, "IamRoleArn": self.world.role_arn}
        document = {**usual, "ProtectedResourceArns": ["*"], "ValidationWindowHours": 1, **changes}
        self.backup.create_restore_testing_selection(RestoreTestingPlanName=PLAN, RestoreTestingSelection=document)

    def run(self) -> list[str]:
        """Run the plan now; returns the IDs of the restore jobs."""
        order = {"restore_testing_plan_name": PLAN}
        ids: list[str] = self.sandbox.control("POST", "/backup/restore-testing", order)["restore_job_ids"]
        return ids

    def job(self, job_id: str, **wanted: Any) -> dict[str, Any]:
        """A job, as soon as it is as wanted."""
        described: dict[str, Any] = self.world.wait_for(
            lambda: self.restores.job(job_id),
            lambda job: all(job.get(name) == value for name, value in wanted.items()) or job["Status"] == "FAILED",
        )
        assert {name: described.get(name) for name in wanted} == wanted, described.get("StatusMessage")
        return described

    def put(self, job_id: str, status: str, message: str = "") -> None:
        """Say what was found."""
        self.backup.put_restore_validation_result(RestoreJobId=job_id, ValidationStatus=status, ValidationStatusMessage=message)


@pytest.fixture
def proofs(world: Any) -> Proofs:
    """A sandbox in which an hour takes 0.6 s."""
    return Proofs(world)


def exists(sandbox: Any, arn: str) -> bool:
    """Whether something that was restored is still there."""
    name = arn.rpartition(":")[2].rpartition("/")[2]
    look = {
        "dynamodb": lambda: name in sandbox.client("dynamodb").list_tables()["TableNames"],
        "s3": lambda: name in [each["Name"] for each in sandbox.client("s3").list_buckets()["Buckets"]],
        "elasticfilesystem": lambda: name in str(sandbox.client("efs").describe_file_systems()["FileSystems"]),
        "rds": lambda: f":{name}'" in str([sandbox.client("rds").describe_db_instances(), sandbox.client("rds").describe_db_clusters()]),
        "ec2": lambda: (
            name
            in str(
                [
                    sandbox.client("ec2").describe_volumes(),
                    sandbox.client("ec2").describe_instances(Filters=[{"Name": "instance-state-name", "Values": ["running"]}]),
                ]
            )
        ),
    }
    return look[arn.split(":")[2]]()


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_restored_is_validated_and_deleted(proofs: Proofs, kind: str) -> None:
    proofs.sandbox.settings(time_scale=2000)
    original = getattr(proofs.restores, TYPES[kind])()
    point = proofs.restores.point(original)
    bus = bus_mailbox(proofs.sandbox, {"detail-type": [EVENT], "detail": {"status": ["COMPLETED"]}})
    proofs.plan()
    proofs.select(kind)
    (job_id,) = proofs.run()
    job = proofs.job(job_id, ValidationStatus="VALIDATING")
    assert (job["Status"], job["CreatedBy"]) == ("COMPLETED", {"RestoreTestingPlanArn": proofs.arn})
    assert (job["RecoveryPointArn"], job["SourceResourceArn"]) == (point, original)
    created = job["CreatedResourceArn"]
    assert created != original
    assert exists(proofs.sandbox, created)
    (told,) = details(bus.wait_for(1), EVENT)
    assert (told["restoreTestingPlanArn"], told["createdResourceArn"]) == (proofs.arn, created)
    proofs.put(job_id, "SUCCESSFUL", "all there")
    job = proofs.job(job_id, DeletionStatus="SUCCESSFUL")
    assert (job["ValidationStatus"], job["ValidationStatusMessage"]) == ("SUCCESSFUL", "all there")
    assert not exists(proofs.sandbox, created)
    assert exists(proofs.sandbox, original)


def test_the_schedule_runs_on_the_sandboxs_clock(proofs: Proofs) -> None:
    proofs.restores.point(proofs.world.table_arn)
    proofs.plan("rate(1 hour)")
    proofs.select()
    jobs = proofs.world.wait_for(lambda: proofs.backup.list_restore_jobs()["RestoreJobs"], lambda jobs: len(jobs) >= 3)
    assert {job["CreatedBy"]["RestoreTestingPlanArn"] for job in jobs} == {proofs.arn}
    plan = proofs.backup.get_restore_testing_plan(RestoreTestingPlanName=PLAN)["RestoreTestingPlan"]
    assert plan["LastExecutionTime"] > plan["CreationTime"]
    proofs.backup.delete_restore_testing_selection(RestoreTestingPlanName=PLAN, RestoreTestingSelectionName="all")
    proofs.backup.update_restore_testing_plan(RestoreTestingPlanName=PLAN, RestoreTestingPlan={"ScheduleExpression": NEVER})
    before = len(proofs.backup.list_restore_jobs()["RestoreJobs"])
    assert len(proofs.backup.list_restore_jobs()["RestoreJobs"]) == before


def test_without_a_result_the_validation_times_out(proofs: Proofs, code_of: Any) -> None:
    proofs.restores.point(proofs.world.table_arn)
    proofs.plan()
    proofs.select()
    (job_id,) = proofs.run()
    job = proofs.job(job_id, ValidationStatus="TIMED_OUT")
    assert job["ValidationStatusMessage"] == "No validation result was received within the validation window."
    late = {"RestoreJobId": job_id, "ValidationStatus": "SUCCESSFUL"}
    assert code_of(proofs.backup.put_restore_validation_result, **late) == "InvalidRequestException"
    assert not exists(proofs.sandbox, proofs.job(job_id, DeletionStatus="SUCCESSFUL")["CreatedResourceArn"])


def test_without_a_window_what_is_restored_is_deleted_at_once(proofs: Proofs) -> None:
    proofs.restores.point(proofs.world.table_arn)
    proofs.plan()
    proofs.select(ValidationWindowHours=0)
    (job_id,) = proofs.run()
    assert "ValidationStatus" not in proofs.job(job_id, DeletionStatus="SUCCESSFUL")


def test_what_lost_its_tag_stays(proofs: Proofs) -> None:
    proofs.restores.point(proofs.world.table_arn)
    proofs.plan()
    proofs.select(ValidationWindowHours=2)
    (job_id,) = proofs.run()
    created = proofs.job(job_id, ValidationStatus="VALIDATING")["CreatedResourceArn"]
    proofs.sandbox.client("dynamodb").untag_resource(ResourceArn=created, TagKeys=["awsbackup-restore-test"])
    proofs.put(job_id, "FAILED", "empty")
    job = proofs.job(job_id, DeletionStatus="FAILED")
    assert "does not have the tag" in job["DeletionStatusMessage"]
    assert exists(proofs.sandbox, created)


def test_overrides_are_taken_or_fail_the_job(proofs: Proofs) -> None:
    proofs.restores.point(proofs.world.table_arn)
    proofs.plan()
    proofs.select(RestoreMetadataOverrides={"TARGETTABLENAME": "mine"}, ValidationWindowHours=0)
    (job_id,) = proofs.run()
    assert proofs.job(job_id, Status="COMPLETED")["CreatedResourceArn"].endswith(":table/mine")
    named = {"RestoreTestingPlanName": PLAN, "RestoreTestingSelectionName": "all"}
    proofs.backup.update_restore_testing_selection(**named, RestoreTestingSelection={"RestoreMetadataOverrides": {"colour": "red"}})
    (job_id,) = proofs.run()
    job = proofs.job(job_id, Status="FAILED")
    assert "Unrecognized key(s): colour" in job["StatusMessage"]
    assert "ValidationStatus" not in job


def test_the_newest_of_each_resource_or_one_by_chance(proofs: Proofs) -> None:
    load = {"backup_vault_name": "vault", "resource_type": "DynamoDB", "count": 20, "age_days": [1, 20], "resources": 2}
    points = proofs.sandbox.control("POST", "/backup/recovery-points", load)["recovery_point_arns"]
    proofs.plan()
    proofs.select()
    jobs = [proofs.restores.job(job_id) for job_id in proofs.run()]
    assert {job["RecoveryPointArn"] for job in jobs} == set(points[-2:])
    chance = {"RecoveryPointSelection": {**CHOICE, "Algorithm": "RANDOM_WITHIN_WINDOW", "SelectionWindowDays": 10}}
    proofs.backup.update_restore_testing_plan(RestoreTestingPlanName=PLAN, RestoreTestingPlan=chance)
    chosen = {proofs.restores.job(job_id)["RecoveryPointArn"] for _ in range(20) for job_id in proofs.run()}
    assert len(chosen) > 2
    assert chosen <= set(points[-10:])


def test_vaults_arns_and_tags_decide(proofs: Proofs) -> None:
    other = proofs.backup.create_backup_vault(BackupVaultName="other")["BackupVaultArn"]
    load = {"backup_vault_name": "vault", "resource_type": "EBS"}
    dev = proofs.sandbox.control("POST", "/backup/recovery-points", {**load, "tags": {"Stage": "dev"}})["recovery_point_arns"]
    prod = proofs.sandbox.control("POST", "/backup/recovery-points", {**load, "tags": {"Stage": "prod"}})["recovery_point_arns"]
    proofs.sandbox.control("POST", "/backup/recovery-points", {**load, "backup_vault_name": "other"})
    proofs.plan(ExcludeVaults=[other])

    def restored(**selection: Any) -> set[str]:
        named = {"RestoreTestingPlanName": PLAN, "RestoreTestingSelectionName": "all"}
        proofs.backup.update_restore_testing_selection(**named, RestoreTestingSelection=selection)
        return {proofs.restores.job(job_id)["RecoveryPointArn"] for job_id in proofs.run()}

    proofs.select("EBS")
    stage = {"Key": "aws:ResourceTag/Stage", "Value": "dev"}
    assert restored() == {*dev, *prod}
    assert restored(ProtectedResourceConditions={"StringEquals": [stage]}) == {*dev}
    assert restored(ProtectedResourceConditions={"StringNotEquals": [stage]}) == {*prod}
    source = proofs.backup.describe_recovery_point(BackupVaultName="vault", RecoveryPointArn=dev[0])["ResourceArn"]
    assert restored(ProtectedResourceConditions={}, ProtectedResourceArns=[source]) == {*dev}


def test_a_plan_that_is_not_there_cannot_be_run(sandbox: Any) -> None:
    for body, reason in (
        ({"restore_testing_plan_name": "none"}, "none is no restore testing plan in us-west-2"),
        ({"region": "mars"}, "there is no Region mars"),
        ({"plan": "x"}, "unknown members: plan"),
    ):
        status, text = sandbox.request("POST", "/_sandbox/backup/restore-testing", body)
        assert (status, reason in text) == (400, True)
