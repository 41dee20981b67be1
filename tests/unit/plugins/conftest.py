"""Running a module's real main() in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from ansible_collections.proven.aws_backup.plugins.module_utils import polling

RunModule = Callable[..., dict[str, Any]]


@pytest.fixture
def run_module(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RunModule:
    """A function run_module(module, args, check=False, diff=False) that returns what the module printed."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(polling, "SHORTEST_PAUSE", 0.05)  # the sandbox's jobs take a third of a second

    def run(module: ModuleType, args: dict[str, Any], check: bool = False, diff: bool = False) -> dict[str, Any]:
        capsys.readouterr()
        with patch_module_args({**args, "_ansible_check_mode": check, "_ansible_diff": diff}), pytest.raises(SystemExit):
            module.main()
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def role_arn(sandbox: Any) -> str:
    """A role in the sandbox with which AWS Backup can back up."""
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = sandbox.client("iam").create_role(RoleName="backup", AssumeRolePolicyDocument=json.dumps(policy))
    sandbox.let_back_up("backup")
    return role["Role"]["Arn"]


@pytest.fixture
def table_arn(sandbox: Any) -> str:
    """A DynamoDB table in the sandbox, the cheapest thing there is to back up."""
    table = sandbox.client("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return table["TableDescription"]["TableArn"]


@pytest.fixture
def start_args(sandbox: Any, role_arn: str, table_arn: str) -> dict[str, Any]:
    """Arguments of backup_job that start a job of the table into the vault nightly, which exists."""
    sandbox.client("backup").create_backup_vault(BackupVaultName="nightly")
    return {**sandbox.connection(), "backup_vault_name": "nightly", "resource_arn": table_arn, "iam_role_arn": role_arn}
