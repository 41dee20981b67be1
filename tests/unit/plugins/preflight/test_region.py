"""Opt-in to resource types, and resources that are named."""

from __future__ import annotations

from typing import Any

from .conftest import Ask, Look


def test_types_that_are_opted_in(ask: Ask) -> None:
    found = ask(checks=["region"], resource_types=["EC2", "S3"])
    assert [(each["check"], each["subject"], each["result"], each["reason"]) for each in found] == [
        ("opt-in", "EC2", "passed", "opted in in us-west-2"),
        ("opt-in", "S3", "passed", "opted in in us-west-2"),
    ]


def test_a_type_that_is_not_opted_in(sandbox: Any, ask: Ask) -> None:
    backup = sandbox.client("backup")
    backup.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": False})
    first, second = ask(checks=["region"], resource_types=["EC2", "DynamoDB"])
    assert first == {
        "check": "opt-in",
        "subject": "DynamoDB",
        "result": "failed",
        "reason": "AWS Backup is not opted in to it in us-west-2",
        "remedy": "aws backup update-region-settings --region us-west-2 --resource-type-opt-in-preference DynamoDB=true",
    }
    assert second["result"] == "passed"
    backup.update_region_settings(ResourceTypeOptInPreference={"DynamoDB": True})
    assert {each["result"] for each in ask(checks=["region"], resource_types=["EC2", "DynamoDB"])} == {"passed"}


def test_a_type_that_the_region_does_not_know(look: Look) -> None:
    finding = look(checks=["region"], resource_types=["Timestream"])
    assert (finding["result"], finding["reason"]) == ("failed", "AWS Backup knows no such type in us-west-2")


def test_a_resource_of_another_region(look: Look) -> None:
    finding = look(checks=["region"], resource_arns=["arn:aws:dynamodb:eu-west-1:123456789012:table/orders"])
    assert (finding["result"], finding["reason"]) == ("failed", "it is in eu-west-1, and AWS Backup works inside one Region, us-west-2")


def test_a_bucket_needs_versioning(sandbox: Any, look: Look) -> None:
    wanted = {"checks": ["region"], "resource_arns": ["arn:aws:s3:::photos"]}
    assert look(**wanted)["reason"] == "there is no such bucket"
    s3 = sandbox.client("s3")
    s3.create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    finding = look(**wanted)
    assert (finding["result"], finding["reason"]) == ("failed", "AWS Backup needs the bucket's versioning, which is not enabled")
    assert finding["remedy"] == "aws s3api put-bucket-versioning --bucket photos --versioning-configuration Status=Enabled"
    s3.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Suspended"})
    assert look(**wanted)["reason"].endswith("which is suspended")
    s3.put_bucket_versioning(Bucket="photos", VersioningConfiguration={"Status": "Enabled"})
    assert look(**wanted)["result"] == "passed"
