"""Quotas that are used up, or nearly."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .conftest import Ask, allow

VAULTS, PLANS, POINTS = ("backup", "L-SANDBOX1"), ("backup", "L-SANDBOX2"), ("backup", "L-SANDBOX3")
VPCS, DATABASES, CORES = ("vpc", "L-F678F1CE"), ("rds", "L-7B6409FD"), ("ec2", "L-1216C47A")
WANTED = {
    "checks": ["quotas"],
    "backup_vault_name": "new",
    "backup_plan_name": "new",
    "vpc_names": ["new"],
    "db_instance_names": ["new"],
    "resource_types": ["EC2"],
}


def set_quota(sandbox: Any, quota: tuple[str, str], value: float) -> None:
    """Give the account another quota."""
    sandbox.control("PUT", "/quotas", {"service_code": quota[0], "quota_code": quota[1], "value": value})


def results(found: list[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Result and reason of each quota."""
    return {each["subject"]: (each["result"], each["reason"]) for each in found}


def test_an_account_with_room(ask: Ask) -> None:
    assert results(ask(**WANTED)) == {
        "backup vaults": ("passed", "0 of 300 are used"),
        "recovery points": ("passed", "0 of 1000000 are used"),
        "backup plans": ("passed", "0 of 300 are used"),
        "VPCs": ("passed", "1 of 5 are used"),
        "database instances": ("passed", "0 of 40 are used"),
        "vCPUs of On-Demand instances": ("passed", "0 of 32 are used"),
    }


def test_quotas_that_are_used_up(sandbox: Any, ask: Ask) -> None:
    backup, ec2 = sandbox.client("backup"), sandbox.client("ec2")
    backup.create_backup_vault(BackupVaultName="old")
    plan = {"BackupPlanName": "old", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "old"}]}
    backup.create_backup_plan(BackupPlan=plan)
    ec2.run_instances(ImageId="ami-12c6146b", InstanceType="t3.micro", MinCount=1, MaxCount=1)
    for quota in (VAULTS, PLANS, VPCS, CORES):
        set_quota(sandbox, quota, 1)
    found = ask(**WANTED)
    refused = "1 of 1 are used: AWS refuses another one"
    assert {subject: found for subject, found in results(found).items() if found[0] == "failed"} == {
        "backup vaults": ("failed", refused),
        "backup plans": ("failed", refused),
        "VPCs": ("failed", refused),
    }
    # Whether an instance is to be added is not known here.
    assert results(found)["vCPUs of On-Demand instances"][0] == "warning"
    with pytest.raises(ClientError, match="LimitExceededException"):
        backup.create_backup_vault(BackupVaultName="new")
    # What is there already needs no room.
    again = results(ask(**{**WANTED, "backup_vault_name": "old", "backup_plan_name": "old"}))
    assert {again["backup vaults"][0], again["backup plans"][0]} == {"warning"}


def test_a_vault_full_of_points(sandbox: Any, ask: Ask) -> None:
    sandbox.client("backup").create_backup_vault(BackupVaultName="new")
    sandbox.control("POST", "/backup/recovery-points", {"backup_vault_name": "new", "count": 9})
    set_quota(sandbox, POINTS, 10)
    assert results(ask(checks=["quotas"], backup_vault_name="new"))["recovery points"] == ("warning", "9 of 10 are used")
    set_quota(sandbox, POINTS, 9)
    assert results(ask(checks=["quotas"], backup_vault_name="new"))["recovery points"][0] == "failed"


def test_defaults_count_where_service_quotas_may_not_be_asked(ask: Ask, session: Any) -> None:
    caller = session(allow("backup:*", "ec2:*"))
    found = results(ask(**WANTED, **caller))
    assert found["backup vaults"] == ("passed", "0 of 300 are used")
    assert found["VPCs"] == ("unknown", "the caller lacks servicequotas:GetServiceQuota")


def test_only_what_is_not_there_needs_room(sandbox: Any, ask: Ask) -> None:
    """The account's own VPC and two more are there; of three that are wanted one is missing, of four two."""
    ec2, rds = sandbox.client("ec2"), sandbox.client("rds")
    for name in ("stage", "stage-databases"):
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
        ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": name}])
        rds.create_db_instance(DBInstanceIdentifier=name, DBInstanceClass="db.t4g.micro", Engine="mysql", AllocatedStorage=20)
    set_quota(sandbox, VPCS, 4)
    set_quota(sandbox, DATABASES, 3)
    there = ["stage", "stage-databases"]
    found = {
        more: results(ask(checks=["quotas"], vpc_names=there + missing, db_instance_names=there + missing))
        for more, missing in enumerate([[], ["new"], ["new", "newer"]])
    }
    assert found[0] == found[1] == {"VPCs": ("passed", "3 of 4 are used"), "database instances": ("passed", "2 of 3 are used")}
    assert found[2] == {
        "VPCs": ("failed", "3 of 4 are used: AWS refuses 2 more"),
        "database instances": ("failed", "2 of 3 are used: AWS refuses 2 more"),
    }
