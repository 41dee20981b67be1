"""KMS keys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, Ask, Look

ROLE = f"arn:aws:iam::{ACCOUNT}:role/stage/backup"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
WANTED = {"checks": ["key"], "kms_key_ids": ["alias/nightly"], "iam_role_arn": ROLE}


@pytest.fixture
def key_id(sandbox: Any) -> str:
    """A key with the alias."""
    kms = sandbox.client("kms")
    key: str = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/nightly", TargetKeyId=key)
    set_policy(sandbox, key, {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*"})
    return key


def set_policy(sandbox: Any, key: str, *statements: dict[str, Any]) -> None:
    """Replace the key's policy."""
    sandbox.client("kms").put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps({"Statement": list(statements)}))


def test_a_key_that_does_not_exist_yet(look: Look) -> None:
    assert look(**WANTED)["reason"] == "it does not exist yet; deploy.yml creates it"


def test_an_arn_without_a_key(look: Look) -> None:
    finding = look(checks=["key"], kms_key_ids=[f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"])
    assert (finding["result"], finding["reason"]) == ("failed", "there is no such key")


@pytest.mark.usefixtures("key_id")
def test_a_good_key(look: Look) -> None:
    assert look(**WANTED)["reason"] == "it is enabled, and its policy lets it be used"


def test_a_disabled_key_and_one_that_is_to_be_deleted(sandbox: Any, look: Look, key_id: str) -> None:
    kms = sandbox.client("kms")
    kms.disable_key(KeyId=key_id)
    finding = look(**WANTED)
    assert (finding["result"], finding["reason"]) == ("failed", "it is Disabled")
    assert finding["remedy"] == f"aws kms enable-key --key-id {key_id}"
    kms.schedule_key_deletion(KeyId=key_id)
    finding = look(**WANTED)
    assert (finding["result"], finding["reason"]) == ("failed", "it is PendingDeletion")
    assert finding["remedy"].startswith(f"aws kms cancel-key-deletion --key-id {key_id}")


def test_a_policy_that_lets_nobody_use_it(sandbox: Any, look: Look, key_id: str) -> None:
    set_policy(sandbox, key_id, {"Effect": "Allow", "Principal": ROOT, "Action": ["kms:Describe*", "kms:Get*"], "Resource": "*"})
    finding = look(**WANTED)
    assert (finding["result"], finding["reason"]) == (
        "failed",
        "it is enabled, but its policy lets neither the account nor the role use it",
    )
    assert finding["remedy"] == (
        f"allow kms:Decrypt, kms:GenerateDataKey, kms:CreateGrant in the key's policy to {ROLE}, or to the account's root"
    )


def test_policies_that_name_the_role_or_depend(sandbox: Any, look: Look, key_id: str) -> None:
    uses = {"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": ["kms:Decrypt", "kms:GenerateDataKey*", "kms:CreateGrant"]}
    set_policy(sandbox, key_id, uses)
    assert look(**WANTED)["result"] == "passed"
    set_policy(sandbox, key_id, {**uses, "Condition": {"StringEquals": {"kms:ViaService": "backup.us-west-2.amazonaws.com"}}})
    assert look(**WANTED)["result"] == "unknown"


def test_the_key_that_the_vault_has(sandbox: Any, ask: Ask, key_id: str) -> None:
    wanted = {"checks": ["key"], "backup_vault_name": "nightly"}
    assert [each["result"] for each in ask(**wanted)] == ["passed"]
    arn = sandbox.client("kms").describe_key(KeyId=key_id)["KeyMetadata"]["Arn"]
    sandbox.client("backup").create_backup_vault(BackupVaultName="nightly", EncryptionKeyArn=arn)
    assert [each["result"] for each in ask(**wanted)] == ["passed"]
    sandbox.client("kms").disable_key(KeyId=key_id)
    (finding,) = ask(**wanted)
    assert (finding["subject"], finding["result"], finding["reason"]) == ("of the vault nightly", "failed", "it is Disabled")
