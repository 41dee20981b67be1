"""Corrections of moto's KMS, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def kms(sandbox: Any) -> Any:
    return sandbox.client("kms")


@pytest.fixture
def key_arn(kms: Any) -> str:
    return kms.create_key()["KeyMetadata"]["Arn"]


def state(kms: Any, key_arn: str) -> str:
    return kms.describe_key(KeyId=key_arn)["KeyMetadata"]["KeyState"]


def test_a_key_is_disabled_and_enabled_by_its_arn(kms: Any, key_arn: str) -> None:
    kms.disable_key(KeyId=key_arn)
    assert state(kms, key_arn) == "Disabled"
    kms.enable_key(KeyId=key_arn)
    assert state(kms, key_arn) == "Enabled"


def test_a_deletion_is_scheduled_and_cancelled_by_arn(kms: Any, key_arn: str) -> None:
    scheduled = kms.schedule_key_deletion(KeyId=key_arn, PendingWindowInDays=7)
    assert {name: scheduled[name] for name in ("KeyId", "KeyState", "PendingWindowInDays")} == {
        "KeyId": key_arn,
        "KeyState": "PendingDeletion",
        "PendingWindowInDays": 7,
    }
    assert kms.cancel_key_deletion(KeyId=key_arn)["KeyId"] == key_arn
    assert state(kms, key_arn) == "Disabled"


def test_a_deletion_scheduled_by_id_is_answered_with_the_arn(kms: Any, key_arn: str) -> None:
    scheduled = kms.schedule_key_deletion(KeyId=key_arn.rsplit("/", 1)[-1])
    assert (scheduled["KeyId"], scheduled["PendingWindowInDays"]) == (key_arn, 30)


@pytest.mark.parametrize("days", [6, 31])
def test_a_waiting_period_out_of_range_is_refused(kms: Any, key_arn: str, days: int) -> None:
    with pytest.raises(ClientError, match="between 7 and 30") as error:
        kms.schedule_key_deletion(KeyId=key_arn, PendingWindowInDays=days)
    assert error.value.response["Error"]["Code"] == "ValidationException"
    assert state(kms, key_arn) == "Enabled"


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("enable_key", {}),
        ("schedule_key_deletion", {}),
        ("tag_resource", {"Tags": [{"TagKey": "stage", "TagValue": "dev"}]}),
        ("generate_data_key", {"KeySpec": "AES_256"}),
    ],
)
def test_a_key_pending_deletion_is_neither_changed_nor_used(kms: Any, key_arn: str, operation: str, parameters: dict[str, Any]) -> None:
    kms.schedule_key_deletion(KeyId=key_arn)
    with pytest.raises(ClientError, match="is pending deletion") as error:
        getattr(kms, operation)(KeyId=key_arn, **parameters)
    assert error.value.response["Error"]["Code"] == "KMSInvalidStateException"


def test_a_key_pending_deletion_gets_no_new_alias_and_loses_its_old_one(kms: Any, key_arn: str) -> None:
    kms.create_alias(AliasName="alias/old", TargetKeyId=key_arn)
    kms.schedule_key_deletion(KeyId=key_arn)
    with pytest.raises(ClientError, match="is pending deletion"):
        kms.create_alias(AliasName="alias/new", TargetKeyId=key_arn)
    kms.delete_alias(AliasName="alias/old")
    assert kms.list_aliases(KeyId=key_arn)["Aliases"] == []
