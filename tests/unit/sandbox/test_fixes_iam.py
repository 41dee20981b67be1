"""Corrections of moto's IAM, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import boto3

POLICY = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def attach(sandbox: Any, role_name: str) -> None:
    iam = sandbox.client("iam")
    iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName=role_name, PolicyArn=POLICY)


def attachments(sandbox: Any) -> int:
    return sandbox.client("iam").get_policy(PolicyArn=POLICY)["Policy"]["AttachmentCount"]


def test_a_reset_forgets_what_aws_policies_were_attached_to(sandbox: Any) -> None:
    attach(sandbox, "nightly")
    assert attachments(sandbox) == 1
    sandbox.control("POST", "/reset")
    assert attachments(sandbox) == 0
    attach(sandbox, "nightly")
    assert attachments(sandbox) == 1


def test_an_aws_policy_is_told_whole(sandbox: Any) -> None:
    iam = sandbox.client("iam")
    version = iam.get_policy(PolicyArn=POLICY)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=POLICY, VersionId=version)["PolicyVersion"]["Document"]
    assert "ec2:CreateSnapshot" in json.dumps(document)


def test_an_access_key_is_of_the_account_that_made_it(sandbox: Any) -> None:
    iam = sandbox.client("iam")
    iam.meta.events.register("before-sign.iam.*", lambda request, **_: request.headers.add_header("x-moto-account-id", "111122223333"))
    iam.create_user(UserName="visitor")
    key = iam.create_access_key(UserName="visitor")["AccessKey"]
    theirs = boto3.client(
        "sts",
        region_name="us-west-2",
        endpoint_url=sandbox.endpoint_url,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    assert theirs.get_caller_identity()["Account"] == "111122223333"
    assert sandbox.client("sts").get_caller_identity()["Account"] == "123456789012"
