"""Copying recovery points, and looking at the jobs that do it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from ansible_collections.proven.aws_backup.plugins.modules import backup_copy_job, backup_copy_job_info

FAR = "arn:aws:backup:eu-west-1:123456789012:backup-vault:far"
MISSING_ID = "2C3456C3-F33D-5EC6-CDC7-CCD890FE2345"
POINT = "arn:aws:ec2:us-west-2::snapshot/snap-0123456789abcdef0"
NOWHERE = {
    "endpoint_url": "http://127.0.0.1:9",
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "region": "us-west-2",
    "recovery_point_arn": POINT,
    "source_backup_vault_name": "nightly",
    "destination_backup_vault_arn": FAR,
    "iam_role_arn": "arn:aws:iam::123456789012:role/backup",
}


@pytest.fixture
def far(sandbox: Any) -> Any:
    """A client of the Region that is copied to, where the vault far is."""
    client = sandbox.client("backup", region="eu-west-1")
    client.create_backup_vault(BackupVaultName="far")
    return client


@pytest.fixture
def copy_args(connection: dict[str, Any], far: Any, role_arn: str, load_points: Any) -> dict[str, Any]:
    """Options that copy a recovery point, which exists, into the vault far."""
    (arn,) = load_points(resource_type="EBS")
    far_arn = far.describe_backup_vault(BackupVaultName="far")["BackupVaultArn"]
    where = {"source_backup_vault_name": "nightly", "destination_backup_vault_arn": far_arn}
    return {**connection, "recovery_point_arn": arn, "iam_role_arn": role_arn, **where}


def outcome(sandbox: Any, **outcome: Any) -> None:
    """Decide how the copies that start from now on end."""
    sandbox.control("PUT", "/backup/outcomes", {"kind": "copy_job", "resource_arn": "*", **outcome})


def deny(client: Any, vault: str, action: str) -> None:
    """Have a vault's policy deny an action to everyone."""
    statement = {"Sid": "NoCopies", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
    client.put_backup_vault_access_policy(BackupVaultName=vault, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))


def copies(far: Any) -> list[dict[str, Any]]:
    """The recovery points of the vault far."""
    listed: list[dict[str, Any]] = far.list_recovery_points_by_backup_vault(BackupVaultName="far")["RecoveryPoints"]
    return listed


def test_copy_and_wait(run_module: Any, far: Any, copy_args: dict[str, Any]) -> None:
    result = run_module(backup_copy_job, {**copy_args, "lifecycle": {"delete_after_days": 7}, "wait": True})
    assert (result["changed"], result["timed_out"]) == (True, False)
    job = result["copy_job"]
    assert (job["state"], job["source_recovery_point_arn"]) == ("COMPLETED", copy_args["recovery_point_arn"])
    (copy,) = copies(far)
    assert (copy["RecoveryPointArn"], copy["Lifecycle"]) == (job["destination_recovery_point_arn"], {"DeleteAfterDays": 7})
    assert [entry["state"] for entry in result["timeline"]][-1] == "COMPLETED"
    assert all(set(entry) == {"state", "time"} for entry in result["timeline"])


def test_check_mode_starts_nothing(run_module: Any, backup: Any, copy_args: dict[str, Any]) -> None:
    result = run_module(backup_copy_job, {**copy_args, "wait": True}, check=True)
    assert (result["changed"], result["copy_job"]["state"]) == (True, "CREATED")
    assert result["copy_job"]["destination_backup_vault_arn"] == FAR
    assert backup.list_copy_jobs()["CopyJobs"] == []


def test_a_token_makes_it_idempotent(run_module: Any, backup: Any, copy_args: dict[str, Any]) -> None:
    first = run_module(backup_copy_job, {**copy_args, "idempotency_token": "once"})
    second = run_module(backup_copy_job, {**copy_args, "idempotency_token": "once", "wait": True})
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["copy_job"]["copy_job_id"] == second["copy_job"]["copy_job_id"]
    assert len(backup.list_copy_jobs()["CopyJobs"]) == 1


def test_wait_for_a_job_that_was_started_before(run_module: Any, connection: dict[str, Any], copy_args: dict[str, Any]) -> None:
    job_id = run_module(backup_copy_job, copy_args)["copy_job"]["copy_job_id"]
    result = run_module(backup_copy_job, {**connection, "copy_job_id": job_id, "wait": True})
    assert (result["changed"], result["copy_job"]["state"]) == (False, "COMPLETED")


