"""What the sandbox answers to a preflight: sessions that may not do everything, IAM's simulator, quotas, and auth.test."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, REGION

TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}]}
LIST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "backup:ListBackupVaults", "Resource": "*"}]}
TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"


@pytest.fixture
def role_arn(sandbox: Any) -> str:
    """A role that may list vaults, and nothing else."""
    iam = sandbox.client("iam")
    arn: str = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName="reader", PolicyName="may", PolicyDocument=json.dumps(LIST))
    return arn


def test_a_session_may_do_what_its_role_may(sandbox: Any, role_arn: str) -> None:
    session = sandbox.control("POST", "/sessions", {"role_arn": role_arn})

    def client(service: str) -> Any:
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=sandbox.endpoint_url,
            aws_access_key_id=session["access_key"],
            aws_secret_access_key=session["secret_key"],
            aws_session_token=session["session_token"],
        )

    assert client("sts").get_caller_identity()["Arn"] == session["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/reader/sandbox"
    assert client("backup").list_backup_vaults()["BackupVaultList"] == []
    with pytest.raises(ClientError, match=f"{session['arn']} is not authorized to perform: backup:ListBackupPlans"):
        client("backup").list_backup_plans()


def test_there_is_no_session_of_no_role(sandbox: Any) -> None:
    status, text = sandbox.request("POST", "/_sandbox/sessions", {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/nobody"})
    assert (status, "there is no role" in text) == (400, True)


def test_the_simulator_decides_as_the_policies_say(sandbox: Any, role_arn: str) -> None:
    iam = sandbox.client("iam")
    actions = ["backup:ListBackupVaults", "backup:CreateBackupVault"]

    def decisions(arn: str) -> list[str]:
        results = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions)["EvaluationResults"]
        return [each["EvalDecision"] for each in results]

    assert decisions(role_arn) == ["allowed", "implicitDeny"]
    deny = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "backup:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName="reader", PolicyName="not", PolicyDocument=json.dumps(deny))
    assert decisions(role_arn) == ["explicitDeny", "explicitDeny"]
    user = iam.create_user(UserName="ann")["User"]["Arn"]
    iam.put_user_policy(UserName="ann", PolicyName="may", PolicyDocument=json.dumps(LIST))
    assert decisions(user) == ["allowed", "implicitDeny"]
    assert decisions(sandbox.client("sts").get_caller_identity()["Arn"]) == ["allowed", "allowed"]


def test_quotas_can_be_changed_and_are_kept(sandbox: Any) -> None:
    quotas, backup = sandbox.client("service-quotas"), sandbox.client("backup")
    (vaults,) = [each for each in quotas.list_service_quotas(ServiceCode="backup")["Quotas"] if "vaults" in each["QuotaName"]]
    assert vaults["Value"] == 300
    sandbox.control("PUT", "/quotas", {"service_code": "backup", "quota_code": vaults["QuotaCode"], "value": 1})
    assert quotas.get_service_quota(ServiceCode="backup", QuotaCode=vaults["QuotaCode"])["Quota"]["Value"] == 1
    backup.create_backup_vault(BackupVaultName="one")
    with pytest.raises(ClientError, match="LimitExceededException"):
        backup.create_backup_vault(BackupVaultName="two")
    sandbox.control("POST", "/reset")
    assert quotas.get_service_quota(ServiceCode="backup", QuotaCode=vaults["QuotaCode"])["Quota"]["Value"] == 300
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        quotas.list_service_quotas(ServiceCode="nosuch")
    assert sandbox.request("PUT", "/_sandbox/quotas", {"value": 1})[0] == 400


def test_auth_test_knows_the_token(sandbox: Any) -> None:
    def ask(token: str) -> Any:
        return json.loads(sandbox.request("GET", "/slack/api/auth.test", headers={"Authorization": f"Bearer {token}"})[1])

    assert ask(TOKEN)["ok"] is True
    assert ask("xoxb-1") == {"ok": False, "error": "invalid_auth"}
