"""EC2 instances: settings, network, profile and volumes come back, with the files that user data had written on the disk.

User data itself does not: AWS Backup neither keeps nor restores it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.utilities.arns import parse_arn

from ...cloud_init import files_on, put_files
from ..backend import BackupBackend
from ..permissions import Need
from ..records import Resource
from .content import MARK, Content, with_altered_tags
from .order import RestoreOrder
from .restorer import Metadata, RestoreFailed, Restorer, is_true, parsed, truth, with_request_id
from .volumes import UNAUTHORIZED, make_volume, volume_attributes

KEPT = ("root_device_name", "root_device_type", "architecture", "platform", "virtualization_type")
PROFILE = (
    "AWS Backup does not permit attaching a new instance profile to an EC2 instance. Please restore using the backed up instance profile."
)
LAST_WORD = re.compile(r"\w(?=\W*\Z)")
WITHOUT_CPU_OPTIONS = ("t1.", "t2.", "m1.", "m3.")


class Instances(Restorer):
    """Instances."""

    keys = frozenset(
        {
            "BlockDeviceMappings",
            "CapacityReservationSpecification",
            "CpuOptions",
            "CreditSpecification",
            "DisableApiTermination",
            "EbsOptimized",
            "HibernationOptions",
            "IamInstanceProfileName",
            "InstanceInitiatedShutdownBehavior",
            "InstanceType",
            "KeyName",
            "Monitoring",
            "NetworkInterfaces",
            "Placement",
            "RequireIMDSv2",
            "SecurityGroupIds",
            "SubnetId",
            "UserData",
            "VpcId",
        }
    )

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """How an instance and its volumes are set up, and the files on its disk."""
        ec2 = ec2_backends[backend.account_id][backend.region_name]
        instance = ec2.get_instance(resource.identifier)
        devices = [
            {"device": name, "delete": device.delete_on_termination, **volume_attributes(ec2.volumes[device.volume_id])}
            for name, device in instance.get_block_device_mapping
            if device.volume_id in ec2.volumes
        ]
        kept = {name: getattr(instance, name) for name in KEPT}
        attributes = {**kept, "devices": devices, "metadata": _metadata(instance, _profile(ec2, instance.id))}
        return Content(attributes, files_on(instance), resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """The instance's settings, those that are no text as JSON."""
        return with_request_id(content.attributes["metadata"])

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Running the instance, and passing the role of its profile, which AWS's policies for restores do not grant."""
        arn = order.point.resource.arn
        yield Need("ec2:RunInstances", UNAUTHORIZED), f"{arn.rpartition('/')[0]}/*"
        for role_arn in _passed(parse_arn(arn).account, arn.split(":")[1], order.metadata.get("IamInstanceProfileName")):
            yield Need("iam:PassRole", UNAUTHORIZED), role_arn

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Run an instance of the recovery point's image."""
        metadata = order.metadata
        _check(metadata, content.attributes["metadata"])
        ec2 = ec2_backends[backend.account_id][backend.region_name]
        instance = _run(ec2, order, backend.region_name)
        for name in KEPT:
            setattr(instance, name, content.attributes[name])
        for device in content.attributes["devices"]:
            volume = make_volume(ec2, instance.placement.zone, device)
            ec2.attach_volume(volume.id, instance.id, device["device"], device["delete"])
        if metadata.get("IamInstanceProfileName"):
            ec2.associate_iam_instance_profile(instance.id, metadata["IamInstanceProfileName"])
        put_files(instance, content.data)
        instance.add_tags(dict(tags))
        return f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:instance/{instance.id}"

    def altered(self, content: Content) -> Content:
        """Files whose last words have something appended."""
        files = {path: LAST_WORD.sub(rf"\g<0>{MARK}", text) for path, text in content.data.items()}
        return Content(content.attributes, files, with_altered_tags(content).tags)


def _metadata(instance: Any, profile: str | None) -> dict[str, str | None]:
    groups = [group.id for group in instance.security_groups] or [
        group.id for nic in instance.nics.values() for group in nic.group_set or []
    ]
    texts = {
        "InstanceType": instance.instance_type,
        "KeyName": instance.key_name,
        "SubnetId": instance.subnet_id,
        "VpcId": instance.vpc_id,
        "InstanceInitiatedShutdownBehavior": instance.instance_initiated_shutdown_behavior,
        "IamInstanceProfileName": profile,
        "DisableApiTermination": truth(_is_set(instance.disable_api_termination)),
        "EbsOptimized": truth(_is_set(instance.ebs_optimized)),
    }
    parts = {
        "CapacityReservationSpecification": {"CapacityReservationPreference": "open"},
        "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 1},
        "CreditSpecification": {"CpuCredits": "standard"},
        "HibernationOptions": {"Configured": False},
        "Monitoring": {"State": instance.monitoring_state},
        "NetworkInterfaces": [_interface(nic, index) for index, nic in enumerate(instance.nics.values())],
        "Placement": {"AvailabilityZone": instance.placement.zone, "GroupName": "", "Tenancy": "default"},
        "SecurityGroupIds": sorted(set(groups)),
    }
    written = {key: json.dumps(part, separators=(",", ":")) for key, part in parts.items()}
    return {key: value for key, value in {**texts, **written}.items() if value}


