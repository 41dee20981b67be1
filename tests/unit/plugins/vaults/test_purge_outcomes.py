"""The module backup_vault_purge: what becomes of recovery points that do not simply go; each is told, and none stops the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import vault_points
from ansible_collections.proven.aws_backup.plugins.module_utils.purge_outcomes import REMEDIES
from ansible_collections.proven.aws_backup.plugins.modules import backup_vault_purge

POINTS = "/backup-vaults/nightly/recovery-points/"

Load = Callable[..., list[str]]
Listed = Callable[..., set[str]]


@pytest.fixture(autouse=True)
def _soon_final(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sandbox lists no old states: a second is enough to know that a point has stayed EXPIRED."""
    monkeypatch.setattr(vault_points, "EXPIRED_IS_FINAL_AFTER", 1.0)


def left(result: dict[str, Any]) -> dict[str, str]:
    """The outcomes of the points that are left, each with its remedy."""
    for point in result["skipped_recovery_points"]:
        assert point["remedy"] == REMEDIES[point["outcome"]]
    return {point["recovery_point_arn"]: point["outcome"] for point in result["skipped_recovery_points"]}


@pytest.mark.parametrize(
    ("order", "outcome", "reason"),
    [
        ({"on_delete_message": "The snapshot snap-1 is currently in use by ami-1 (Error Code: InvalidSnapshot.InUse)"}, "in_use", "ami-1"),
        ({"on_delete_message": "IAM Role arn:aws:iam::1:role/b cannot be assumed by AWS Backup"}, "role_gone", "role/b"),
        ({"on_delete_message": "You are not authorized to perform this operation."}, "role_denied", "not authorized"),
        ({"on_delete_message": "The snapshot is locked."}, "snapshot_locked", "is locked"),
        ({"on_delete_message": "An internal error occurred."}, "expired", "An internal error"),
        ({"on_delete": "refused", "on_delete_message": "The recovery point is under legal hold."}, "legal_hold", "under legal hold"),
        ({"on_delete": "refused", "on_delete_message": "No."}, "refused", "AWS refused to delete it: No."),
        ({"on_delete": "refused", "on_delete_code": "AccessDeniedException"}, "access_denied", "AWS refused to delete it"),
        ({"on_delete": "stays"}, "in_progress", "AWS was still at it when the time was up"),
        ({"on_delete": "refused", "on_delete_code": "InvalidResourceStateException"}, "busy", "AWS is busy with it"),
    ],
)
def test_a_point_that_does_not_go_is_told_with_reason_and_remedy(
    run_module: Any,
    purge_args: dict[str, Any],
    load_points: Load,
    list_points: Listed,
    order: dict[str, Any],
    outcome: str,
    reason: str,
) -> None:
    gone, kept = load_points(count=3), load_points(on_delete="expired", **order) if "on_delete" not in order else load_points(**order)
    result = run_module(backup_vault_purge, {**purge_args, "wait_timeout": 5 if outcome in ("in_progress", "busy") else 60})
    assert result["failed"]
    assert left(result) == {kept[0]: outcome}
    assert reason in result["skipped_recovery_points"][0]["reason"]
    assert {point["recovery_point_arn"] for point in result["deleted_recovery_points"]} == set(gone)
    assert result["recovery_points"] == {
        "deleted": {"count": 3, "backup_size_in_bytes": 3 << 30},
        outcome: {"count": 1, "backup_size_in_bytes": 1 << 30},
    }
    assert list_points() == set(kept)


def test_a_refusal_is_tried_again_once_others_are_gone(run_module: Any, purge_args: dict[str, Any], load_points: Load, proxy: Any) -> None:
    snapshot = load_points(count=3)[1]
    proxy.refuse("DELETE", snapshot, "InvalidRequestException", "in use by an image", times=1)
    result = run_module(backup_vault_purge, purge_args)
    assert result["vault_deleted"]
    assert len(proxy.calls(f"^DELETE .*{snapshot}")) == 2


def test_once_the_cause_is_gone_a_second_run_deletes_what_is_expired(
    run_module: Any, purge_args: dict[str, Any], load_points: Load, proxy: Any
) -> None:
    load_points(count=2, status="EXPIRED", status_message="IAM Role cannot be assumed by AWS Backup")
    proxy.answer("DELETE", POINTS, {})
    first = run_module(backup_vault_purge, purge_args)
    assert set(left(first).values()) == {"role_gone"}
    proxy.faults.clear()
    assert run_module(backup_vault_purge, purge_args)["recovery_points"]["deleted"]["count"] == 2


def test_a_governance_lock_is_told_of_all_points_and_asked_of_few(
    run_module: Any, purge_args: dict[str, Any], backup: Any, load_points: Load, proxy: Any
) -> None:
    made = load_points(count=300)
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1)
    preview = run_module(backup_vault_purge, purge_args, check=True)
    assert not preview["changed"]
    assert left(preview) == dict.fromkeys(made, "vault_locked")
    result = run_module(backup_vault_purge, purge_args)
    assert left(result) == dict.fromkeys(made, "vault_locked")
    assert len(proxy.calls(f"^DELETE {POINTS}")) < 100


