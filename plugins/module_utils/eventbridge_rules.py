# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""EventBridge rules with their targets and tags: how they are, and how to bring them to what is wanted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
    compare_aws_tags,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient

Rule = dict[str, Any]


@aws_call("read the rule {name}", missing=None)
def describe_rule(client: BaseClient, name: str, bus: str) -> dict[str, Any] | None:
    """A rule without its targets and tags; None when there is no such rule."""
    return client.describe_rule(Name=name, EventBusName=bus)


@aws_call("list the targets of the rule {name}", missing=[])
def list_targets(client: BaseClient, name: str, bus: str) -> list[dict[str, Any]]:
    """A rule's targets."""
    targets: list[dict[str, Any]] = []
    page: dict[str, Any] = {}
    while True:
        answer = client.list_targets_by_rule(Rule=name, EventBusName=bus, **page)
        targets += answer["Targets"]
        if not answer.get("NextToken"):
            return targets
        page = {"NextToken": answer["NextToken"]}


@aws_call("read the tags of the rule {arn}", missing={})
def list_tags(client: BaseClient, arn: str) -> dict[str, str]:
    """A rule's tags."""
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_resource(ResourceARN=arn)["Tags"])


@aws_call("write the rule {name}")
def put_rule(client: BaseClient, name: str, bus: str, fields: dict[str, Any]) -> str:
    """Create a rule or replace its fields; returns its ARN."""
    return client.put_rule(Name=name, EventBusName=bus, **fields)["RuleArn"]


@aws_call("write the targets of the rule {name}")
def put_targets(client: BaseClient, name: str, bus: str, targets: list[dict[str, Any]]) -> None:
    """Add targets, or replace those with the same IDs."""
    _check(name, client.put_targets(Rule=name, EventBusName=bus, Targets=targets))


@aws_call("remove targets of the rule {name}", missing=None)
def remove_targets(client: BaseClient, name: str, bus: str, ids: list[str]) -> None:
    """Remove targets. A rule that is gone has none."""
    _check(name, client.remove_targets(Rule=name, EventBusName=bus, Ids=ids))


@aws_call("delete the rule {name}", missing=None)
def delete_rule(client: BaseClient, name: str, bus: str) -> None:
    """Delete a rule without targets. That it is gone already is no error."""
    client.delete_rule(Name=name, EventBusName=bus)


@aws_call("tag the rule {arn}")
def tag_rule(client: BaseClient, arn: str, tags: dict[str, str]) -> None:
    """Add tags."""
    client.tag_resource(ResourceARN=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags of the rule {arn}")
def untag_rule(client: BaseClient, arn: str, keys: list[str]) -> None:
    """Remove tags."""
    client.untag_resource(ResourceARN=arn, TagKeys=keys)


def read_rule(client: BaseClient, name: str, bus: str) -> Rule | None:
    """A rule as modules return it; None when there is none.

    Raises:
        AnsibleBackupError: it cannot be read.
    """
    rule = describe_rule(client, name, bus)
    if rule is None:
        return None
    return {
        "name": name,
        "event_bus_name": bus,
        "arn": rule["Arn"],
        "description": rule.get("Description", ""),
        "event_pattern": json.loads(rule["EventPattern"]) if rule.get("EventPattern") else None,
        "state": rule["State"],
        "targets": sorted((_to_target(target) for target in list_targets(client, name, bus)), key=_target_id),
        "tags": list_tags(client, rule["Arn"]),
    }


def write_rule(client: BaseClient, before: Rule | None, after: Rule) -> str:
    """Bring a rule from how it is to how it is wanted; returns its ARN.

    Targets that are no longer wanted go last, so that no event misses all of them.

    Raises:
        AnsibleBackupError: a part could not be written; what was written before it stays.
    """
    place = (after["name"], after["event_bus_name"])
    arn = before["arn"] if before else ""
    old = before or {"targets": [], "tags": {}}
    if any(old.get(field) != after[field] for field in ("description", "event_pattern", "state")):
        arn = put_rule(client, *place, _fields(after, is_new=before is None))
    if before is not None:
        _write_tags(client, arn, before["tags"], after["tags"])
    if put := [target for target in after["targets"] if target not in old["targets"]]:
        put_targets(client, *place, [_from_target(target) for target in put])
    kept = {_target_id(target) for target in after["targets"]}
    if gone := [_target_id(target) for target in old["targets"] if _target_id(target) not in kept]:
        remove_targets(client, *place, gone)
    return arn


def remove_rule(client: BaseClient, rule: Rule) -> None:
    """Delete a rule and its targets.

    Raises:
        AnsibleBackupError: AWS refused it.
    """
    place = (rule["name"], rule["event_bus_name"])
    if rule["targets"]:
        remove_targets(client, *place, [_target_id(target) for target in rule["targets"]])
    delete_rule(client, *place)


def _write_tags(client: BaseClient, arn: str, before: dict[str, str], after: dict[str, str]) -> None:
    to_set, to_remove = compare_aws_tags(before, after)
    if to_remove:
        untag_rule(client, arn, to_remove)
    if to_set:
        tag_rule(client, arn, to_set)


def _fields(rule: Rule, *, is_new: bool) -> dict[str, Any]:
    """What PutRule takes; tags only for a new rule, since it ignores those of an existing one."""
    fields = {"Description": rule["description"], "EventPattern": json.dumps(rule["event_pattern"], sort_keys=True), "State": rule["state"]}
    return {**fields, "Tags": ansible_dict_to_boto3_tag_list(rule["tags"])} if is_new and rule["tags"] else fields


def _to_target(target: dict[str, Any]) -> dict[str, Any]:
    """A target as modules return it; what EventBridge has besides is kept under others, so that it counts as a difference."""
    retry = target.get("RetryPolicy", {})
    known = {
        "id": target["Id"],
        "arn": target["Arn"],
        "dead_letter_arn": target.get("DeadLetterConfig", {}).get("Arn"),
        "maximum_event_age_in_seconds": retry.get("MaximumEventAgeInSeconds"),
        "maximum_retry_attempts": retry.get("MaximumRetryAttempts"),
    }
    others = {name: value for name, value in target.items() if name not in ("Id", "Arn", "DeadLetterConfig", "RetryPolicy")}
    return {**known, "others": others} if others else known


def _from_target(target: dict[str, Any]) -> dict[str, Any]:
    names = {"MaximumEventAgeInSeconds": "maximum_event_age_in_seconds", "MaximumRetryAttempts": "maximum_retry_attempts"}
    retry = {name: target[key] for name, key in names.items() if target[key] is not None}
    queue = target["dead_letter_arn"]
    return {
        "Id": target["id"],
        "Arn": target["arn"],
        **({"DeadLetterConfig": {"Arn": queue}} if queue else {}),
        **({"RetryPolicy": retry} if retry else {}),
    }


def _target_id(target: dict[str, Any]) -> str:
    return str(target["id"])


def _check(name: str, answer: dict[str, Any]) -> None:
    """Raise when EventBridge took the request and not all of its targets."""
    failed = [f"{entry['TargetId']}: {entry.get('ErrorCode')} {entry.get('ErrorMessage', '')}" for entry in answer.get("FailedEntries", [])]
    if failed:
        raise AnsibleBackupError(message=f"EventBridge did not take targets of the rule {name}: {'; '.join(failed)}")
