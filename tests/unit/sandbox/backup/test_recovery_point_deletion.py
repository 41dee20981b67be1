"""What becomes of recovery points that are deleted or disassociated, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

CodeOf = Callable[..., str]


def test_a_request_may_succeed_and_the_point_expire(points: Any) -> None:
    (arn,) = points.load(on_delete="expired", on_delete_message="The snapshot is in use by ami-1.")
    for _ in range(2):
        points.delete(arn)
        points.wait_for(lambda: points.point(arn)["Status"], "EXPIRED")
        assert points.point(arn)["StatusMessage"] == "The snapshot is in use by ami-1."


def test_what_kept_points_can_be_lifted(points: Any, code_of: CodeOf) -> None:
    expired, refused = points.load(on_delete="expired") + points.load(on_delete="refused")
    points.delete(expired)
    points.wait_for(lambda: points.point(expired)["Status"], "EXPIRED")
    change = {"backup_vault_name": "vault", "on_delete": "gone", "recovery_point_arns": [expired]}
    assert points.sandbox.control("PUT", "/backup/recovery-points", change) == {"recovery_point_arns_count": 1}
    points.delete(expired)
    points.wait_for(points.listed, [refused])
    assert code_of(points.delete, arn=refused) == "InvalidRequestException"
    points.sandbox.control("PUT", "/backup/recovery-points", {"backup_vault_name": "vault"})
    points.delete(refused)
    points.wait_for(points.listed, [])
    status, text = points.sandbox.request("PUT", "/_sandbox/backup/recovery-points", {"backup_vault_name": "vault", "count": 2})
    assert (status, "unknown members: count" in text) == (400, True)


def test_a_request_may_be_refused(points: Any) -> None:
    (arn,) = points.load(on_delete="refused", on_delete_code="ServiceUnavailableException", on_delete_message="Not today.")
    with pytest.raises(ClientError) as caught:
        points.delete(arn)
    answer = caught.value.response
    assert answer["Error"] == {"Code": "ServiceUnavailableException", "Message": "Not today."}
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert points.point(arn)["Status"] == "COMPLETED"


def test_an_error_may_have_any_name(points: Any, code_of: CodeOf) -> None:
    (arn,) = points.load(on_delete="refused", on_delete_code="SnapshotLockedException")
    assert code_of(points.delete, arn=arn) == "SnapshotLockedException"


def test_a_point_may_stay_in_deleting(points: Any, code_of: CodeOf) -> None:
    stays, goes = points.load(on_delete="stays") + points.load()
    points.delete(stays)
    points.delete(goes)
    points.wait_for(points.listed, [stays])
    assert points.point(stays)["Status"] == "DELETING"
    assert code_of(points.delete, arn=stays) == "InvalidResourceStateException"


def test_the_tags_go_with_the_point(points: Any, code_of: CodeOf) -> None:
    (arn,) = points.load(tags={"a": "b"})
    points.delete(arn)
    points.wait_for(points.listed, [])
    assert code_of(points.backup.list_tags, ResourceArn=arn) == "ResourceNotFoundException"


def test_a_composite_point_goes_with_its_last_nested_one(points: Any, code_of: CodeOf) -> None:
    parent, first, last = points.load(composite=True, nested=2)
    assert code_of(points.delete, arn=parent) == "InvalidRequestException"
    points.delete(first)
    points.wait_for(lambda: points.point(parent)["Status"], "PARTIAL")
    assert sorted(points.listed()) == sorted([parent, last])
    assert code_of(points.delete, arn=parent) == "InvalidRequestException"
    points.delete(last)
    points.wait_for(points.listed, [])


def test_a_nested_point_can_be_kept(points: Any, code_of: CodeOf) -> None:
    parent, first, last = points.load(composite=True, nested=2)
    leave = points.backup.disassociate_recovery_point_from_parent
    leave(BackupVaultName="vault", RecoveryPointArn=first)
    assert "ParentRecoveryPointArn" not in points.point(first)
    assert points.listed(ByParentRecoveryPointArn=parent) == [last]
    assert points.point(parent)["Status"] == "PARTIAL"
    assert code_of(leave, BackupVaultName="vault", RecoveryPointArn=first) == "InvalidRequestException"
    leave(BackupVaultName="vault", RecoveryPointArn=last)
    points.wait_for(lambda: sorted(points.listed()), sorted([first, last]))


def test_a_composite_point_without_nested_ones_is_deleted_like_any(points: Any) -> None:
    (arn,) = points.load(composite=True)
    points.delete(arn)
    points.wait_for(points.listed, [])


def test_continuous_backups_are_given_back_or_stopped(points: Any, code_of: CodeOf) -> None:
    (database,), (bucket,), (snapshot,) = (
        points.load(resource_type="RDS", continuous=True),
        points.load(resource_type="S3", continuous=True),
        points.load(),
    )
    give_back = points.backup.disassociate_recovery_point
    for arn in (database, bucket):
        lifecycle = {"BackupVaultName": "vault", "RecoveryPointArn": arn, "Lifecycle": {"DeleteAfterDays": 9}}
        assert code_of(points.backup.update_recovery_point_lifecycle, **lifecycle) == "InvalidRequestException"
        give_back(BackupVaultName="vault", RecoveryPointArn=arn)
    assert code_of(give_back, BackupVaultName="vault", RecoveryPointArn=snapshot) == "InvalidRequestException"
    assert sorted(points.listed()) == sorted([bucket, snapshot])
    assert points.point(bucket)["Status"] == "STOPPED"
    points.delete(bucket)
    points.wait_for(points.listed, [snapshot])


@pytest.mark.parametrize("grace", [{}, {"ChangeableForDays": 3}], ids=["governance", "compliance"])
def test_a_locked_vault_keeps_its_points(points: Any, code_of: CodeOf, grace: dict[str, int]) -> None:
    (snapshot,), (continuous,) = points.load(), points.load(resource_type="S3", continuous=True)
    points.backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=1, **grace)
    assert code_of(points.delete, arn=snapshot) == "InvalidRequestException"
    give_back = points.backup.disassociate_recovery_point
    assert code_of(give_back, BackupVaultName="vault", RecoveryPointArn=continuous) == "InvalidRequestException"
    points.backup.delete_backup_vault_lock_configuration(BackupVaultName="vault")
    points.delete(snapshot)
    points.wait_for(points.listed, [continuous])


def test_a_compliance_lock_is_for_ever_once_its_date_has_passed(points: Any, code_of: CodeOf) -> None:
    points.backup.put_backup_vault_lock_configuration(BackupVaultName="vault", ChangeableForDays=3)
    points.sandbox.control("PUT", "/backup/lock-date", {"backup_vault_name": "vault", "days": -1})
    described = points.backup.describe_backup_vault(BackupVaultName="vault")
    assert described["LockDate"] < described["CreationDate"]
    unlock = points.backup.delete_backup_vault_lock_configuration
    assert code_of(unlock, BackupVaultName="vault") == "InvalidRequestException"
    assert code_of(points.backup.put_backup_vault_lock_configuration, BackupVaultName="vault") == "InvalidRequestException"
    assert code_of(points.delete, arn=points.load()[0]) == "InvalidRequestException"


@pytest.mark.parametrize("principal", ["*", {"AWS": "arn:aws:iam::123456789012:root"}, {"AWS": ["123456789012"]}])
def test_a_policy_denies_the_points_it_names(points: Any, code_of: CodeOf, principal: Any) -> None:
    kept, gone = points.load(count=2)
    deny = {"Effect": "Deny", "Principal": principal, "Action": "backup:DeleteRecoveryPoint", "Resource": [kept]}
    points.backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy=json.dumps({"Statement": [deny]}))
    assert code_of(points.delete, arn=kept) == "AccessDeniedException"
    points.delete(gone)
    points.wait_for(points.listed, [kept])
