# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restored EC2 instances and EBS volumes."""

from __future__ import annotations

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list, boto3_tag_list_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import NAME
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts, facts, name_in

GONE = ("InvalidInstanceID.NotFound", "InvalidVolume.NotFound")
ENDING_INSTANCES = ("shutting-down", "terminated")
ENDING_VOLUMES = ("deleting", "deleted")
PROTECTIONS = ("disableApiTermination", "disableApiStop")
"""The attributes that keep an instance from being terminated."""


def read_instance(client: ClientFactory, resource_arn: str) -> Facts | None:
    """An instance and its volumes; None when it is terminated or shutting down."""
    instance = _describe_instance(client("ec2"), name_in(resource_arn))
    if instance is None or instance["State"]["Name"] in ENDING_INSTANCES:
        return None
    volumes = [_describe_volume(client("ec2"), volume_id) or {} for volume_id in _volume_ids(instance)]
    sizes = sorted(volume.get("Size", 0) for volume in volumes)
    return facts(
        instance["InstanceId"],
        instance["State"]["Name"],
        "running",
        ("stopping", "stopped"),
        boto3_tag_list_to_ansible_dict(instance.get("Tags", [])),
        instance_type=instance["InstanceType"],
        architecture=instance.get("Architecture"),
        size_gib=sum(sizes),
        volume_sizes=sizes,
        encrypted=bool(volumes) and all(volume.get("Encrypted") for volume in volumes),
        subnet_id=instance.get("SubnetId"),
        security_group_ids=sorted(group["GroupId"] for group in instance.get("SecurityGroups", [])),
        public_ip_address=instance.get("PublicIpAddress"),
    )


def read_volume(client: ClientFactory, resource_arn: str) -> Facts | None:
    """A volume; None when it is deleted or on its way."""
    volume = _describe_volume(client("ec2"), name_in(resource_arn))
    if volume is None or volume["State"] in ENDING_VOLUMES:
        return None
    return facts(
        volume["VolumeId"],
        volume["State"],
        "available",
        ("error",),
        boto3_tag_list_to_ansible_dict(volume.get("Tags", [])),
        size_gib=volume["Size"],
        volume_type=volume.get("VolumeType"),
        encrypted=bool(volume.get("Encrypted")),
        attached_to=[attachment["InstanceId"] for attachment in volume.get("Attachments", [])],
    )


def read_tags(client: ClientFactory, resource_arn: str) -> dict[str, str]:
    """The tags of an instance or a volume."""
    return _read_tags(client("ec2"), name_in(resource_arn))


def tag(client: ClientFactory, resource_arn: str, tags: dict[str, str]) -> None:
    """Set tags on an instance or a volume."""
    _create_tags(client("ec2"), name_in(resource_arn), tags)


def delete_instance(client: ClientFactory, resource_arn: str) -> None:
    """Terminate an instance, also one that is protected, with all of its volumes: a restored data volume would otherwise stay."""
    ec2, instance_id = client("ec2"), name_in(resource_arn)
    instance = _describe_instance(ec2, instance_id)
    if instance is None or instance["State"]["Name"] in ENDING_INSTANCES:
        return
    staying = [each["DeviceName"] for each in instance["BlockDeviceMappings"] if not each.get("Ebs", {}).get("DeleteOnTermination")]
    if staying:
        _delete_on_termination(ec2, instance_id, staying)
    for attribute in PROTECTIONS:
        if _is_set(ec2, instance_id, attribute):
            _unset(ec2, instance_id, attribute)
    _terminate(ec2, instance_id)


def delete_volume(client: ClientFactory, resource_arn: str) -> None:
    """Delete a volume."""
    _delete_volume(client("ec2"), name_in(resource_arn))


def list_nothing(_client: ClientFactory, _prefix: str) -> list[str]:
    """Instances and volumes have no names, only tags."""
    return []


def read_canary(client: ClientFactory, resource_arn: str) -> str | None:
    """The value of the marker's tag."""
    return read_tags(client, resource_arn).get(NAME)


def write_canary(client: ClientFactory, resource_arn: str, marker: str) -> None:
    """Tag an instance or a volume with the marker."""
    tag(client, resource_arn, {NAME: marker})


def _volume_ids(instance: dict[str, Any]) -> list[str]:
    return [each["Ebs"]["VolumeId"] for each in instance.get("BlockDeviceMappings", []) if "Ebs" in each]


@aws_call("describe the instance {instance_id}", missing=None, missing_codes=GONE)
def _describe_instance(client: Any, instance_id: str) -> dict[str, Any] | None:
    reservations = client.describe_instances(InstanceIds=[instance_id])["Reservations"]
    return reservations[0]["Instances"][0] if reservations else None


@aws_call("describe the volume {volume_id}", missing=None, missing_codes=GONE)
def _describe_volume(client: Any, volume_id: str) -> dict[str, Any] | None:
    volumes = client.describe_volumes(VolumeIds=[volume_id])["Volumes"]
    return volumes[0] if volumes else None


@aws_call("read the tags of {resource_id}")
def _read_tags(client: Any, resource_id: str) -> dict[str, str]:
    pages = client.get_paginator("describe_tags").paginate(Filters=[{"Name": "resource-id", "Values": [resource_id]}])
    return {each["Key"]: each["Value"] for each in pages.build_full_result()["Tags"]}


@aws_call("tag {resource_id}")
def _create_tags(client: Any, resource_id: str, tags: dict[str, str]) -> None:
    client.create_tags(Resources=[resource_id], Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("have the volumes of {instance_id} deleted with it")
def _delete_on_termination(client: Any, instance_id: str, devices: list[str]) -> None:
    mappings = [{"DeviceName": device, "Ebs": {"DeleteOnTermination": True}} for device in devices]
    client.modify_instance_attribute(InstanceId=instance_id, BlockDeviceMappings=mappings)


@aws_call("read {attribute} of {instance_id}", missing=False, missing_codes=GONE)
def _is_set(client: Any, instance_id: str, attribute: str) -> bool:
    answer = client.describe_instance_attribute(InstanceId=instance_id, Attribute=attribute)
    return bool(answer[_capitalized(attribute)].get("Value"))


@aws_call("set {attribute} of {instance_id} to false", missing=None, missing_codes=GONE)
def _unset(client: Any, instance_id: str, attribute: str) -> None:
    client.modify_instance_attribute(InstanceId=instance_id, **{_capitalized(attribute): {"Value": False}})


def _capitalized(attribute: str) -> str:
    return attribute[0].upper() + attribute[1:]


@aws_call("terminate the instance {instance_id}", missing=None, missing_codes=GONE)
def _terminate(client: Any, instance_id: str) -> None:
    client.terminate_instances(InstanceIds=[instance_id])


@aws_call("delete the volume {volume_id}", missing=None, missing_codes=GONE)
def _delete_volume(client: Any, volume_id: str) -> None:
    client.delete_volume(VolumeId=volume_id)
