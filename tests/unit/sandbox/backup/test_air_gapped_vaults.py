"""Logically air-gapped vaults over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CodeOf = Callable[..., str]
DAYS = {"MinRetentionDays": 7, "MaxRetentionDays": 35}


@pytest.fixture
def gapped(points: Any) -> Any:
    """A world with one such vault, named gapped, which is available."""
    created = points.backup.create_logically_air_gapped_backup_vault(BackupVaultName="gapped", CreatorRequestId="first", **DAYS)
    assert created["VaultState"] == "CREATING"
    points.wait_for(lambda: points.backup.describe_backup_vault(BackupVaultName="gapped")["VaultState"], "AVAILABLE")
    return points


def test_it_is_listed_by_its_type(gapped: Any) -> None:
    kind = "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    (listed,) = gapped.backup.list_backup_vaults(ByVaultType=kind)["BackupVaultList"]
    (other,) = gapped.backup.list_backup_vaults(ByVaultType="BACKUP_VAULT")["BackupVaultList"]
    assert (listed["BackupVaultName"], listed["VaultType"], listed["Locked"]) == ("gapped", kind, True)
    assert other["BackupVaultName"] == "vault"
    assert len(gapped.backup.list_backup_vaults()["BackupVaultList"]) == 2


def test_it_keeps_its_points_and_its_lock(gapped: Any, code_of: CodeOf) -> None:
    (arn,) = gapped.load(backup_vault_name="gapped")
    point = {"BackupVaultName": "gapped", "RecoveryPointArn": arn}
    assert arn.startswith("arn:aws:backup:us-west-2:123456789012:recovery-point:")
    assert gapped.backup.describe_recovery_point(**point)["VaultType"] == "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
    assert code_of(gapped.backup.delete_recovery_point, **point) == "InvalidRequestException"
    assert code_of(gapped.backup.delete_backup_vault_lock_configuration, BackupVaultName="gapped") == "InvalidRequestException"
    assert code_of(gapped.backup.put_backup_vault_lock_configuration, BackupVaultName="gapped") == "InvalidRequestException"
    assert code_of(gapped.backup.delete_backup_vault, BackupVaultName="gapped") == "InvalidRequestException"


def test_no_backup_job_starts_into_it(gapped: Any, code_of: CodeOf) -> None:
    job = {"BackupVaultName": "gapped", "ResourceArn": "arn:aws:dynamodb:us-west-2:123456789012:table/t", "IamRoleArn": "arn:role"}
    assert code_of(gapped.backup.start_backup_job, **job) == "InvalidRequestException"


def test_it_is_created_once_and_deleted_when_empty(gapped: Any, code_of: CodeOf) -> None:
    create = gapped.backup.create_logically_air_gapped_backup_vault
    assert create(BackupVaultName="gapped", CreatorRequestId="first", **DAYS)["VaultState"] == "AVAILABLE"
    assert code_of(create, BackupVaultName="gapped", **DAYS) == "AlreadyExistsException"
    for days in ({"MinRetentionDays": 6, "MaxRetentionDays": 9}, {"MinRetentionDays": 9, "MaxRetentionDays": 8}):
        assert code_of(create, BackupVaultName="another", **days) == "InvalidParameterValueException"
    gapped.backup.delete_backup_vault(BackupVaultName="gapped")
