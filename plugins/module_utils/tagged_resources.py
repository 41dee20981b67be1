# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources found by their tags, and which of them are already on their way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn
from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.kms_keys import describe_key

Resource = dict[str, Any]
ClientFactory = Callable[[str], Any]

# TagResources takes at most 20 ARNs.
ARNS_PER_CALL = 20
# DescribeInstances takes at most 200 values in one filter.
INSTANCES_PER_CALL = 200
ENDING_INSTANCE_STATES = frozenset({"shutting-down", "terminated"})
ENDING_KEY_STATES = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


@aws_call("list the tagged resources")
def get_resources(client: Any, tags: dict[str, str], resource_types: list[str] | None = None) -> list[Resource]:
    """The resources that carry all these tags, as resource_arn and tags, sorted by ARN.

    Raises:
        AnsibleBackupError: the call failed.
    """
    parameters: dict[str, Any] = {"TagFilters": [{"Key": key, "Values": [value]} for key, value in tags.items()]}
    if resource_types:
        parameters["ResourceTypeFilters"] = resource_types
    pages = client.get_paginator("get_resources").paginate(**parameters)
    mappings = pages.build_full_result()["ResourceTagMappingList"]
    resources = [{"resource_arn": mapping["ResourceARN"], "tags": boto3_tag_list_to_ansible_dict(mapping["Tags"])} for mapping in mappings]
    return sorted(resources, key=lambda resource: resource["resource_arn"])


@aws_call("read the tags of resources")
def get_tags(client: Any, resource_arns: list[str]) -> dict[str, dict[str, str]]:
    """The tags of up to 100 resources, by ARN; one that has none, or does not exist, may be left out.

    Raises:
        AnsibleBackupError: the call failed.
    """
    mappings = client.get_resources(ResourceARNList=resource_arns)["ResourceTagMappingList"]
    return {mapping["ResourceARN"]: boto3_tag_list_to_ansible_dict(mapping["Tags"]) for mapping in mappings}


@aws_call("tag resources")
def _tag_resources(client: Any, resource_arns: list[str], tags: dict[str, str]) -> dict[str, Any]:
    return client.tag_resources(ResourceARNList=resource_arns, Tags=tags).get("FailedResourcesMap", {})


def tag_resources(client: Any, resource_arns: list[str], tags: dict[str, str]) -> None:
    """Set tags on resources of any service.

    Raises:
        AnsibleBackupError: a call failed, or a service did not take the tags; with changed and tagged_resource_arns.
    """
    tagged: list[str] = []
    for start in range(0, len(resource_arns), ARNS_PER_CALL):
        arns = resource_arns[start : start + ARNS_PER_CALL]
        try:
            failures = _tag_resources(client, arns, tags)
        except AnsibleBackupError as error:
            done = {"changed": bool(tagged), "tagged_resource_arns": tagged}
            raise AnsibleBackupError(message=error.message, exception=error.exception, **done) from error
        tagged += [arn for arn in arns if arn not in failures]
        if failures:
            reasons = [f"{arn}: {failure.get('ErrorMessage') or failure.get('ErrorCode')}" for arn, failure in failures.items()]
            raise AnsibleBackupError(message=f"Failed to tag {'; '.join(reasons)}", changed=bool(tagged), tagged_resource_arns=tagged)


@aws_call("read the states of the tagged EC2 instances")
def describe_instance_states(client: Any, instance_ids: list[str]) -> dict[str, str]:
    """The state of each instance; one that AWS has forgotten is left out.

    Raises:
        AnsibleBackupError: the call failed.
    """
    pages = client.get_paginator("describe_instances").paginate(Filters=[{"Name": "instance-id", "Values": instance_ids}])
    reservations = pages.build_full_result()["Reservations"]
    return {instance["InstanceId"]: instance["State"]["Name"] for reservation in reservations for instance in reservation["Instances"]}


def split_pending_deletion(resources: list[Resource], client: ClientFactory) -> tuple[list[Resource], list[Resource]]:
    """Part the resources that stay from those AWS is already deleting, or has deleted and still lists.

    Args:
        resources: what get_resources returned.
        client: makes the client of a service, by name.

    Returns:
        The resources that stay; and the others with their state, and deletion_date (ISO 8601) where AWS names one.

    Raises:
        AnsibleBackupError: a call failed.
    """
    ending = {**ending_instances(resources, client), **ending_keys(resources, client)}
    staying = [resource for resource in resources if resource["resource_arn"] not in ending]
    return staying, [{**resource, **ending[resource["resource_arn"]]} for resource in resources if resource["resource_arn"] in ending]


def ending_instances(resources: list[Resource], client: ClientFactory) -> dict[str, dict[str, str]]:
    """The state of each EC2 instance that is shutting down, terminated or forgotten, by ARN."""
    ids = {resource["resource_arn"]: arn_id for resource, arn_id in of_type(resources, "ec2", "instance")}
    if not ids:
        return {}
    ec2 = client("ec2")
    wanted = list(ids.values())
    states: dict[str, str] = {}
    for start in range(0, len(wanted), INSTANCES_PER_CALL):
        states |= describe_instance_states(ec2, wanted[start : start + INSTANCES_PER_CALL])
    found = {arn: states.get(instance_id, "terminated") for arn, instance_id in ids.items()}
    return {arn: {"state": state} for arn, state in found.items() if state in ENDING_INSTANCE_STATES}


def ending_keys(resources: list[Resource], client: ClientFactory) -> dict[str, dict[str, str]]:
    """The state and deletion date of each KMS key that is scheduled for deletion or forgotten, by ARN."""
    arns = [resource["resource_arn"] for resource, _key_id in of_type(resources, "kms", "key")]
    if not arns:
        return {}
    kms = client("kms")
    ending: dict[str, dict[str, str]] = {}
    for arn in arns:
        key = describe_key(kms, arn)
        if key is None:
            ending[arn] = {"state": "Deleted"}
        elif key["KeyState"] in ENDING_KEY_STATES:
            date = {"deletion_date": key["DeletionDate"].isoformat()} if "DeletionDate" in key else {}
            ending[arn] = {"state": key["KeyState"], **date}
    return ending


def of_type(resources: list[Resource], service: str, resource_type: str) -> Iterator[tuple[Resource, str]]:
    """The resources whose ARN is of this service and type, each with the ID at the ARN's end."""
    for resource in resources:
        arn = parse_aws_arn(resource["resource_arn"])
        if arn and arn["service"] == service and arn["resource"].startswith(f"{resource_type}/"):
            yield resource, arn["resource"].removeprefix(f"{resource_type}/")
