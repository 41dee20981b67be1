"""The module resource_tag against a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils import tagged_resources
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.modules import resource_tag
from botocore.stub import Stubber

TAGS = {"Project": "backup", "Stage": "dev"}
ALARM = "arn:aws:cloudwatch:us-west-2:123456789012:alarm:undelivered"
RULE = "arn:aws:events:us-west-2:123456789012:rule/backup"

Tag = Callable[..., dict[str, Any]]


@pytest.fixture
def tag(sandbox: Any, run_module: Any) -> Tag:
    """Run the module for an alarm and a rule with TAGS, or with other options."""

    def run(check: bool = False, **options: Any) -> dict[str, Any]:
        args = {**sandbox.connection(), "resource_arns": [ALARM, RULE], "tags": TAGS, **options}
        return run_module(resource_tag, args, check=check, diff=True)

    return run


@pytest.fixture
def resources(sandbox: Any) -> None:
    """An alarm, and a rule."""
    sandbox.client("cloudwatch").put_metric_alarm(
        AlarmName="undelivered",
        MetricName="ApproximateNumberOfMessagesVisible",
        Namespace="AWS/SQS",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )
    sandbox.client("events").put_rule(Name="backup", EventPattern='{"source": ["aws.backup"]}')


def tags_of(sandbox: Any) -> list[dict[str, str]]:
    alarm = sandbox.client("cloudwatch").list_tags_for_resource(ResourceARN=ALARM)["Tags"]
    rule = sandbox.client("events").list_tags_for_resource(ResourceARN=RULE)["Tags"]
    return [{tag["Key"]: tag["Value"] for tag in tags} for tags in (alarm, rule)]


@pytest.mark.usefixtures("resources")
def test_tags_what_lacks_a_tag_and_leaves_other_tags_alone(sandbox: Any, tag: Tag) -> None:
    sandbox.client("events").tag_resource(ResourceARN=RULE, Tags=[{"Key": "Owner", "Value": "team"}, {"Key": "Stage", "Value": "old"}])
    result = tag()
    assert result["changed"]
    assert tags_of(sandbox) == [TAGS, {**TAGS, "Owner": "team"}]
    assert result["resources"] == [{"resource_arn": ALARM, "tags": TAGS}, {"resource_arn": RULE, "tags": TAGS}]
    assert result["diff"] == {"before": {ALARM: {}, RULE: {"Stage": "old"}}, "after": {ALARM: TAGS, RULE: TAGS}}
    assert not tag()["changed"]


@pytest.mark.usefixtures("resources")
def test_check_mode_predicts_and_tags_nothing(sandbox: Any, tag: Tag) -> None:
    assert tag(check=True)["changed"]
    assert tags_of(sandbox) == [{}, {}]
    tag()
    assert not tag(check=True)["changed"]


def test_check_mode_before_they_exist(tag: Tag) -> None:
    assert tag(check=True)["changed"]


@pytest.mark.usefixtures("resources")
def test_a_tagging_api_that_lags_behind_does_not_matter(tag: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource_tag, "get_tags", lambda _client, _arns: {})
    assert tag()["changed"]
    assert not tag()["changed"]


@pytest.mark.usefixtures("resources")
def test_a_partial_failure_reports_what_was_tagged(tag: Tag, monkeypatch: pytest.MonkeyPatch) -> None:
    failures = {RULE: {"ErrorMessage": "not authorized"}}
    monkeypatch.setattr(tagged_resources, "_tag_resources", lambda _client, _arns, _tags: failures)
    result = tag()
    assert result["msg"] == f"Failed to tag {RULE}: not authorized"
    assert (result["failed"], result["changed"], result["tagged_resource_arns"]) == (True, True, [ALARM])


def test_no_resources_is_no_change(tag: Tag) -> None:
    assert not tag(resource_arns=[])["changed"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"tags": {}}, "tags is empty"),
        ({"resource_arns": ["undelivered"]}, "resource_arns: 'undelivered' is not an ARN"),
        ({"resource_arns": [f"{ALARM}{number}" for number in range(101)]}, "resource_arns: 101 resources, AWS takes 100 at once"),
    ],
)
def test_options_that_cannot_be_right(tag: Tag, options: dict[str, Any], message: str) -> None:
    result = tag(**options)
    assert result["failed"]
    assert message in result["msg"]


def test_what_a_service_does_not_tag_is_named() -> None:
    credentials = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}
    client = boto3.client("resourcegroupstaggingapi", region_name="us-west-2", **credentials)
    failures = {ALARM: {"StatusCode": 400, "ErrorCode": "InvalidParameterException", "ErrorMessage": "no such alarm"}}
    with Stubber(client) as stub:
        stub.add_response("tag_resources", {"FailedResourcesMap": failures})
        with pytest.raises(AnsibleBackupError, match=f"^Failed to tag {ALARM}: no such alarm$"):
            tagged_resources.tag_resources(client, [ALARM], TAGS)
