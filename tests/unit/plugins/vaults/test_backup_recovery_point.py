"""Changing, deleting and disassociating one recovery point."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import point_removal
from ansible_collections.proven.aws_backup.plugins.modules import backup_recovery_point

POINT = "arn:aws:ec2:us-west-2::snapshot/snap-0123456789abcdef0"
Ensure = Callable[..., dict[str, Any]]


@pytest.fixture
def ensure(run_module: Any, connection: dict[str, Any]) -> Ensure:
    """A function that runs the module for a recovery point of our vault."""

    def run(arn: str, check: bool = False, diff: bool = False, **options: Any) -> dict[str, Any]:
        args = {**connection, "backup_vault_name": "nightly", "recovery_point_arn": arn, "wait_timeout": 30, **options}
        result: dict[str, Any] = run_module(backup_recovery_point, args, check=check, diff=diff)
        return result

    return run


@pytest.fixture
def point(load_points: Any) -> str:
    """A recovery point that is ten days old, with two tags; its ARN."""
    (arn,) = load_points(resource_type="EFS", age_days=10, tags={"Project": "proven", "Stage": "dev"})
    return str(arn)


def described(backup: Any, arn: str) -> dict[str, Any]:
    answer: dict[str, Any] = backup.describe_recovery_point(BackupVaultName="nightly", RecoveryPointArn=arn)
    return answer


def deny(backup: Any, action: str) -> None:
    """Have the vault's policy deny an action to everyone."""
    statement = {"Sid": "Keep", "Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    backup.put_backup_vault_access_policy(BackupVaultName="nightly", Policy=policy)


def test_lifecycle(ensure: Ensure, backup: Any, point: str) -> None:
    days = {"delete_after_days": 100, "move_to_cold_storage_after_days": 10}
    predicted = ensure(point, check=True, diff=True, lifecycle=days)
    assert predicted["changed"] is True
    assert predicted["diff"] == {"before": {"lifecycle": {}}, "after": {"lifecycle": days}}
    assert "Lifecycle" not in described(backup, point)
    first = ensure(point, lifecycle=days)
    assert (first["changed"], first["recovery_point"]["lifecycle"]) == (True, days)
    assert "calculated_lifecycle" in first["recovery_point"]
    assert ensure(point, lifecycle=days)["changed"] is False
    assert ensure(point, lifecycle={"delete_after_days": 100})["changed"] is False


def test_members_of_the_lifecycle_that_are_not_given_stay(ensure: Ensure, backup: Any, point: str) -> None:
    ensure(point, lifecycle={"delete_after_days": 100, "move_to_cold_storage_after_days": 10})
    assert ensure(point, lifecycle={"delete_after_days": 200})["changed"] is True
    assert described(backup, point)["Lifecycle"] == {"DeleteAfterDays": 200, "MoveToColdStorageAfterDays": 10}
    assert ensure(point, lifecycle={"move_to_cold_storage_after_days": -1})["changed"] is True
    assert described(backup, point)["Lifecycle"] == {"DeleteAfterDays": 200, "MoveToColdStorageAfterDays": -1}
    assert ensure(point, lifecycle={"move_to_cold_storage_after_days": -1})["changed"] is False
    assert ensure(point)["changed"] is False
    wrong = ensure(point, lifecycle={"move_to_cold_storage_after_days": 150})
    assert "lifecycle.delete_after_days: 200 must be at least 90 days after" in wrong["msg"]


def test_a_lifecycle_that_is_over_is_a_warning(ensure: Ensure, point: str) -> None:
    def warnings(**lifecycle: int) -> list[str]:
        return [str(warning) for warning in ensure(point, lifecycle=lifecycle).get("warnings", []) if point in str(warning)]

    assert warnings(delete_after_days=11) == []
    assert any("is 10 days old, so that AWS deletes it within hours" in warning for warning in warnings(delete_after_days=7))


def test_tags(ensure: Ensure, backup: Any, point: str) -> None:
    added = ensure(point, tags={"Owner": "me"}, purge_tags=False, diff=True)
    assert added["changed"] is True
    assert added["diff"]["before"]["tags"] == {"Project": "proven", "Stage": "dev"}
    assert added["recovery_point"]["tags"] == added["diff"]["after"]["tags"] == {"Project": "proven", "Stage": "dev", "Owner": "me"}
    assert ensure(point, tags={"Owner": "me"}, check=True)["changed"] is True
    purged = ensure(point, tags={"Owner": "me"})
    assert purged["recovery_point"]["tags"] == backup.list_tags(ResourceArn=point)["Tags"] == {"Owner": "me"}
    assert ensure(point, tags={"Owner": "me"})["changed"] is False
    assert "tags" not in ensure(point)["recovery_point"]


def test_tags_that_aws_backup_does_not_give(ensure: Ensure, proxy: Any, load_points: Any) -> None:
    (arn,) = load_points(resource_type="EBS")
    proxy.refuse("GET", "^/tags/", "InvalidParameterValueException")
    result = ensure(arn, tags={"a": "b"})
    assert result["msg"] == (
        f"tags: AWS Backup does not give the tags of {arn}, which belongs to ec2: tag it there, and leave tags out here"
    )


def test_a_point_that_does_not_exist(ensure: Ensure, vault: str) -> None:
    assert f"There is no recovery point {POINT} in the vault {vault} in us-west-2: check" in ensure(POINT)["msg"]
    for state in ("absent", "disassociated"):
        gone = ensure(POINT, state=state)
        assert (gone["changed"], gone["recovery_point"]) == (False, {})
        assert ensure(POINT, state=state, backup_vault_name="missing")["changed"] is False


def test_deletion_waits_until_it_is_gone(ensure: Ensure, list_points: Any, point: str) -> None:
    predicted = ensure(point, state="absent", check=True, diff=True)
    assert (predicted["changed"], predicted["diff"]) == (True, {"before": {"state": "present"}, "after": {"state": "absent"}})
    assert list_points() == {point}
    result = ensure(point, state="absent")
    assert (result["changed"], result["recovery_point"]) == (True, {})
    assert list_points() == set()
    assert ensure(point, state="absent")["changed"] is False


def test_deletion_without_a_wait(ensure: Ensure, sandbox: Any, point: str) -> None:
    sandbox.settings(time_scale=60)
    first = ensure(point, state="absent", wait=False)
    assert (first["changed"], first["recovery_point"]["status"]) == (True, "DELETING")
    assert ensure(point, state="absent", wait=False)["changed"] is False
    sandbox.settings(time_scale=600)
    assert ensure(point, state="absent")["changed"] is False


def test_deletion_that_takes_too_long(ensure: Ensure, load_points: Any) -> None:
    (arn,) = load_points(on_delete="stays")
    result = ensure(arn, state="absent", wait_timeout=1)
    assert (result["failed"], result["changed"], result["outcome"]) == (True, True, "in_progress")
    assert result["msg"].startswith(f"The recovery point {arn} of the vault nightly is not deleted: it is still DELETING after 1 s")
    assert (result["recovery_point"]["status"], result["remedy"].startswith("Run again, or raise wait_timeout.")) == ("DELETING", True)


@pytest.mark.parametrize(
    ("message", "outcome", "remedy"),
    [
        ("The snapshot snap-1 is currently in use by ami-1 (Error Code: InvalidSnapshot.InUse)", "in_use", "Remove what uses it"),
        ("IAM Role arn:aws:iam::123456789012:role/x cannot be assumed by AWS Backup", "role_gone", "Create the role again"),
        ("You are not authorized to perform this operation.", "role_denied", "Give the role that permission"),
        ("Something else", "expired", "It stays billed."),
    ],
)
def test_deletion_that_ends_expired(ensure: Ensure, load_points: Any, message: str, outcome: str, remedy: str) -> None:
    (arn,) = load_points(on_delete="expired", on_delete_message=message)
    result = ensure(arn, state="absent")
    assert (result["failed"], result["changed"], result["outcome"]) == (True, True, outcome)
    assert f"is not deleted: AWS accepted the deletion but could not carry it out: {message.rstrip('.')}. {remedy}" in result["msg"]
    assert result["recovery_point"]["status"] == "EXPIRED"


@pytest.mark.parametrize(("on_delete", "failed"), [("expired", True), ("gone", False)])
def test_a_point_that_was_expired_before(
    ensure: Ensure, load_points: Any, monkeypatch: pytest.MonkeyPatch, on_delete: str, failed: bool
) -> None:
    monkeypatch.setattr(point_removal, "EXPIRED_IS_FINAL_AFTER", 1.0)
    (arn,) = load_points(status="EXPIRED", status_message="still in use", on_delete=on_delete, on_delete_message="still in use")
    result = ensure(arn, state="absent")
    assert (result.get("failed", False), result["changed"]) == (failed, True)


def test_refused_for_a_legal_hold(ensure: Ensure, backup: Any, point: str) -> None:
    backup.create_legal_hold(Title="t", Description="d", RecoveryPointSelection={"VaultNames": ["nightly"]})
    result = ensure(point, state="absent")
    assert (result["failed"], result["outcome"]) == (True, "legal_hold")
    assert "is not deleted: AWS refused to delete it: " in result["msg"]
    assert result["msg"].endswith("Cancel the legal hold (aws backup list-legal-holds, cancel-legal-hold), then run again.")


def test_refused_by_a_lock(ensure: Ensure, backup: Any, point: str) -> None:
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1)
    for options in ({"state": "absent"}, {"lifecycle": {"delete_after_days": 50}}):
        result = ensure(point, **options)
        assert (result["failed"], result["outcome"]) == (True, "vault_locked")
        assert result["remedy"].startswith("Remove the lock (aws backup delete-backup-vault-lock-configuration)")
    backup.put_backup_vault_lock_configuration(BackupVaultName="nightly", MinRetentionDays=1, ChangeableForDays=3)
    result = ensure(point, state="absent")
    assert "is locked in compliance mode: before their retention ends, nobody can delete" in result["remedy"]


