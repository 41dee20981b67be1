"""Vaults over HTTP: creation, description, policies, locks, deletion."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

CodeOf = Callable[..., str]


def test_describe_returns_what_create_was_given(sandbox: Any) -> None:
    backup = sandbox.client("backup")
    key = sandbox.client("kms").create_key()["KeyMetadata"]["Arn"]
    created = backup.create_backup_vault(BackupVaultName="Vault-1", EncryptionKeyArn=key, BackupVaultTags={"a": "b"})
    described = backup.describe_backup_vault(BackupVaultName="Vault-1")
    assert created["BackupVaultArn"] == described["BackupVaultArn"] == "arn:aws:backup:us-west-2:123456789012:backup-vault:Vault-1"
    assert described["EncryptionKeyArn"] == key
    assert described["EncryptionKeyType"] == "CUSTOMER_MANAGED_KMS_KEY"
    assert (described["VaultState"], described["Locked"], described["NumberOfRecoveryPoints"]) == ("AVAILABLE", False, 0)
    assert backup.list_tags(ResourceArn=described["BackupVaultArn"])["Tags"] == {"a": "b"}


def test_default_key_is_the_one_of_aws_backup(sandbox: Any) -> None:
    backup = sandbox.client("backup")
    keys = []
    for name in ("one", "two"):
        backup.create_backup_vault(BackupVaultName=name)
        keys.append(backup.describe_backup_vault(BackupVaultName=name)["EncryptionKeyArn"])
    aliased = sandbox.client("kms").describe_key(KeyId="alias/aws/backup")["KeyMetadata"]["Arn"]
    assert keys == [aliased, aliased]


def test_missing_vault_is_described_as_access_denied(sandbox: Any) -> None:
    with pytest.raises(ClientError) as caught:
        sandbox.client("backup").describe_backup_vault(BackupVaultName="missing")
    assert caught.value.response["Error"] == {"Code": "AccessDeniedException", "Message": "Insufficient privileges to perform this action."}
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize("name", ["a", "has space", "x" * 51, "dots.not.allowed"])
def test_bad_name_is_refused(sandbox: Any, code_of: CodeOf, name: str) -> None:
    assert code_of(sandbox.client("backup").create_backup_vault, BackupVaultName=name) == "InvalidParameterValueException"


def test_unusable_key_is_refused(sandbox: Any, code_of: CodeOf) -> None:
    missing = f"arn:aws:kms:us-west-2:123456789012:key/{uuid.uuid4()}"
    code = code_of(sandbox.client("backup").create_backup_vault, BackupVaultName="vault", EncryptionKeyArn=missing)
    assert code == "InvalidParameterValueException"


def test_names_are_case_sensitive_and_taken_once(sandbox: Any) -> None:
    backup = sandbox.client("backup")
    created = backup.create_backup_vault(BackupVaultName="vault", CreatorRequestId="first")
    assert backup.create_backup_vault(BackupVaultName="vault", CreatorRequestId="first")["CreationDate"] == created["CreationDate"]
    backup.create_backup_vault(BackupVaultName="VAULT")
    with pytest.raises(ClientError) as caught:
        backup.create_backup_vault(BackupVaultName="vault", CreatorRequestId="second")
    answer = caught.value.response
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("AlreadyExistsException", 400)
    assert (answer["CreatorRequestId"], answer["Arn"]) == ("first", created["BackupVaultArn"])


def test_list_pages_by_name(sandbox: Any, code_of: CodeOf) -> None:
    backup = sandbox.client("backup")
    for name in ("v3", "v1", "v2"):
        backup.create_backup_vault(BackupVaultName=name)
    pages = list(backup.get_paginator("list_backup_vaults").paginate(PaginationConfig={"PageSize": 2}))
    assert [[vault["BackupVaultName"] for vault in page["BackupVaultList"]] for page in pages] == [["v1", "v2"], ["v3"]]
    assert backup.list_backup_vaults(ByVaultType="RESTORE_ACCESS_BACKUP_VAULT")["BackupVaultList"] == []
    assert code_of(backup.list_backup_vaults, NextToken="&") == "InvalidParameterValueException"
    assert code_of(backup.list_backup_vaults, MaxResults=1001) == "InvalidParameterValueException"


def test_regions_are_separate(sandbox: Any) -> None:
    sandbox.client("backup", "us-east-1").create_backup_vault(BackupVaultName="vault")
    assert sandbox.client("backup", "us-west-2").list_backup_vaults()["BackupVaultList"] == []


def test_empty_vault_is_deleted_with_its_tags(sandbox: Any, code_of: CodeOf) -> None:
    backup = sandbox.client("backup")
    arn = backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"a": "b"})["BackupVaultArn"]
    backup.delete_backup_vault(BackupVaultName="vault")
    assert code_of(backup.delete_backup_vault, BackupVaultName="vault") == "ResourceNotFoundException"
    assert code_of(backup.list_tags, ResourceArn=arn) == "ResourceNotFoundException"
    backup.create_backup_vault(BackupVaultName="vault")
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {}


def test_policy_denies_what_it_says(sandbox: Any, code_of: CodeOf) -> None:
    backup = sandbox.client("backup")
    backup.create_backup_vault(BackupVaultName="vault")
    assert code_of(backup.get_backup_vault_access_policy, BackupVaultName="vault") == "ResourceNotFoundException"
    assert code_of(backup.put_backup_vault_access_policy, BackupVaultName="vault", Policy="{") == "InvalidParameterValueException"
    deny = {"Effect": "Deny", "Principal": "*", "Action": ["backup:DeleteBackupVault"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    backup.put_backup_vault_access_policy(BackupVaultName="vault", Policy=policy)
    assert backup.get_backup_vault_access_policy(BackupVaultName="vault")["Policy"] == policy
    assert code_of(backup.delete_backup_vault, BackupVaultName="vault") == "AccessDeniedException"
    backup.delete_backup_vault_access_policy(BackupVaultName="vault")
    backup.delete_backup_vault(BackupVaultName="vault")


def test_lock_is_described_and_removed(sandbox: Any) -> None:
    backup = sandbox.client("backup")
    backup.create_backup_vault(BackupVaultName="vault")
    backup.put_backup_vault_lock_configuration(BackupVaultName="vault", MinRetentionDays=2, MaxRetentionDays=9, ChangeableForDays=3)
    locked = backup.describe_backup_vault(BackupVaultName="vault")
    assert (locked["Locked"], locked["MinRetentionDays"], locked["MaxRetentionDays"]) == (True, 2, 9)
    assert (locked["LockDate"] - locked["CreationDate"]).days == 3
    backup.delete_backup_vault_lock_configuration(BackupVaultName="vault")
    assert backup.describe_backup_vault(BackupVaultName="vault")["Locked"] is False


@pytest.mark.parametrize(
    "days",
    [{"MinRetentionDays": 0}, {"MaxRetentionDays": 36501}, {"MinRetentionDays": 3, "MaxRetentionDays": 2}, {"ChangeableForDays": 2}],
)
def test_bad_lock_is_refused(sandbox: Any, code_of: CodeOf, days: dict[str, int]) -> None:
    backup = sandbox.client("backup")
    backup.create_backup_vault(BackupVaultName="vault")
    assert code_of(backup.put_backup_vault_lock_configuration, BackupVaultName="vault", **days) == "InvalidParameterValueException"


def test_tagging_api_sees_vaults(sandbox: Any) -> None:
    arn = sandbox.client("backup").create_backup_vault(BackupVaultName="vault", BackupVaultTags={"project": "p"})["BackupVaultArn"]
    tagging = sandbox.client("resourcegroupstaggingapi")
    found = tagging.get_resources(TagFilters=[{"Key": "project", "Values": ["p"]}])["ResourceTagMappingList"]
    assert [resource["ResourceARN"] for resource in found] == [arn]


def test_tags_change(sandbox: Any, code_of: CodeOf) -> None:
    backup = sandbox.client("backup")
    arn = backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"a": "1"})["BackupVaultArn"]
    backup.tag_resource(ResourceArn=arn, Tags={"a": "2", "b/c": "3"})
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"a": "2", "b/c": "3"}
    backup.untag_resource(ResourceArn=arn, TagKeyList=["a"])
    assert backup.list_tags(ResourceArn=arn)["Tags"] == {"b/c": "3"}
    assert code_of(backup.tag_resource, ResourceArn=arn, Tags={"aws:x": "1"}) == "InvalidParameterValueException"
    assert code_of(backup.tag_resource, ResourceArn=arn, Tags={f"k{n}": "" for n in range(51)}) == "LimitExceededException"
    assert code_of(backup.tag_resource, ResourceArn=f"{arn}x", Tags={"a": "2"}) == "ResourceNotFoundException"


def test_unknown_paths_and_operations_say_so(sandbox: Any) -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-west-2/backup/aws4_request, a, b"}
    status, text = sandbox.request("GET", "/no/such/path", headers=headers)
    assert (status, json.loads(text)["__type"]) == (404, "UnknownOperationException")
    status, text = sandbox.request("GET", "/audit/frameworks", headers=headers)
    assert (status, json.loads(text)["__type"]) == (501, "NotImplementedException")
    status, text = sandbox.request("PUT", "/backup-vaults/vault", body=b"[]", headers=headers)
    assert (status, json.loads(text)["__type"]) == (400, "SerializationException")
    status, text = sandbox.request("PUT", "/backup-jobs", body={}, headers=headers)
    assert (status, json.loads(text)["__type"]) == (400, "MissingParameterValueException")