def test_a_policy_that_denies_deletion_is_told_by_its_statement(
    run_module: Any, purge_args: dict[str, Any], backup: Any, load_points: Load, proxy: Any
) -> None:
    made = load_points(count=300)
    statement = {"Sid": "Keep", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "backup:Delete*", "Resource": "*"}
    backup.put_backup_vault_access_policy(BackupVaultName="nightly", Policy=json.dumps({"Statement": statement}))
    for check in (True, False):
        result = run_module(backup_vault_purge, purge_args, check=check)
        assert left(result) == dict.fromkeys(made, "policy_denied")
        assert "The vault's access policy denies it: Keep".lower() in result["skipped_recovery_points"][0]["reason"].lower()
    assert len(proxy.calls(f"^DELETE {POINTS}")) < 100


def test_a_policy_for_some_is_named_and_stops_nothing(run_module: Any, purge_args: dict[str, Any], backup: Any, load_points: Load) -> None:
    gone, kept = load_points(count=40), load_points(on_delete="refused", on_delete_code="AccessDeniedException")
    statement = {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::123456789012:role/a"}, "NotAction": "backup:List*", "Resource": "*"}
    backup.put_backup_vault_access_policy(BackupVaultName="nightly", Policy=json.dumps({"Statement": [statement]}))
    result = run_module(backup_vault_purge, purge_args)
    assert left(result) == {kept[0]: "policy_denied"}
    assert "role/a" in result["skipped_recovery_points"][0]["reason"]
    assert len(result["deleted_recovery_points"]) == len(gone)


@pytest.mark.parametrize(
    ("vault_type", "message"),
    [
        ("LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "The vault nightly is logically air-gapped"),
        ("RESTORE_ACCESS_BACKUP_VAULT", "The vault nightly only gives access"),
    ],
)
def test_vaults_that_nobody_can_empty_are_refused(
    run_module: Any, purge_args: dict[str, Any], backup: Any, load_points: Load, proxy: Any, vault_type: str, message: str
) -> None:
    load_points()
    arn = backup.describe_backup_vault(BackupVaultName="nightly")["BackupVaultArn"]
    proxy.answer("GET", "/backup-vaults/nightly$", {"BackupVaultName": "nightly", "BackupVaultArn": arn, "VaultType": vault_type})
    for options in (purge_args, {**purge_args, "max_recovery_points": 0}):
        result = run_module(backup_vault_purge, options)
        assert result["failed"]
        assert result["msg"].startswith(message)
    assert proxy.calls("^(DELETE|POST|PUT) ") == []


def test_an_empty_vault_goes_even_if_it_is_locked(run_module: Any, purge_args: dict[str, Any], backup: Any) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1, ChangeableForDays=3)
    assert run_module(backup_vault_purge, purge_args)["vault_deleted"]


def test_nested_points_go_first(run_module: Any, purge_args: dict[str, Any], load_points: Load, proxy: Any) -> None:
    made = load_points(count=3, composite=True, nested=4)
    result = run_module(backup_vault_purge, purge_args)
    assert result["vault_deleted"]
    assert {point["recovery_point_arn"] for point in result["deleted_recovery_points"]} == set(made)
    assert len(proxy.calls(f"^DELETE {POINTS}")) <= len(made), "no composite point is tried before its time"


def test_continuous_points_end_with_a_warning(run_module: Any, purge_args: dict[str, Any], load_points: Load) -> None:
    load_points(count=2, resource_type="RDS", continuous=True)
    load_points(count=1)
    for check in (True, False):
        result = run_module(backup_vault_purge, purge_args, check=check)
        assert result["recovery_points"]["deleted"]["count"] == 3
        assert "2 of the recovery points are continuous: deleting one ends the continuous backup" in json.dumps(result["warnings"])


def test_continuous_points_can_be_handed_back(
    run_module: Any, purge_args: dict[str, Any], load_points: Load, list_points: Listed, proxy: Any
) -> None:
    load_points(resource_type="Aurora", continuous=True)
    (bucket,) = load_points(resource_type="S3", continuous=True)
    load_points(resource_type="S3")
    result = run_module(backup_vault_purge, {**purge_args, "continuous_recovery_points": "disassociate"})
    assert result["failed"], "S3 takes nothing back"
    assert left(result) == {bucket: "stopped"}
    assert {name: total["count"] for name, total in result["recovery_points"].items()} == {"deleted": 1, "disassociated": 1, "stopped": 1}
    assert len(proxy.calls("^DELETE ")) == 1
    assert list_points() == {bucket}
    again = run_module(backup_vault_purge, {**purge_args, "continuous_recovery_points": "disassociate"})
    assert left(again) == {bucket: "stopped"}
    assert not again["changed"]
    assert run_module(backup_vault_purge, purge_args)["vault_deleted"]


def test_credentials_that_end_stop_the_purge_and_leave_a_report(
    run_module: Any, purge_args: dict[str, Any], load_points: Load, proxy: Any
) -> None:
    load_points(count=30)
    proxy.refuse("DELETE", POINTS, "ExpiredTokenException", "The security token included in the request is expired", skip=10)
    result = run_module(backup_vault_purge, purge_args)
    assert result["failed"]
    assert "the credentials have expired" in result["msg"]
    assert result["changed"]
    assert len(proxy.calls(f"^DELETE {POINTS}")) < 60
