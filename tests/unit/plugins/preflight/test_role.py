"""The role that AWS Backup assumes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .conftest import ACCOUNT, TRUST, Ask

ARN = f"arn:aws:iam::{ACCOUNT}:role/stage/backup"
FOR_ALL = ["service-role/AWSBackupServiceRolePolicyForBackup", "service-role/AWSBackupServiceRolePolicyForRestores"]
FOR_S3 = ["AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"]
CONDITION = {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}


def make_role(sandbox: Any, trust: dict[str, Any], policies: list[str]) -> None:
    """The role with a trust policy and managed policies of AWS."""
    iam = sandbox.client("iam")
    iam.create_role(RoleName="backup", Path="/stage/", AssumeRolePolicyDocument=json.dumps(trust))
    for name in policies:
        iam.attach_role_policy(RoleName="backup", PolicyArn=f"arn:aws:iam::aws:policy/{name}")


def results(found: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Result and reason of each check."""
    return {each["check"]: (each["result"], each["reason"]) for each in found}


def test_a_role_that_does_not_exist_yet(ask: Ask) -> None:
    yet = ("passed", "it does not exist yet; deploy.yml creates it")
    assert results(ask(checks=["role"], iam_role_arn=ARN)) == {"role trust": yet, "role policies": yet}


@pytest.mark.parametrize("more", [{}, CONDITION], ids=["without condition", "with condition"])
def test_a_good_role(sandbox: Any, ask: Ask, more: dict[str, Any]) -> None:
    make_role(sandbox, {"Version": "2012-10-17", "Statement": [{**TRUST["Statement"][0], **more}]}, FOR_ALL)
    assert results(ask(checks=["role"], iam_role_arn=ARN, resource_types=["EC2"])) == {
        "role trust": ("passed", "it trusts backup.amazonaws.com"),
        "role policies": ("passed", "2 managed policies of AWS Backup are attached"),
    }


def test_a_role_that_trusts_somebody_else(sandbox: Any, ask: Ask) -> None:
    make_role(
        sandbox,
        {"Version": "2012-10-17", "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "lambda.amazonaws.com"}}]},
        FOR_ALL,
    )
    finding = ask(checks=["role"], iam_role_arn=ARN)[0]
    assert (finding["check"], finding["result"], finding["reason"]) == ("role trust", "failed", "it does not trust backup.amazonaws.com")
    assert finding["remedy"] == "let backup.amazonaws.com do sts:AssumeRole in the role's trust policy, or run deploy.yml"


def test_a_trust_that_is_denied_or_depends(sandbox: Any, ask: Ask) -> None:
    deny = {**TRUST["Statement"][0], "Effect": "Deny", **CONDITION}
    make_role(sandbox, {"Version": "2012-10-17", "Statement": [TRUST["Statement"][0], deny]}, [])
    assert results(ask(checks=["role"], iam_role_arn=ARN))["role trust"][0] == "failed"
    depends = {**TRUST["Statement"][0], "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}}}
    sandbox.client("iam").update_assume_role_policy(
        RoleName="backup", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [depends]})
    )
    assert results(ask(checks=["role"], iam_role_arn=ARN))["role trust"][0] == "unknown"


def test_s3_needs_two_policies_more(sandbox: Any, ask: Ask) -> None:
    make_role(sandbox, TRUST, FOR_ALL)
    found = results(ask(checks=["role"], iam_role_arn=ARN, resource_types=["EC2", "S3"]))
    assert found["role policies"] == ("failed", f"not attached: {', '.join(FOR_S3)}")
    for name in FOR_S3:
        sandbox.client("iam").attach_role_policy(RoleName="backup", PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    found = results(ask(checks=["role"], iam_role_arn=ARN, resource_types=["EC2", "S3"]))
    assert found["role policies"] == ("passed", "4 managed policies of AWS Backup are attached")