def test_refused_by_the_vaults_policy(ensure: Ensure, backup: Any, point: str) -> None:
    for action, options in (
        ("DeleteRecoveryPoint", {"state": "absent"}),
        ("UpdateRecoveryPointLifecycle", {"lifecycle": {"delete_after_days": 50}}),
    ):
        deny(backup, f"backup:{action}")
        result = ensure(point, **options)
        assert (result["failed"], result["outcome"]) == (True, "policy_denied")
        assert "The vault's access policy denies it: Keep. Change the vault's access policy" in result["msg"]


def test_refused_to_the_caller(ensure: Ensure, proxy: Any, load_points: Any) -> None:
    (arn,) = load_points(resource_type="S3", continuous=True)
    for method, state, action in (("DELETE", "absent", "DeleteRecoveryPoint"), ("POST", "disassociated", "DisassociateRecoveryPoint")):
        proxy.refuse(method, "recovery-points", "AccessDeniedException", "You shall not")
        result = ensure(arn, state=state)
        assert (result["failed"], result["outcome"]) == (True, "access_denied")
        assert result["remedy"] == f"Allow the caller backup:{action} on the point's own ARN, then run again."


def test_refused_for_nested_points(ensure: Ensure, load_points: Any) -> None:
    parent, first, second = load_points(composite=True, nested=2)
    result = ensure(parent, state="absent")
    assert (result["failed"], result["outcome"]) == (True, "nested_left")
    assert "it holds 2 nested recovery points (the first is arn:aws:ec2:" in result["msg"]
    for nested in (first, second):
        assert ensure(nested, state="absent")["changed"] is True
    assert ensure(parent, state="absent")["recovery_point"] == {}


