"""Secrets that are kept elsewhere: whether they exist, and the function may read them."""

from __future__ import annotations

import json
from typing import Any

from .conftest import ACCOUNT, Ask, Look, allow

VALUE = "https://hooks.slack.com/services/T0/B0/secret"
FUNCTION = f"arn:aws:iam::{ACCOUNT}:role/stage/notifier"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
SSM = {"checks": ["secrets"], "secret_references": ["ssm:/ops/slack"], "function_role_arns": [FUNCTION]}
MANAGER = {"checks": ["secrets"], "secret_references": ["secretsmanager:ops/slack"], "function_role_arns": [FUNCTION]}


def make_key(sandbox: Any) -> dict[str, str]:
    """A key that only the account's policies say more about."""
    statement = {"Effect": "Allow", "Principal": ROOT, "Action": "kms:*", "Resource": "*"}
    key: dict[str, str] = sandbox.client("kms").create_key(Policy=json.dumps({"Statement": [statement]}))["KeyMetadata"]
    return key


def test_a_parameter(sandbox: Any, look: Look) -> None:
    finding = look(**SSM)
    assert (finding["result"], finding["reason"]) == ("failed", "there is no such SSM parameter in this account and Region")
    assert finding["remedy"].startswith("create it with aws ssm put-parameter --type SecureString --name /ops/slack")
    ssm = sandbox.client("ssm")
    ssm.put_parameter(Name="/ops/slack", Type="String", Value=VALUE)
    finding = look(**SSM)
    assert (finding["result"], finding["reason"]) == ("warning", "it exists, as a String that is not encrypted")
    ssm.put_parameter(Name="/ops/slack", Type="SecureString", Value=VALUE, Overwrite=True)
    for reference in ("ssm:/ops/slack", f"ssm:arn:aws:ssm:us-west-2:{ACCOUNT}:parameter/ops/slack"):
        finding = look(**{**SSM, "secret_references": [reference]})
        assert (finding["result"], finding["reason"]) == ("passed", "it exists, and AWS manages its key; its value was not read")
    assert VALUE not in str(finding)


def test_a_secret_of_secrets_manager(sandbox: Any, look: Look) -> None:
    assert look(**MANAGER)["reason"] == "there is no such secret in this account and Region"
    manager = sandbox.client("secretsmanager")
    arn = manager.create_secret(Name="ops/slack", SecretString=VALUE)["ARN"]
    assert look(**MANAGER)["result"] == look(**{**MANAGER, "secret_references": [f"secretsmanager:{arn}"]})["result"] == "passed"
    manager.delete_secret(SecretId="ops/slack", RecoveryWindowInDays=7)
    finding = look(**MANAGER)
    assert (finding["result"], finding["reason"]) == ("failed", "it is to be deleted")
    assert finding["remedy"] == "aws secretsmanager restore-secret --secret-id ops/slack"


def test_a_secret_without_a_value(sandbox: Any, look: Look) -> None:
    sandbox.client("secretsmanager").create_secret(Name="ops/slack")
    assert look(**MANAGER)["reason"] == "it has no value"


def test_a_key_of_ones_own_must_be_allowed(sandbox: Any, look: Look) -> None:
    kms, key = sandbox.client("kms"), make_key(sandbox)
    sandbox.client("ssm").put_parameter(Name="/ops/slack", Type="SecureString", Value=VALUE, KeyId=key["KeyId"])
    sandbox.client("secretsmanager").create_secret(Name="ops/slack", SecretString=VALUE, KmsKeyId=key["KeyId"])
    for wanted in (SSM, MANAGER):
        finding = look(**wanted)
        assert (finding["result"], finding["reason"]) == ("failed", f"the function may not decrypt it with its key {key['Arn']}")
        assert finding["remedy"] == f"add {key['Arn']} to notifier_secret_key_arns"
        assert look(**wanted, secret_key_arns=[key["Arn"]])["result"] == "passed"
    own = {"Effect": "Allow", "Principal": {"AWS": FUNCTION}, "Action": "kms:Decrypt", "Resource": "*"}
    kms.put_key_policy(KeyId=key["KeyId"], PolicyName="default", Policy=json.dumps({"Statement": [own]}))
    assert look(**SSM)["result"] == "passed"
    kms.disable_key(KeyId=key["KeyId"])
    finding = look(**SSM, secret_key_arns=[key["Arn"]])
    assert (finding["result"], finding["reason"]) == ("failed", f"its key {key['Arn']} is Disabled")


def test_where_nobody_can_look(ask: Ask, look: Look, session: Any) -> None:
    elsewhere = {**MANAGER, "secret_references": [f"secretsmanager:arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:slack-AbCdEf"]}
    assert look(**elsewhere)["result"] == "unknown"
    both = [*SSM["secret_references"], *MANAGER["secret_references"]]
    found = ask(**{**SSM, "secret_references": both}, **session(allow("ssm:GetParameter", "secretsmanager:GetSecretValue")))
    assert {each["reason"] for each in found} == {
        "the caller lacks ssm:DescribeParameters",
        "the caller lacks secretsmanager:DescribeSecret",
    }
    assert {each["result"] for each in found} == {"unknown"}
