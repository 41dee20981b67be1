"""A stage whose name RDS and S3 do not take as it is: what is restored of it comes back, is found by its name, and goes."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Playbooks

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
STAGE = {"project": "My_App", "drill_targets": ["rds_mysql", "s3"]}


def names(playbooks: Playbooks) -> set[str]:
    """Of the databases and buckets that there are."""
    client = playbooks.sandbox.client
    databases = {each["DBInstanceIdentifier"] for each in client("rds", REGION).describe_db_instances()["DBInstances"]}
    buckets = {each["Name"] for each in client("s3").list_buckets()["Buckets"]}
    return databases | buckets


def test_capitals_and_underscores(playbooks: Playbooks) -> None:
    playbooks.run("deploy", region=REGION, **STAGE).succeeded()
    before = names(playbooks)
    playbooks.run("test_backup", **STAGE).succeeded()
    # As an interrupted run leaves it, without tags and without a job that AWS still lists.
    bucket = "my-app-dev-restored-s3-0123456"
    s3 = playbooks.sandbox.client("s3", REGION)
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    assert bucket in playbooks.run("audit", **STAGE).failed().error
    playbooks.run("test_restore", **STAGE).succeeded()
    proofs = playbooks.proofs()
    assert {name: proof["verdict"] for name, proof in proofs.items()} == dict.fromkeys(STAGE["drill_targets"], "passed")
    for name, begin in {"rds_mysql": "my-app-dev-restored-mysql-", "s3": "my-app-dev-restored-s3-"}.items():
        assert begin in proofs[name]["created_resource_arn"]
    assert names(playbooks) == before