def test_a_job_that_fails(sandbox: Any, run_module: Any, far: Any, copy_args: dict[str, Any]) -> None:
    outcome(sandbox, state="FAILED", status_message="Given key ID is not accessible")
    result = run_module(backup_copy_job, {**copy_args, "wait": True})
    assert (result["failed"], result["changed"], result["copy_job"]["state"]) == (True, True, "FAILED")
    job_id = result["copy_job"]["copy_job_id"]
    assert result["msg"] == (
        f"The copy job {job_id} of {copy_args['recovery_point_arn']} into {FAR} ended FAILED: Given key ID is not accessible"
        " (check the state and the policy of the keys of both vaults)"
    )
    expected = run_module(backup_copy_job, {**copy_args, "wait": True, "expected_states": ["FAILED"]})
    assert "failed" not in expected
    assert copies(far) == []


def test_refused_by_the_policy_of_the_destination(run_module: Any, far: Any, copy_args: dict[str, Any]) -> None:
    deny(far, "far", "backup:CopyIntoBackupVault")
    result = run_module(backup_copy_job, {**copy_args, "wait": True})
    assert result["failed"] is True
    assert "ended FAILED: Access Denied trying to call AWS Backup service (allow backup:CopyIntoBackupVault in the" in result["msg"]


def test_retention_outside_the_lock_of_the_destination(run_module: Any, far: Any, copy_args: dict[str, Any]) -> None:
    far.put_backup_vault_lock_configuration(BackupVaultName="far", MinRetentionDays=30)
    result = run_module(backup_copy_job, {**copy_args, "wait": True, "lifecycle": {"delete_after_days": 7}})
    assert "not within the range specified for the target Backup Vault. (set lifecycle.delete_after_days to what" in result["msg"]
    assert "failed" not in run_module(backup_copy_job, {**copy_args, "wait": True, "lifecycle": {"delete_after_days": 30}})


def test_destination_that_does_not_exist(run_module: Any, copy_args: dict[str, Any]) -> None:
    args = {**copy_args, "destination_backup_vault_arn": f"{FAR}-too-far", "wait": True}
    assert f"backup vault {FAR}-too-far does not exist. (create the destination vault, or" in run_module(backup_copy_job, args)["msg"]


def test_job_that_outlives_the_wait(sandbox: Any, run_module: Any, copy_args: dict[str, Any]) -> None:
    outcome(sandbox, hold=True)
    result = run_module(backup_copy_job, {**copy_args, "wait": True, "wait_timeout": 1})
    job_id = result["copy_job"]["copy_job_id"]
    assert (result["failed"], result["timed_out"], result["copy_job"]["state"]) == (True, True, "RUNNING")
    assert result["msg"].startswith(f"The copy job {job_id} is still RUNNING after 1 s")
    assert result["msg"].endswith(f"backup_copy_job_info, or wait on with backup_copy_job, both with copy_job_id: {job_id}")


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"resource_type": "S3", "continuous": True}, "is a continuous backup"),
        ({"storage_class": "COLD"}, "is in cold storage"),
    ],
)
def test_points_that_aws_does_not_copy(
    run_module: Any, copy_args: dict[str, Any], load_points: Any, order: dict[str, Any], words: str
) -> None:
    (arn,) = load_points(**order)
    result = run_module(backup_copy_job, {**copy_args, "recovery_point_arn": arn})
    assert result["failed"] is True
    assert result["msg"].startswith(f"Failed to copy the recovery point {arn} of the vault nightly into {FAR} with the role")
    assert words in result["msg"]


def test_point_that_does_not_exist(run_module: Any, copy_args: dict[str, Any]) -> None:
    result = run_module(backup_copy_job, {**copy_args, "recovery_point_arn": POINT})
    assert f"Failed to copy the recovery point {POINT}" in result["msg"]
    assert "(check the names and the Region)" in result["msg"]


def test_denied_by_the_policy_of_the_source(run_module: Any, backup: Any, copy_args: dict[str, Any]) -> None:
    deny(backup, "nightly", "backup:StartCopyJob")
    assert "Insufficient privileges to perform this action" in run_module(backup_copy_job, copy_args)["msg"]


def test_role_that_never_becomes_usable(run_module: Any, copy_args: dict[str, Any]) -> None:
    args = {**copy_args, "iam_role_arn": "arn:aws:iam::123456789012:role/missing", "role_propagation_timeout": 1}
    assert "the role must exist and trust backup.amazonaws.com" in run_module(backup_copy_job, args)["msg"]


