"""The module backup_job against the sandbox."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.proven.aws_backup.plugins.modules import backup_job

MISSING_ID = "1b2345b2-f22c-4dab-5eb6-bbc7890ed123"
NOWHERE = {
    "endpoint_url": "http://127.0.0.1:9",
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "region": "us-west-2",
    "backup_vault_name": "nightly",
    "resource_arn": "arn:aws:dynamodb:us-west-2:123456789012:table/orders",
    "iam_role_arn": "arn:aws:iam::123456789012:role/backup",
}
"""A start that reaches no server: nothing listens on the port."""


@pytest.fixture
def hold(sandbox: Any) -> None:
    """Jobs run until they are stopped."""
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})


def outcome(sandbox: Any, state: str, **more: Any) -> None:
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "state": state, **more})


def job_count(sandbox: Any) -> int:
    return len(sandbox.client("backup").list_backup_jobs()["BackupJobs"])


def test_start_without_waiting(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    result = run_module(backup_job, start_args)
    assert result["changed"] is True
    assert result["backup_job"]["resource_arn"] == start_args["resource_arn"]
    assert result["backup_job"]["backup_vault_name"] == "nightly"
    assert result["backup_job"]["state"] in {"CREATED", "RUNNING"}
    assert "timeline" not in result
    assert job_count(sandbox) == 1


def test_start_and_wait(run_module: Any, start_args: dict[str, Any]) -> None:
    result = run_module(backup_job, {**start_args, "wait": True, "wait_timeout": 30})
    assert "msg" not in result
    assert result["backup_job"]["state"] == "COMPLETED"
    assert result["backup_job"]["recovery_point_arn"].startswith("arn:aws:dynamodb:us-west-2:123456789012:table/orders/backup/")
    assert result["timeline"][-1]["state"] == "COMPLETED"
    assert result["timeline"][0]["time"] <= result["timeline"][-1]["time"]
    assert result["timed_out"] is False
    assert result["waited_seconds"] >= 0


def test_every_option_reaches_aws(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    options = {
        "start_window_minutes": 60,
        "completion_window_minutes": 120,
        "lifecycle": {"delete_after_days": 1},
        "recovery_point_tags": {"project": "shop"},
        "wait": True,
    }
    job = run_module(backup_job, {**start_args, **options})["backup_job"]
    client = sandbox.client("backup")
    point = client.describe_recovery_point(BackupVaultName="nightly", RecoveryPointArn=job["recovery_point_arn"])
    assert point["Lifecycle"]["DeleteAfterDays"] == 1
    assert client.list_tags(ResourceArn=job["recovery_point_arn"])["Tags"]["project"] == "shop"
    described = client.describe_backup_job(BackupJobId=job["backup_job_id"])
    assert (described["StartBy"] - described["CreationDate"]).total_seconds() == pytest.approx(3600, abs=1)


def test_same_token_is_the_same_job_and_no_change(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    args = {**start_args, "idempotency_token": "release-42"}
    first, second = run_module(backup_job, args), run_module(backup_job, {**args, "wait": True})
    assert (first["changed"], second["changed"]) == (True, False)
    assert second["backup_job"]["backup_job_id"] == first["backup_job"]["backup_job_id"]
    assert second["backup_job"]["state"] == "COMPLETED"
    assert run_module(backup_job, {**args, "idempotency_token": "release-43"})["changed"] is True
    assert job_count(sandbox) == 2


def test_without_token_each_run_is_a_job(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    assert all(run_module(backup_job, start_args)["changed"] for _ in range(2))
    assert job_count(sandbox) == 2


def test_check_mode_starts_nothing(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    result = run_module(backup_job, {**start_args, "wait": True}, check=True)
    assert result["changed"] is True
    assert result["backup_job"] == {
        **{name: start_args[name] for name in ("backup_vault_name", "resource_arn", "iam_role_arn")},
        "state": "CREATED",
    }
    assert job_count(sandbox) == 0


def test_check_mode_cannot_tell_a_used_token_and_says_so(run_module: Any, start_args: dict[str, Any]) -> None:
    args = {**start_args, "idempotency_token": "release-42"}
    run_module(backup_job, args)
    assert run_module(backup_job, args, check=True)["changed"] is True
    assert run_module(backup_job, args)["changed"] is False
    assert yaml.safe_load(backup_job.DOCUMENTATION)["attributes"]["check_mode"]["support"] == "partial"


def test_wait_for_a_job_by_id(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    job_id = run_module(backup_job, start_args)["backup_job"]["backup_job_id"]
    result = run_module(backup_job, {**sandbox.connection(), "backup_job_id": job_id, "wait": True})
    assert result["changed"] is False
    assert result["backup_job"]["state"] == "COMPLETED"


@pytest.mark.parametrize("state", ["FAILED", "EXPIRED", "ABORTED", "PARTIAL"])
def test_other_ends_are_failures(sandbox: Any, run_module: Any, start_args: dict[str, Any], state: str) -> None:
    outcome(sandbox, state, status_message="The specified volume was not found.")
    result = run_module(backup_job, {**start_args, "wait": True})
    assert result["failed"] is True
    assert result["changed"] is True
    assert result["msg"].endswith(f"of {start_args['resource_arn']} ended {state}: The specified volume was not found.")
    assert result["backup_job"]["state"] == state
    assert result["timeline"][-1]["state"] == state
    assert result["timed_out"] is False


def test_another_end_can_be_expected(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    outcome(sandbox, "FAILED", status_message="You are not authorized to perform this operation.")
    result = run_module(backup_job, {**start_args, "wait": True, "expected_states": ["FAILED"]})
    assert "failed" not in result
    assert result["backup_job"]["state"] == "FAILED"
    sandbox.control("DELETE", "/backup/outcomes")
    wrong = run_module(backup_job, {**start_args, "wait": True, "expected_states": ["FAILED", "EXPIRED"]})
    assert wrong["failed"] is True
    assert f"of {start_args['resource_arn']} ended COMPLETED, not FAILED or EXPIRED: " in wrong["msg"]


def test_remarks_on_a_completed_job_are_a_warning(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    outcome(sandbox, "COMPLETED", status_message="Windows VSS Backup attempt failed", message_category="VSS_ERROR")
    result = run_module(backup_job, {**start_args, "wait": True})
    assert "failed" not in result
    assert any("COMPLETED with VSS_ERROR: Windows VSS Backup attempt failed" in str(warning) for warning in result["warnings"])


@pytest.mark.usefixtures("hold")
def test_job_that_outlives_the_wait(run_module: Any, start_args: dict[str, Any]) -> None:
    result = run_module(backup_job, {**start_args, "wait": True, "wait_timeout": 1})
    job_id = result["backup_job"]["backup_job_id"]
    assert result["failed"] is True
    assert result["changed"] is True
    assert result["timed_out"] is True
    assert result["backup_job"]["state"] == "RUNNING"
    assert result["msg"].startswith(f"The backup job {job_id} is still RUNNING at ")
    assert result["msg"].endswith(f"backup_job_info, or wait on with backup_job, both with backup_job_id: {job_id}")


@pytest.mark.usefixtures("hold")
def test_stop_and_wait(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    job_id = run_module(backup_job, start_args)["backup_job"]["backup_job_id"]
    args = {**sandbox.connection(), "state": "stopped", "backup_job_id": job_id}
    predicted = run_module(backup_job, args, check=True)
    assert predicted["changed"] is True
    assert predicted["backup_job"]["state"] in {"CREATED", "RUNNING"}
    stopped = run_module(backup_job, {**args, "wait": True})
    assert (stopped["changed"], stopped["backup_job"]["state"]) == (True, "ABORTED")
    again = run_module(backup_job, {**args, "wait": True})
    assert (again["changed"], again["backup_job"]["state"]) == (False, "ABORTED")


def test_stop_of_a_job_that_has_ended(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    job_id = run_module(backup_job, {**start_args, "wait": True})["backup_job"]["backup_job_id"]
    result = run_module(backup_job, {**sandbox.connection(), "state": "stopped", "backup_job_id": job_id})
    assert (result["changed"], result["backup_job"]["state"]) == (False, "COMPLETED")


@pytest.mark.usefixtures("hold")
def test_stop_of_a_type_that_aws_cannot_stop(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    database = sandbox.client("rds").create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t3.micro",
        Engine="mysql",
        MasterUsername="admin",
        MasterUserPassword="EXAMPLEKEY",
    )
    arn = database["DBInstance"]["DBInstanceArn"]
    job_id = run_module(backup_job, {**start_args, "resource_arn": arn})["backup_job"]["backup_job_id"]
    result = run_module(backup_job, {**sandbox.connection(), "state": "stopped", "backup_job_id": job_id})
    assert result["failed"] is True
    assert result["msg"] == f"AWS Backup can't stop jobs of RDS, so that {job_id} goes on: wait for its end instead"


@pytest.mark.parametrize("state", ["started", "stopped"])
def test_id_of_no_job(sandbox: Any, run_module: Any, state: str) -> None:
    result = run_module(backup_job, {**sandbox.connection(), "state": state, "backup_job_id": MISSING_ID})
    assert result["failed"] is True
    assert result["msg"] == f"There is no backup job {MISSING_ID} in this account and Region: check backup_job_id and region"


def test_role_that_becomes_usable(sandbox: Any, run_module: Any, start_args: dict[str, Any]) -> None:
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    create = {"RoleName": "late", "AssumeRolePolicyDocument": json.dumps(policy)}
    timer = threading.Timer(0.7, lambda: sandbox.client("iam").create_role(**create))
    timer.start()
    result = run_module(backup_job, {**start_args, "iam_role_arn": "arn:aws:iam::123456789012:role/late"})
    timer.join()
    assert result["changed"] is True
    assert job_count(sandbox) == 1


def test_role_that_never_becomes_usable(run_module: Any, start_args: dict[str, Any]) -> None:
    role_arn = "arn:aws:iam::123456789012:role/missing"
    result = run_module(backup_job, {**start_args, "iam_role_arn": role_arn, "role_propagation_timeout": 1})
    assert result["failed"] is True
    assert result["msg"].startswith(
        f"Failed to start a backup job of {start_args['resource_arn']} into the vault nightly with the role {role_arn}"
    )
    assert "the role must exist and trust backup.amazonaws.com" in result["msg"]
    assert "cannot be assumed by AWS Backup" in result["msg"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"backup_vault_name": "no such.vault"}, "backup_vault_name: 'no such.vault' is not 2 to 50 letters"),
        ({"resource_arn": "vol-1"}, "resource_arn: 'vol-1' is not an ARN"),
        ({"region": "us-east-1"}, "table/orders is in us-west-2, but the Region is us-east-1; AWS Backup works inside one Region"),
        ({"iam_role_arn": "backup"}, "iam_role_arn: 'backup' is not the ARN of a role"),
        ({"start_window_minutes": 5}, "start_window_minutes: 5 is not between 60 and"),
        ({"start_window_minutes": 60, "completion_window_minutes": 60}, "completion_window_minutes: 60 must be more than the start window"),
        ({"lifecycle": {"delete_after_days": 0}}, "lifecycle.delete_after_days: 0 is neither"),
        ({"recovery_point_tags": {"aws:a": "b"}}, "recovery_point_tags: aws:a: keys that start with aws:"),
        (
            {"backup_options": {"WindowsVSS": "on"}},
            "value of WindowsVSS must be one of: enabled, disabled, got: on found in backup_options",
        ),
        ({"backup_options": {"VSS": "enabled"}}, "Unsupported parameters for"),
        ({"wait_timeout": 0}, "wait_timeout: 0 is less than 1 second"),
        ({"wait_timeout": "an hour"}, "argument 'wait_timeout' is of type"),
        ({"role_propagation_timeout": -1}, "role_propagation_timeout: -1 is less than 0"),
        ({"iam_role_arn": None}, "iam_role_arn: missing, a job can't be started without"),
        ({"resource_arn": "", "iam_role_arn": ""}, "resource_arn, iam_role_arn: missing, a job can't be started without"),
        ({"backup_job_id": MISSING_ID}, "parameters are mutually exclusive: backup_job_id|"),
        ({"state": "stopped"}, "state is stopped but all of the following are missing: backup_job_id"),
        ({"state": "paused"}, "value of state must be one of: started, stopped, got: paused"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_bad_options(run_module: Any, change: dict[str, Any], message: str, check: bool) -> None:
    result = run_module(backup_job, {**NOWHERE, **change}, check=check)
    assert result["failed"] is True
    assert message in result["msg"]
    assert "\n" not in result["msg"]


@pytest.mark.parametrize("state", ["started", "stopped"])
@pytest.mark.parametrize("option", sorted(backup_job.NEW_JOB_OPTIONS))
def test_options_of_a_start_are_refused_for_a_job_that_exists(run_module: Any, option: str, state: str) -> None:
    spec = {"lifecycle": {"delete_after_days": 1}, "recovery_point_tags": {"a": "b"}, "backup_options": {"WindowsVSS": "enabled"}}
    connection = {name: value for name, value in NOWHERE.items() if name not in backup_job.NEW_JOB_OPTIONS}
    result = run_module(backup_job, {**connection, "state": state, "backup_job_id": MISSING_ID, option: spec.get(option, 60)})
    assert result["failed"] is True
    assert result["msg"] == f"parameters are mutually exclusive: backup_job_id|{option}"


def test_every_option_is_of_a_start_or_of_any_job(run_module: Any) -> None:
    known = run_module(backup_job, {**NOWHERE, "unknown": 1})["msg"]
    documented = set(yaml.safe_load(backup_job.DOCUMENTATION)["options"])
    assert documented - backup_job.NEW_JOB_OPTIONS == {"state", "backup_job_id", "wait", "wait_timeout", "expected_states"}
    assert all(option in known for option in documented)


def test_role_left_out(run_module: Any) -> None:
    result = run_module(backup_job, {name: value for name, value in NOWHERE.items() if name != "iam_role_arn"})
    assert result["msg"] == "parameters are required together: backup_vault_name, resource_arn, iam_role_arn"


def test_vault_that_does_not_exist(run_module: Any, start_args: dict[str, Any]) -> None:
    result = run_module(backup_job, {**start_args, "backup_vault_name": "weekly"})
    assert result["failed"] is True
    assert result["msg"].startswith(f"Failed to start a backup job of {start_args['resource_arn']} into the vault weekly")
    assert "(check the names and the Region)" in result["msg"]


def test_resource_that_does_not_exist(run_module: Any, start_args: dict[str, Any]) -> None:
    missing = "arn:aws:dynamodb:us-west-2:123456789012:table/missing"
    result = run_module(backup_job, {**start_args, "resource_arn": missing})
    assert result["failed"] is True
    assert result["msg"].startswith(f"Failed to start a backup job of {missing} into the vault nightly")


def test_no_credentials(run_module: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    result = run_module(backup_job, {name: value for name, value in NOWHERE.items() if name not in {"access_key", "secret_key"}})
    assert result["failed"] is True
    assert "(give access_key and secret_key, a profile, or set them in the environment): Unable to locate credentials" in result["msg"]


def test_no_region(run_module: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    result = run_module(backup_job, {name: value for name, value in NOWHERE.items() if name != "region"})
    assert result["failed"] is True
    assert "requires a region" in result["msg"]


def test_server_that_does_not_answer(run_module: Any) -> None:
    result = run_module(backup_job, {**NOWHERE, "aws_config": {"retries": {"total_max_attempts": 1}}})
    assert result["failed"] is True
    assert 'Could not connect to the endpoint URL: "http://127.0.0.1:9/backup-jobs"' in result["msg"]
