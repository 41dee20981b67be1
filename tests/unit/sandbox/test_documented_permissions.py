"""The policies of docs/permissions.md let their holder do what the playbooks do to recovery points of every type."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.conftest import ACCOUNT, ROOT

REGION, VAULT = "us-west-2", "proven-backup-dev"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
POINTS = {
    "EC2": f"arn:aws:ec2:{REGION}::image/ami-0123456789abcdef0",
    "EBS": f"arn:aws:ec2:{REGION}::snapshot/snap-0123456789abcdef0",
    "RDS": f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:awsbackup:job-1",
    "Aurora": f"arn:aws:rds:{REGION}:{ACCOUNT}:cluster-snapshot:awsbackup:job-1",
    "DynamoDB": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/proven-backup-dev-dynamodb/backup/01547087347000-c8b6kdk3",
    "EFS": f"arn:aws:backup:{REGION}:{ACCOUNT}:recovery-point:1",
}
NOT_OURS = f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:of-somebody-else"


def documented() -> list[dict[str, Any]]:
    """The policies, for the sandbox's account."""
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs/permissions.md").read_text("utf-8"), flags=re.DOTALL)
    return [json.loads(block.replace("111122223333", ACCOUNT)) for block in blocks]


@pytest.fixture
def client(sandbox: Any) -> Any:
    """Clients of who holds the policies and nothing else."""
    iam = sandbox.client("iam")
    role = iam.create_role(RoleName="operator", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    for number, policy in enumerate(documented()):
        iam.put_role_policy(RoleName="operator", PolicyName=f"documented-{number}", PolicyDocument=json.dumps(policy))
    session = sandbox.control("POST", "/sessions", {"role_arn": role})
    return partial(
        boto3.client,
        region_name=REGION,
        endpoint_url=sandbox.endpoint_url,
        aws_access_key_id=session["access_key"],
        aws_secret_access_key=session["secret_key"],
        aws_session_token=session["session_token"],
    )


@pytest.fixture
def holder(client: Any) -> Any:
    """AWS Backup's client of who holds the policies and nothing else."""
    return client("backup")


def answer(holder: Any, method: str, point: str) -> str:
    """What AWS Backup says to who does something to a recovery point that does not exist."""
    place = {"ResourceArn": point} if method == "list_tags" else {"BackupVaultName": VAULT, "RecoveryPointArn": point}
    try:
        getattr(holder, method)(**place)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "nothing"


METHODS = ["describe_recovery_point", "delete_recovery_point", "disassociate_recovery_point", "get_recovery_point_restore_metadata"]


@pytest.mark.parametrize("method", [*METHODS, "list_tags"])
def test_recovery_points_of_every_type(holder: Any, method: str) -> None:
    assert answer(holder, method, NOT_OURS) == "AccessDeniedException"
    refused = [name for name, point in POINTS.items() if answer(holder, method, point) == "AccessDeniedException"]
    assert refused == []


def test_the_console_of_an_instance(client: Any) -> None:
    with pytest.raises(ClientError) as caught:
        client("ec2").get_console_output(InstanceId="i-0123456789abcdef0")
    assert caught.value.response["Error"]["Code"] == "InvalidInstanceID.NotFound"
