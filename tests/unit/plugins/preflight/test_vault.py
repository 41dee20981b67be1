"""The vault's lock, the windows, and jobs that run already."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Look

WANTED = {"checks": ["vault"], "backup_vault_name": "nightly"}


@pytest.fixture
def backup(sandbox: Any) -> Any:
    """A client; the vault exists."""
    client = sandbox.client("backup")
    client.create_backup_vault(BackupVaultName="nightly")
    return client


def test_a_vault_that_does_not_exist_yet(look: Look) -> None:
    assert look(**WANTED, delete_after_days=1)["result"] == "passed"


@pytest.mark.usefixtures("backup")
def test_a_vault_without_a_lock(look: Look) -> None:
    assert look(**WANTED, delete_after_days=1)["reason"] == "the vault is not locked"


@pytest.mark.parametrize(
    ("days", "result"), [(6, "failed"), (7, "passed"), (30, "passed"), (31, "failed"), (-1, "failed")], ids=lambda value: str(value)
)
def test_a_lifecycle_within_and_outside_the_lock(look: Look, backup: Any, days: int, result: str) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=7, MaxRetentionDays=30)
    finding = look(**WANTED, delete_after_days=days)
    assert finding["result"] == result
    if result == "failed":
        kept = "for ever" if days < 0 else f"for {days} days"
        assert finding["reason"] == f"its lock takes backups that are kept for 7 to 30 days, not {kept}: every job would fail"


def test_for_ever_is_within_a_lock_without_an_end(look: Look, backup: Any) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=7)
    assert look(**WANTED, delete_after_days=-1)["result"] == "passed"


def test_a_compliance_lock_is_worth_a_warning(look: Look, backup: Any) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1, ChangeableForDays=3)
    assert look(**WANTED, delete_after_days=1)["result"] == "warning"


@pytest.mark.parametrize(
    ("start", "completion", "result"), [(60, 120, "passed"), (59, 120, "failed"), (60, 60, "failed"), (None, 100, "failed")]
)
def test_windows(look: Look, start: int | None, completion: int, result: str) -> None:
    given = {} if start is None else {"start_window_minutes": start}
    assert look(checks=["vault"], completion_window_minutes=completion, **given)["result"] == result


def test_a_job_that_runs_already(sandbox: Any, look: Look, start_args: dict[str, Any]) -> None:
    backup, table = sandbox.client("backup"), start_args["resource_arn"]
    backup.create_backup_vault(BackupVaultName="others")
    assert look(checks=["jobs"], resource_arns=[table]) == {
        "check": "running jobs",
        "subject": f"of {table}",
        "result": "passed",
        "reason": "none",
        "remedy": "",
    }
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    job = backup.start_backup_job(BackupVaultName="others", ResourceArn=table, IamRoleArn=start_args["iam_role_arn"])["BackupJobId"]
    finding = look(checks=["jobs"], resource_arns=[table])
    assert finding["result"] == "warning"
    assert finding["reason"].startswith(f"{job} of {table} (")
    assert look(checks=["jobs"], backup_vault_name="others")["result"] == "warning"
    assert look(checks=["jobs"], backup_vault_name="nightly")["result"] == "passed"