def test_busy(ensure: Ensure, proxy: Any, point: str) -> None:
    proxy.refuse("DELETE", "recovery-points", "InvalidResourceStateException", "Busy now", times=3)
    once = ensure(point, state="absent", wait=False)
    assert (once["failed"], once["outcome"]) == (True, "busy")
    assert "AWS is busy with it: Busy now. Run again when AWS is done with it." in once["msg"]
    assert ensure(point, state="absent")["changed"] is True
    assert len(proxy.calls("^DELETE")) == 4


def test_throttled_calls_are_made_again(ensure: Ensure, proxy: Any, point: str) -> None:
    for method, path in (("GET", "recovery-points/arn"), ("DELETE", "recovery-points"), ("GET", "recovery-points/\\?")):
        proxy.refuse(method, path, "ThrottlingException", "Rate exceeded", times=1)
    assert ensure(point, state="absent")["changed"] is True


def test_other_errors_are_told_as_they_are(ensure: Ensure, proxy: Any, point: str) -> None:
    proxy.refuse("DELETE", "recovery-points", "ExpiredTokenException", "Too old")
    result = ensure(point, state="absent")
    assert result["msg"].startswith(f"Failed to delete the recovery point {point} of the vault nightly (the credentials have expired")


@pytest.mark.parametrize(("resource_type", "status"), [("RDS", None), ("S3", "STOPPED")])
def test_a_continuous_backup_is_left_to_its_service(ensure: Ensure, load_points: Any, resource_type: str, status: str | None) -> None:
    (arn,) = load_points(resource_type=resource_type, continuous=True)
    assert ensure(arn, state="disassociated", check=True)["changed"] is True
    result = ensure(arn, state="disassociated")
    assert (result["changed"], result["recovery_point"].get("status")) == (True, status)
    assert ensure(arn, state="disassociated")["changed"] is False


def test_a_nested_point_becomes_one_of_its_own(ensure: Ensure, backup: Any, load_points: Any) -> None:
    _, nested, _ = load_points(composite=True, nested=2)
    result = ensure(nested, state="disassociated")
    assert (result["changed"], "parent_recovery_point_arn" in result["recovery_point"]) == (True, False)
    assert described(backup, nested)["Status"] == "COMPLETED"
    assert ensure(nested, state="disassociated")["changed"] is False


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"recovery_point_arn": "snap-1"}, "recovery_point_arn: 'snap-1' is not an ARN"),
        ({"backup_vault_name": "no such.vault"}, "backup_vault_name: 'no such.vault' is not"),
        ({"lifecycle": {"delete_after_days": 0}}, "lifecycle.delete_after_days: 0 is neither"),
        ({"tags": {"aws:a": "b"}}, "tags: aws:a: keys that start with aws: are reserved"),
        ({"wait_timeout": 0}, "wait_timeout: 0 is less than 1 second"),
        ({"state": "gone"}, "value of state must be one of: present, absent, disassociated, got: gone"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_bad_options(ensure: Ensure, proxy: Any, change: dict[str, Any], message: str, check: bool) -> None:
    arn = change.get("recovery_point_arn", POINT)
    result = ensure(arn, check=check, **{name: value for name, value in change.items() if name != "recovery_point_arn"})
    assert result["failed"] is True
    assert message in result["msg"]
    assert proxy.requests == []