def test_throttled_calls_are_made_again(run_module: Any, proxy: Any, copy_args: dict[str, Any]) -> None:
    proxy.refuse("PUT", "^/copy-jobs", "ThrottlingException", "Rate exceeded", times=1)
    result = run_module(backup_copy_job, copy_args)
    assert result["changed"] is True
    assert len(proxy.calls("^PUT /copy-jobs")) == 2


def test_id_of_no_job(run_module: Any, connection: dict[str, Any]) -> None:
    result = run_module(backup_copy_job, {**connection, "copy_job_id": MISSING_ID})
    assert result["msg"] == f"There is no copy job {MISSING_ID} in this account and Region: check copy_job_id and region"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source_backup_vault_name": "no such.vault"}, "backup_vault_name: 'no such.vault' is not 2 to 50 letters"),
        ({"recovery_point_arn": "snap-1"}, "recovery_point_arn: 'snap-1' is not an ARN"),
        ({"region": "us-east-1"}, "is in us-west-2, but the Region is us-east-1"),
        (
            {"destination_backup_vault_arn": "far"},
            "destination_backup_vault_arn: 'far' is not the ARN of a backup vault; expected arn:",
        ),
        ({"iam_role_arn": "backup"}, "iam_role_arn: 'backup' is not the ARN of a role"),
        ({"lifecycle": {"delete_after_days": 0}}, "lifecycle.delete_after_days: 0 is neither"),
        ({"wait_timeout": 0}, "wait_timeout: 0 is less than 1 second"),
        ({"role_propagation_timeout": -1}, "role_propagation_timeout: -1 is less than 0"),
        ({"iam_role_arn": None}, "iam_role_arn: missing, a job can't be started without"),
        ({"copy_job_id": MISSING_ID}, "parameters are mutually exclusive: copy_job_id|"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_bad_options(run_module: Any, change: dict[str, Any], message: str, check: bool) -> None:
    result = run_module(backup_copy_job, {**NOWHERE, **change}, check=check)
    assert result["failed"] is True
    assert message in result["msg"]
    assert "\n" not in result["msg"]


def test_every_option_is_of_a_start_or_of_any_job() -> None:
    documented = set(yaml.safe_load(backup_copy_job.DOCUMENTATION)["options"])
    assert documented - backup_copy_job.NEW_JOB_OPTIONS == {"copy_job_id", "wait", "wait_timeout", "expected_states"}


def test_jobs_are_described_and_listed(
    sandbox: Any, run_module: Any, connection: dict[str, Any], copy_args: dict[str, Any], load_points: Any
) -> None:
    done = run_module(backup_copy_job, {**copy_args, "wait": True})["copy_job"]
    outcome(sandbox, state="FAILED")
    (other,) = load_points(resource_type="EFS")
    failed = run_module(backup_copy_job, {**copy_args, "recovery_point_arn": other, "wait": True})["copy_job"]

    def found(**filters: Any) -> list[dict[str, Any]]:
        result = run_module(backup_copy_job_info, {**connection, **filters})
        assert result["changed"] is False
        jobs: list[dict[str, Any]] = result["copy_jobs"]
        return jobs

    assert found(copy_job_id=done["copy_job_id"]) == [done]
    assert found(copy_job_id=MISSING_ID) == []
    assert found(source_recovery_point_arn=other) == found(copy_job_state="FAILED") == found(resource_type="EFS") == [failed]
    assert len(found(destination_backup_vault_arn=FAR)) == len(found(created_after="2020-01-01")) == 2
    assert found(destination_backup_vault_arn=f"{FAR}2") == found(completed_before="2020-01-01T00:00:00Z") == []
    assert set(done) <= set(yaml.safe_load(backup_copy_job_info.RETURN)["copy_jobs"]["contains"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"destination_backup_vault_arn": "far"}, "destination_backup_vault_arn: 'far' is not the ARN of a backup vault"),
        ({"source_recovery_point_arn": "x"}, "source_recovery_point_arn: 'x' is not an ARN"),
        ({"account_id": "1"}, "account_id: '1' is neither 12 digits nor *"),
        ({"created_after": "soon"}, "created_after: 'soon' is not an ISO 8601 time"),
        ({"copy_job_id": "1", "resource_type": "EC2"}, "parameters are mutually exclusive"),
    ],
)
def test_bad_filters(run_module: Any, change: dict[str, Any], message: str) -> None:
    where = {name: NOWHERE[name] for name in ("endpoint_url", "access_key", "secret_key", "region")}
    assert message in run_module(backup_copy_job_info, {**where, **change})["msg"]
