"""The module backup_vault_purge: what happens to the vault while it is being emptied."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import polling
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import SHORTEST_PAUSE
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

POINTS = "/backup-vaults/nightly/recovery-points/"

Load = Callable[..., list[str]]


def test_points_that_appear_beyond_the_limit_stay(
    run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, proxy: Any
) -> None:
    load_points(count=20)
    sandbox.settings(delete_seconds=3000)  # The deletion takes a few seconds of the clock.
    later = threading.Timer(1.0, load_points, kwargs={"count": 30})
    later.start()
    result = run_module(backup_vault_purge, {**purge_args, "max_recovery_points": 20})
    later.join()
    assert result["failed"]
    assert "50 recovery points (50.0 GiB) would go, more than max_recovery_points, 20: only 20 were deleted" in result["msg"]
    assert not result["vault_deleted"]
    assert len(proxy.calls(f"^DELETE {POINTS}")) == 20
    assert run_module(backup_vault_purge, {**purge_args, "max_recovery_points": 50})["vault_deleted"]


def test_a_job_that_begins_is_stopped(run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, start_job: Any) -> None:
    load_points(count=30)
    sandbox.control("PUT", "/backup/service", {"limits": {"DeleteRecoveryPoint": 10}})
    sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", "hold": True})
    begun: list[str] = []
    later = threading.Timer(1.0, lambda: begun.append(start_job()))
    later.start()
    result = run_module(backup_vault_purge, {**purge_args, "rate_limits": {}})
    later.join()
    assert [job["backup_job_id"] for job in result["stopped_jobs"]] == begun
    assert result["vault_deleted"]
    assert result["recovery_points"]["deleted"]["count"] >= 30


def test_a_copy_into_the_vault_is_waited_for(
    run_module: Any, purge_args: dict[str, Any], sandbox: Any, backup: Any, make_points: Any, role_arn: str
) -> None:
    backup.create_backup_vault(BackupVaultName="source")
    (point,) = make_points(1, "source")
    sandbox.settings(job_seconds=3000)
    destination = backup.describe_backup_vault(BackupVaultName="nightly")["BackupVaultArn"]
    job = backup.start_copy_job(
        RecoveryPointArn=point, SourceBackupVaultName="source", DestinationBackupVaultArn=destination, IamRoleArn=role_arn
    )
    preview, result = (run_module(backup_vault_purge, purge_args, check=check) for check in (True, False))
    for one in (preview, result):
        assert [job["copy_job_id"] for job in one["awaited_jobs"]] == [job["CopyJobId"]]
    assert result["vault_deleted"]
    assert result["recovery_points"]["deleted"]["count"] == 1


@pytest.mark.parametrize("code", ["InvalidResourceStateException", "InternalFailure"])
def test_a_point_that_aws_is_busy_with_is_asked_for_ever_more_rarely(
    run_module: Any, purge_args: dict[str, Any], load_points: Load, proxy: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(polling, "SHORTEST_PAUSE", SHORTEST_PAUSE)  # as for users, not as run_module sets it
    load_points(on_delete="refused", on_delete_code=code)
    result = run_module(backup_vault_purge, {**purge_args, "wait_timeout": 8})
    assert result["failed"]
    assert len(proxy.calls(f"^DELETE {POINTS}")) <= 20, "one every half second, not ten a second"


def test_a_refusal_to_delete_what_held_nested_points_passes(
    run_module: Any, purge_args: dict[str, Any], load_points: Load, backup: Any, proxy: Any
) -> None:
    load_points(composite=True, nested=2)
    (parent,) = (
        point["RecoveryPointArn"]
        for point in backup.list_recovery_points_by_backup_vault(BackupVaultName="nightly")["RecoveryPoints"]
        if point["IsParent"]
    )
    proxy.refuse("DELETE", f"{POINTS}{parent}$", "InvalidRequestException", "It contains nested recovery points.", times=2)
    result = run_module(backup_vault_purge, purge_args)
    assert result["vault_deleted"], result


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_lost_connections_lose_no_point_whatever_the_retry_mode(
    run_module: Any, purge_args: dict[str, Any], sandbox: Any, load_points: Load, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setenv("AWS_RETRY_MODE", mode)
    load_points(count=60)
    sandbox.control("PUT", "/backup/service", {"faults": [{"operation": "*", "kind": "reset", "rate": 0.2}]})
    # The proxy of the other tests would turn a lost connection into an error of its own.
    options = {**purge_args, "endpoint_url": sandbox.endpoint_url, "aws_config": {}}
    assert run_module(backup_vault_purge, options)["vault_deleted"]


def test_a_preview_knows_legal_holds(run_module: Any, purge_args: dict[str, Any], backup: Any, load_points: Load) -> None:
    made = load_points(count=3, age_days=5)
    hold = backup.create_legal_hold(Title="Audit 2026", Description="-", RecoveryPointSelection={"VaultNames": ["nightly"]})
    preview, real = (run_module(backup_vault_purge, purge_args, check=check) for check in (True, False))
    for result in (preview, real):
        assert not result["vault_deleted"]
        assert {point["recovery_point_arn"]: point["outcome"] for point in result["skipped_recovery_points"]} == dict.fromkeys(
            made, "legal_hold"
        )
    assert "Audit 2026" in preview["skipped_recovery_points"][0]["reason"]
    backup.cancel_legal_hold(LegalHoldId=hold["LegalHoldId"], CancelDescription="-")
    assert run_module(backup_vault_purge, purge_args, check=True)["vault_deleted"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"expected_account_id": "210987654321"}, "the account is 123456789012, not 210987654321"),
        ({"expected_region": "us-east-1"}, "the Region is us-west-2, not us-east-1"),
    ],
)
def test_a_vault_may_be_missing_only_because_this_is_elsewhere(
    run_module: Any, purge_args: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    missing = {**purge_args, "backup_vault_name": "gone", "aws_config": {}}
    result = run_module(backup_vault_purge, {**missing, **options})
    assert result["failed"]
    assert result["msg"] == f"The vault gone is not purged, because {message}"
    here = {"expected_account_id": "123456789012", "expected_region": "us-west-2"}
    assert not run_module(backup_vault_purge, {**missing, **here})["changed"]
