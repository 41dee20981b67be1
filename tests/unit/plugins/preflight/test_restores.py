"""What a restore proof needs: permissions, no restores of an earlier run, and a vault that takes copies."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from .conftest import ACCOUNT, TRUST, Ask, Look, allow

PROOF = f"arn:aws:iam::{ACCOUNT}:role/stage/proof"
COPIER = f"arn:aws:iam::{ACCOUNT}:role/stage/backup"
RESTORES = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForRestores"
ASKING = allow("iam:SimulatePrincipalPolicy", "iam:GetRole")
WANTED = {"checks": ["start_restore"], "iam_role_arn": PROOF, "resource_types": ["EC2", "S3", "EFS", "DynamoDB"]}
Session = Callable[..., dict[str, str]]


def results(found: list[dict[str, str]]) -> dict[str, str]:
    """The result of each check."""
    return {each["subject"]: each["result"] for each in found}


def test_the_owner_may_restore(ask: Ask) -> None:
    assert results(ask(**WANTED)) == dict.fromkeys(
        ("iam:CreateRole", "iam:AttachRolePolicy", "backup:StartRestoreJob of EC2", "backup:StartRestoreJob of S3 and EFS"), "passed"
    )


def test_a_caller_who_may_restore_images_only(ask: Ask, session: Session) -> None:
    attaching = allow("iam:AttachRolePolicy", resource=PROOF, ArnEquals={"iam:PolicyARN": RESTORES})
    found = ask(**WANTED, **session(ASKING, attaching, allow("backup:StartRestoreJob", resource="arn:aws:ec2:us-west-2::image/*")))
    assert results(found) == {
        "iam:CreateRole": "failed",
        "iam:AttachRolePolicy": "passed",
        "backup:StartRestoreJob of EC2": "passed",
        "backup:StartRestoreJob of S3 and EFS": "failed",
    }
    remedies = [each["remedy"] for each in found if each["result"] == "failed"]
    assert f"allow the caller iam:CreateRole on {PROOF} (docs/permissions.md)" in remedies
    point = f"arn:aws:backup:us-west-2:{ACCOUNT}:recovery-point:00000000-0000-0000-0000-000000000000"
    assert f"allow the caller backup:StartRestoreJob on {point} (docs/permissions.md)" in remedies


def test_what_copies_need(sandbox: Any, ask: Ask, session: Session) -> None:
    others = {**TRUST["Statement"][0], "Principal": {"Service": "lambda.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [others]})
    sandbox.client("iam").create_role(RoleName="backup", Path="/stage/", AssumeRolePolicyDocument=document)
    wanted = {"checks": ["start_copy"], "copy_role_arn": COPIER, "resource_types": ["EBS"]}
    assert results(ask(**wanted)) == {
        COPIER: "failed",
        "iam:PassRole of the role for copies to backup.amazonaws.com": "passed",
        "backup:StartCopyJob of EBS": "passed",
    }
    sandbox.client("iam").update_assume_role_policy(RoleName="backup", PolicyDocument=json.dumps(TRUST))
    assert results(ask(**wanted, **session(ASKING))) == {
        COPIER: "passed",
        "iam:PassRole of the role for copies to backup.amazonaws.com": "failed",
        "backup:StartCopyJob of EBS": "failed",
    }


def test_permissions_that_are_listed(ask: Ask, session: Session) -> None:
    queue = f"arn:aws:sqs:us-west-2:{ACCOUNT}:undelivered"
    wanted = {"checks": ["permissions"], "permissions": {"sqs:ReceiveMessage": queue, "sqs:DeleteMessage": queue}}
    found = ask(**wanted, **session(ASKING, allow("sqs:ReceiveMessage", resource=queue)))
    assert results(found) == {"sqs:ReceiveMessage": "passed", "sqs:DeleteMessage": "failed"}


def finished_point(backup: Any) -> str:
    """The ARN of the vault's only recovery point, once it is there."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for point in backup.list_recovery_points_by_backup_vault(BackupVaultName="nightly")["RecoveryPoints"]:
            if point["Status"] == "COMPLETED":
                return str(point["RecoveryPointArn"])
        time.sleep(0.1)
    raise AssertionError("the backup does not end")


def test_restores_that_run(sandbox: Any, look: Look) -> None:
    backup, iam = sandbox.client("backup"), sandbox.client("iam")
    role = iam.create_role(RoleName="proof", Path="/stage/", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    wanted = {"checks": ["restore_jobs"], "iam_role_arn": role}
    assert look(**wanted)["reason"] == "none"
    for name in ("AWSBackupServiceRolePolicyForBackup", "AWSBackupServiceRolePolicyForRestores"):
        iam.attach_role_policy(RoleName="proof", PolicyArn=f"arn:aws:iam::aws:policy/service-role/{name}")
    backup.create_backup_vault(BackupVaultName="nightly")
    volume = sandbox.client("ec2").create_volume(AvailabilityZone="us-west-2a", Size=1)["VolumeId"]
    arn = f"arn:aws:ec2:us-west-2:{ACCOUNT}:volume/{volume}"
    backup.start_backup_job(BackupVaultName="nightly", ResourceArn=arn, IamRoleArn=role)
    point = finished_point(backup)
    sandbox.control("PUT", "/backup/outcomes", {"kind": "restore_job", "resource_arn": arn, "hold": True})
    metadata = {"availabilityZone": "us-west-2a", "encrypted": "false"}
    job = backup.start_restore_job(RecoveryPointArn=point, Metadata=metadata, IamRoleArn=role)["RestoreJobId"]
    finding = look(**wanted)
    assert (finding["result"], finding["reason"].split(":")[0]) == ("warning", job)
    assert look(checks=["restore_jobs"], iam_role_arn=COPIER)["result"] == "passed"


@pytest.mark.parametrize(
    ("statement", "result"),
    [
        (None, "passed"),
        ({"Effect": "Allow", "Principal": "*", "Action": "backup:CopyIntoBackupVault"}, "passed"),
        ({"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint"}, "passed"),
        ({"Effect": "Deny", "Principal": "*", "Action": "backup:Copy*"}, "failed"),
        ({"Effect": "Deny", "Principal": "*", "Action": "backup:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}, "unknown"),
    ],
)
def test_a_vault_for_copies(sandbox: Any, look: Look, statement: dict[str, Any] | None, result: str) -> None:
    wanted = {"checks": ["copy_vault"], "backup_vault_name": "copies"}
    assert look(**wanted)["reason"] == "the vault does not exist yet; test_restore.yml creates it"
    backup = sandbox.client("backup")
    backup.create_backup_vault(BackupVaultName="copies")
    if statement:
        policy = json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Resource": "*"}]})
        backup.put_backup_vault_access_policy(BackupVaultName="copies", Policy=policy)
    assert look(**wanted)["result"] == result


def test_the_quotas_of_a_place_are_those_of_no_vault(ask: Ask) -> None:
    found = ask(checks=["place_quotas"], backup_vault_name="nightly", vpc_names=["new"], db_instance_names=["new"], resource_types=["EC2"])
    assert results(found) == {"VPCs": "passed", "database instances": "passed"}
