"""The module tagged_resource_info against a sandbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import errors, kms_keys, tagged_resources
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.modules import tagged_resource_info
from botocore.stub import Stubber

TAGS = {"project": "aws-backup", "stage": "dev"}
TAG_LIST = [{"Key": key, "Value": value} for key, value in TAGS.items()]

List = Callable[..., dict[str, Any]]


@pytest.fixture
def listing(sandbox: Any, run_module: Any) -> List:
    """Run the module with TAGS and more options."""

    def run(**options: Any) -> dict[str, Any]:
        return run_module(tagged_resource_info, {**sandbox.connection(), "tags": TAGS, **options})

    return run


def create_key(sandbox: Any) -> str:
    tags = [{"TagKey": key, "TagValue": value} for key, value in TAGS.items()]
    return sandbox.client("kms").create_key(Tags=tags)["KeyMetadata"]["Arn"]


def run_instances(sandbox: Any, count: int = 1) -> list[str]:
    tags = [{"ResourceType": "instance", "Tags": TAG_LIST}]
    answer = sandbox.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=count, MaxCount=count, TagSpecifications=tags)
    return [instance["InstanceId"] for instance in answer["Instances"]]


def arns(resources: list[dict[str, Any]]) -> list[str]:
    return [resource["resource_arn"] for resource in resources]


def test_only_resources_with_all_tags_are_listed(sandbox: Any, listing: List) -> None:
    logs = sandbox.client("logs")
    logs.create_log_group(logGroupName="ours", tags={**TAGS, "owner": "team"})
    logs.create_log_group(logGroupName="other-stage", tags={**TAGS, "stage": "prod"})
    logs.create_log_group(logGroupName="no-stage", tags={"project": TAGS["project"]})
    result = listing()
    ours = {"resource_arn": "arn:aws:logs:us-west-2:123456789012:log-group:ours", "tags": {**TAGS, "owner": "team"}}
    assert (result["changed"], result["resources"], result["pending_deletion"]) == (False, [ours], [])


def test_every_page_is_read_and_sorted(sandbox: Any, listing: List) -> None:
    logs = sandbox.client("logs")
    for number in range(60):
        logs.create_log_group(logGroupName=f"group-{number:02}", tags=TAGS)
    names = [arn.rsplit(":", 1)[-1] for arn in arns(listing()["resources"])]
    assert names == [f"group-{number:02}" for number in range(60)]


def test_types_narrow_the_list(sandbox: Any, listing: List) -> None:
    sandbox.client("logs").create_log_group(logGroupName="ours", tags=TAGS)
    key_arn = create_key(sandbox)
    assert arns(listing(resource_types=["kms:key"])["resources"]) == [key_arn]
    assert arns(listing(resource_types=["ec2", "backup"])["resources"]) == []


def test_a_key_pending_deletion_is_apart_with_its_date(sandbox: Any, listing: List) -> None:
    ending, staying = create_key(sandbox), create_key(sandbox)
    date = sandbox.client("kms").schedule_key_deletion(KeyId=ending, PendingWindowInDays=7)["DeletionDate"]
    result = listing()
    assert arns(result["resources"]) == [staying]
    (pending,) = result["pending_deletion"]
    assert (pending["resource_arn"], pending["tags"], pending["state"]) == (ending, TAGS, "PendingDeletion")
    assert pending["deletion_date"][:16] == date.isoformat()[:16]
    assert re.fullmatch(r"[-0-9]{10}T[:0-9.]+\+00:00", pending["deletion_date"])


def test_a_terminated_instance_is_apart(sandbox: Any, listing: List) -> None:
    ending, staying = run_instances(sandbox, count=2)
    sandbox.client("ec2").terminate_instances(InstanceIds=[ending])
    result = listing(resource_types=["ec2:instance"])
    assert arns(result["resources"]) == [f"arn:aws:ec2:us-west-2:123456789012:instance/{staying}"]
    assert [(pending["resource_arn"].rsplit("/", 1)[-1], pending["state"]) for pending in result["pending_deletion"]] == [
        (ending, "terminated")
    ]


def test_nothing_is_apart_when_not_asked_for(sandbox: Any, listing: List) -> None:
    key_arn = create_key(sandbox)
    sandbox.client("kms").schedule_key_deletion(KeyId=key_arn)
    result = listing(exclude_pending_deletion=False)
    assert (arns(result["resources"]), result["pending_deletion"]) == ([key_arn], [])


def test_what_a_service_has_forgotten_is_apart(sandbox: Any) -> None:
    instance = {"resource_arn": "arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0", "tags": TAGS}
    key = {"resource_arn": "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", "tags": TAGS}
    topic = {"resource_arn": "arn:aws:sns:us-west-2:123456789012:topic", "tags": TAGS}
    staying, pending = tagged_resources.split_pending_deletion([instance, key, topic], sandbox.client)
    assert staying == [topic]
    assert [(resource["resource_arn"], resource["state"]) for resource in pending] == [
        (instance["resource_arn"], "terminated"),
        (key["resource_arn"], "Deleted"),
    ]


def test_more_instances_than_one_call_takes(sandbox: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagged_resources, "INSTANCES_PER_CALL", 2)
    ids = run_instances(sandbox, count=5)
    sandbox.client("ec2").terminate_instances(InstanceIds=ids[3:])
    resources = [{"resource_arn": f"arn:aws:ec2:us-west-2:123456789012:instance/{name}", "tags": {}} for name in ids]
    staying, pending = tagged_resources.split_pending_deletion(resources, sandbox.client)
    assert (staying, arns(pending)) == (resources[:3], arns(resources[3:]))


def test_tag_values_may_be_numbers(sandbox: Any, run_module: Any) -> None:
    sandbox.client("logs").create_log_group(logGroupName="ours", tags={"number": "7"})
    result = run_module(tagged_resource_info, {**sandbox.connection(), "tags": {"number": 7}})
    assert len(result["resources"]) == 1


def test_no_tags_are_refused(sandbox: Any, run_module: Any) -> None:
    result = run_module(tagged_resource_info, {**sandbox.connection(), "tags": {}})
    assert result["failed"]
    assert "name at least one tag" in result["msg"]


def test_an_unknown_region_is_one_clear_error(sandbox: Any, run_module: Any) -> None:
    result = run_module(tagged_resource_info, {**sandbox.connection("us-wast-2"), "tags": TAGS})
    assert result["failed"]
    assert result["msg"].startswith("Failed to list the tagged resources (check the secret key, the Region and this machine's clock): ")
    assert "us-wast-2" in result["msg"]


def test_a_denied_key_says_what_to_check() -> None:
    credentials = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
    kms = boto3.client("kms", region_name="us-west-2", **credentials)
    with Stubber(kms) as stub:
        stub.add_client_error("describe_key", "AccessDeniedException")
        with pytest.raises(AnsibleBackupError, match=r"^Failed to describe the KMS key arn:aws:kms") as caught:
            kms_keys.describe_key(kms, "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")
    assert str(errors.hint(caught.value.exception)).startswith("check the caller's IAM permissions")