def _interface(nic: Any, index: int) -> dict[str, Any]:
    return {
        "DeleteOnTermination": True,
        "Description": "",
        "DeviceIndex": index,
        "Groups": [group.id for group in nic.group_set or []],
        "NetworkInterfaceId": nic.id,
        "PrivateIpAddress": nic.private_ip_address,
        "SubnetId": nic.subnet.id,
        "InterfaceType": "interface",
    }


def _profile(ec2: Any, instance_id: str) -> str | None:
    association = ec2.iam_instance_profile_associations.get(instance_id)
    return str(association.iam_instance_profile.name) if association else None


def _passed(account_id: str, partition: str, profile_name: str | None) -> list[str]:
    """The ARNs of the roles that are passed with a profile; none of one that does not exist."""
    profiles = iam_backends[account_id][partition].instance_profiles.values()
    return [role.arn for profile in profiles if profile.name == profile_name for role in profile.roles]


def _is_set(value: Any) -> bool:
    """moto keeps some of an instance's settings as texts."""
    return value is True or str(value).lower() == "true"


def _check(metadata: Metadata, original: Metadata) -> None:
    """What EC2, or AWS Backup on its behalf, refuses.

    Raises:
        RestoreFailed: it refuses this.
    """
    profile = metadata.get("IamInstanceProfileName")
    if profile and profile != original.get("IamInstanceProfileName"):
        raise RestoreFailed(PROFILE)
    kind = metadata.get("InstanceType", "")
    if parsed(metadata, "CpuOptions") and kind.startswith(WITHOUT_CPU_OPTIONS):
        raise RestoreFailed(f"The {kind} instance type does not support specifying CpuOptions.")
    interfaces = parsed(metadata, "NetworkInterfaces")
    if interfaces and metadata.get("SecurityGroupIds"):
        raise RestoreFailed("Network interfaces and an instance-level security groups may not be specified on the same request")
    if interfaces and metadata.get("SubnetId"):
        raise RestoreFailed("Network interfaces and an instance-level subnet ID may not be specified on the same request")


def _run(ec2: Any, order: RestoreOrder, region: str) -> Any:
    metadata = order.metadata
    interfaces = parsed(metadata, "NetworkInterfaces") or [{}]
    subnet = metadata.get("SubnetId") or interfaces[0].get("SubnetId")
    groups = parsed(metadata, "SecurityGroupIds") or interfaces[0].get("Groups") or []
    _check_network(ec2, subnet, groups)
    reservation = ec2.run_instances(
        order.point.arn.rpartition("/")[2],
        1,
        metadata.get("UserData"),
        [],
        security_group_ids=groups,
        subnet_id=subnet or ec2.get_default_subnet(f"{region}a").id,
        instance_type=metadata.get("InstanceType", "m1.small"),
        is_instance_type_default=False,
        region_name=region,
        placement=None,
        key_name=metadata.get("KeyName"),
        iam_instance_profile=None,
        ebs_optimized=is_true(metadata, "EbsOptimized"),
        disable_api_termination=is_true(metadata, "DisableApiTermination"),
        instance_initiated_shutdown_behavior=metadata.get("InstanceInitiatedShutdownBehavior"),
        monitoring_state=(parsed(metadata, "Monitoring") or {}).get("State", "disabled"),
        metadata_options={"HttpTokens": "required"} if is_true(metadata, "RequireIMDSv2") else {},
        block_device_mappings=[],
        associate_public_ip=None,
    )
    return reservation.instances[0]


def _check_network(ec2: Any, subnet_id: str | None, group_ids: list[str]) -> None:
    """EC2 wants all of them in one VPC; moto does not.

    Raises:
        RestoreFailed: they are not.
    """
    if subnet_id is None:
        return
    vpc_id = ec2.get_subnet(subnet_id).vpc_id
    for group_id in group_ids:
        group = ec2.get_security_group_from_id(group_id)
        if group is None:
            raise RestoreFailed(f"The security group '{group_id}' does not exist")
        if group.vpc_id != vpc_id:
            raise RestoreFailed(f"Security group {group_id} and subnet {subnet_id} belong to different networks.")
