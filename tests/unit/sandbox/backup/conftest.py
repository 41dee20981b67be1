"""Something to back up, a vault for it and a role that may."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pytest
from botocore.exceptions import ClientError

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
IN_PROGRESS = {"CREATED", "PENDING", "RUNNING", "ABORTING"}


@pytest.fixture
def code_of() -> Callable[..., str]:
    """A function that makes a call and returns the error code it ends with."""

    def call_for_code(call: Callable[..., Any], **parameters: Any) -> str:
        with pytest.raises(ClientError) as caught:
            call(**parameters)
        code: str = caught.value.response["Error"]["Code"]
        return code

    return call_for_code


class BackupWorld:
    """A vault, a role and a table to back up, and what tests do with them."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.backup = sandbox.client("backup")
        self.vault_arn = self.backup.create_backup_vault(BackupVaultName="vault")["BackupVaultArn"]
        role = sandbox.client("iam").create_role(RoleName="service", AssumeRolePolicyDocument=json.dumps(TRUST))
        self.role_arn = role["Role"]["Arn"]
        sandbox.let_back_up("service")
        self.table_arn = self.new_table("table")

    def new_table(self, name: str, **tags: str) -> str:
        """Create a table, which costs the sandbox less than anything else; returns its ARN."""
        created = self.sandbox.client("dynamodb").create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
        )
        return str(created["TableDescription"]["TableArn"])

    @cached_property
    def ec2(self) -> Any:
        """A client of EC2."""
        return self.sandbox.client("ec2")

    def new_instance(self, **tags: str) -> str:
        """Run an instance; returns its ARN."""
        specification = (
            [{"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}] if tags else []
        )
        instances = self.ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, TagSpecifications=specification)
        return f"arn:aws:ec2:us-west-2:123456789012:instance/{instances['Instances'][0]['InstanceId']}"

    def start(self, **parameters: Any) -> str:
        """Start a job of the table into the vault, unless told otherwise; returns its ID."""
        given = {"BackupVaultName": "vault", "ResourceArn": self.table_arn, "IamRoleArn": self.role_arn, **parameters}
        job_id: str = self.backup.start_backup_job(**given)["BackupJobId"]
        return job_id

    def job(self, job_id: str) -> dict[str, Any]:
        """Describe a job."""
        described: dict[str, Any] = self.backup.describe_backup_job(BackupJobId=job_id)
        return described

    def wait_for(self, read: Callable[[], Any], done: Callable[[Any], bool]) -> Any:
        """Read until it is done; returns what was read last."""
        deadline = time.monotonic() + 60
        while not done(value := read()):
            assert time.monotonic() < deadline, f"still {value}"
            time.sleep(0.01)
        return value

    def wait(self, job_id: str, *states: str) -> dict[str, Any]:
        """Wait until a job is in one of the states (none: until it has ended); returns its description."""
        described: dict[str, Any] = self.wait_for(
            lambda: self.job(job_id), lambda job: job["State"] in states if states else job["State"] not in IN_PROGRESS
        )
        return described

    def finished(self, **parameters: Any) -> dict[str, Any]:
        """Run a job to its end; returns its description."""
        return self.wait(self.start(**parameters))

    def points(self, **filters: Any) -> list[dict[str, Any]]:
        """The vault's recovery points."""
        listed: list[dict[str, Any]] = self.backup.list_recovery_points_by_backup_vault(BackupVaultName="vault", **filters)[
            "RecoveryPoints"
        ]
        return listed

    def set_outcome(self, **outcome: Any) -> None:
        """Decide how the jobs that start from now on are to end."""
        self.sandbox.control("PUT", "/backup/outcomes", {"resource_arn": "*", **outcome})


class PointWorld:
    """A vault that recovery points are loaded into, and what tests do with them."""

    def __init__(self, sandbox: Any) -> None:
        self.sandbox = sandbox
        self.backup = sandbox.client("backup")
        self.vault_arn = self.backup.create_backup_vault(BackupVaultName="vault")["BackupVaultArn"]

    def load(self, **order: Any) -> list[str]:
        """Load recovery points; returns the ARNs of the first thousand."""
        answer = self.sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": "vault", **order})
        arns: list[str] = answer["recovery_point_arns"]
        return arns

    def behave(self, **behaviour: Any) -> None:
        """Let the service behave in a certain way."""
        self.sandbox.control("PUT", "/backup/service", behaviour)

    def listed(self, **filters: Any) -> list[str]:
        """The ARNs of the vault's recovery points, newest first, of all pages."""
        pages = self.backup.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName="vault", **filters)
        return [point["RecoveryPointArn"] for page in pages for point in page["RecoveryPoints"]]

    def point(self, arn: str) -> dict[str, Any]:
        """Describe a recovery point."""
        described: dict[str, Any] = self.backup.describe_recovery_point(BackupVaultName="vault", RecoveryPointArn=arn)
        return described

    def delete(self, arn: str) -> None:
        """Delete a recovery point."""
        self.backup.delete_recovery_point(BackupVaultName="vault", RecoveryPointArn=arn)

    def wait_for(self, read: Callable[[], Any], value: Any) -> None:
        """Wait until something has a value."""
        deadline = time.monotonic() + 60
        while (last := read()) != value:
            assert time.monotonic() < deadline, f"still {last}"
            time.sleep(0.01)


@pytest.fixture
def points(sandbox: Any) -> PointWorld:
    """A vault in an empty sandbox whose clock is very fast."""
    sandbox.settings(time_scale=6000)
    return PointWorld(sandbox)


@pytest.fixture
def world(sandbox: Any) -> BackupWorld:
    """A vault, a role and a table in an empty sandbox whose clock is very fast."""
    sandbox.settings(time_scale=6000)
    return BackupWorld(sandbox)
