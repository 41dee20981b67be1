"""Corrections of moto's EC2 and EBS, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

LATEST = [{"Name": "name", "Values": ["al2023-ami-2023.*-x86_64"]}]


@dataclass
class Network:
    """A VPC with a subnet and a security group, and an instance in them."""

    vpc_id: str
    subnet_id: str
    group_id: str
    instance_id: str


@pytest.fixture
def ec2(sandbox: Any) -> Any:
    return sandbox.client("ec2")


@pytest.fixture
def network(ec2: Any) -> Network:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet_id = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group_id = ec2.create_security_group(GroupName="target", Description="target", VpcId=vpc_id)["GroupId"]
    image_id = ec2.describe_images(Owners=["amazon"], Filters=LATEST)["Images"][0]["ImageId"]
    instances = ec2.run_instances(
        ImageId=image_id, MinCount=1, MaxCount=1, InstanceType="t3.micro", SubnetId=subnet_id, SecurityGroupIds=[group_id]
    )["Instances"]
    return Network(vpc_id, subnet_id, group_id, instances[0]["InstanceId"])


@pytest.mark.parametrize("region", ["us-west-2", "mx-central-1", "ap-southeast-7", "cn-north-1", "us-gov-east-1"])
def test_amazon_linux_is_offered_in_every_region_with_its_day_of_release(sandbox: Any, region: str) -> None:
    images = sandbox.client("ec2", region).describe_images(Owners=["amazon"], Filters=LATEST)["Images"]
    assert images
    for image in images:
        day = image["CreationDate"][:10].replace("-", "")
        assert f".{day}." in image["Name"]


def test_an_image_has_an_id_of_its_own_in_each_region(sandbox: Any) -> None:
    ids = [
        image["ImageId"]
        for region in ("us-east-1", "mx-central-1", "ap-east-2")
        for image in sandbox.client("ec2", region).describe_images(Owners=["amazon"], Filters=LATEST)["Images"]
    ]
    assert len(ids) == len(set(ids))


def test_a_gp3_volume_tells_its_performance(ec2: Any) -> None:
    volume = ec2.create_volume(AvailabilityZone="us-west-2a", Size=8, VolumeType="gp3")
    described = ec2.describe_volumes(VolumeIds=[volume["VolumeId"]])["Volumes"][0]
    fields = {name: described[name] for name in ("Iops", "Throughput", "MultiAttachEnabled", "SnapshotId")}
    assert fields == {"Iops": 3000, "Throughput": 125, "MultiAttachEnabled": False, "SnapshotId": ""}


@pytest.mark.parametrize(("size", "iops"), [(8, 100), (500, 1500), (16000, 16000)])
def test_a_gp2_volume_tells_its_iops(ec2: Any, size: int, iops: int) -> None:
    volume = ec2.create_volume(AvailabilityZone="us-west-2a", Size=size, VolumeType="gp2")
    assert volume["Iops"] == iops
    assert "Throughput" not in volume


def test_a_modified_volume_tells_its_new_performance(ec2: Any) -> None:
    volume_id = ec2.create_volume(AvailabilityZone="us-west-2a", Size=8, VolumeType="gp2")["VolumeId"]
    ec2.modify_volume(VolumeId=volume_id, VolumeType="gp3", Iops=4000)
    described = ec2.describe_volumes(VolumeIds=[volume_id])["Volumes"][0]
    assert (described["Iops"], described["Throughput"]) == (4000, 125)


def test_snapshots_are_listed_by_owner(ec2: Any) -> None:
    volume_id = ec2.create_volume(AvailabilityZone="us-west-2a", Size=8)["VolumeId"]
    own = ec2.create_snapshot(VolumeId=volume_id)["SnapshotId"]
    for owner in ("self", "123456789012"):
        assert [snapshot["SnapshotId"] for snapshot in ec2.describe_snapshots(OwnerIds=[owner])["Snapshots"]] == [own]
    foreign = ec2.describe_snapshots(OwnerIds=["amazon"])["Snapshots"]
    assert foreign
    assert own not in {snapshot["SnapshotId"] for snapshot in foreign}


def test_the_interface_of_a_new_instance_goes_with_it(ec2: Any, network: Network) -> None:
    instance = ec2.describe_instances(InstanceIds=[network.instance_id])["Reservations"][0]["Instances"][0]
    assert instance["NetworkInterfaces"][0]["Attachment"]["DeleteOnTermination"] is True
    ec2.terminate_instances(InstanceIds=[network.instance_id])
    of_subnet = [{"Name": "subnet-id", "Values": [network.subnet_id]}]
    assert ec2.describe_network_interfaces(Filters=of_subnet)["NetworkInterfaces"] == []


def test_an_interface_that_existed_before_stays(ec2: Any, network: Network) -> None:
    interface = ec2.create_network_interface(SubnetId=network.subnet_id)["NetworkInterface"]["NetworkInterfaceId"]
    instances = ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, NetworkInterfaces=[{"DeviceIndex": 0, "NetworkInterfaceId": interface}]
    )["Instances"]
    ec2.terminate_instances(InstanceIds=[instances[0]["InstanceId"]])
    assert ec2.describe_network_interfaces(NetworkInterfaceIds=[interface])["NetworkInterfaces"]


def test_what_an_instance_needs_is_not_deleted_before_it(ec2: Any, network: Network) -> None:
    deletions = [
        lambda: ec2.delete_security_group(GroupId=network.group_id),
        lambda: ec2.delete_subnet(SubnetId=network.subnet_id),
        lambda: ec2.delete_vpc(VpcId=network.vpc_id),
    ]
    for delete in deletions:
        with pytest.raises(ClientError) as error:
            delete()
        assert error.value.response["Error"]["Code"] == "DependencyViolation"
    ec2.terminate_instances(InstanceIds=[network.instance_id])
    for delete in deletions:
        delete()


def test_a_vpc_with_a_group_or_a_gateway_is_not_deleted(ec2: Any) -> None:
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group_id = ec2.create_security_group(GroupName="target", Description="target", VpcId=vpc_id)["GroupId"]
    with pytest.raises(ClientError, match="has dependencies"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.delete_security_group(GroupId=group_id)
    gateway_id = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    with pytest.raises(ClientError, match="has dependencies"):
        ec2.delete_vpc(VpcId=vpc_id)
    ec2.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)
    ec2.delete_vpc(VpcId=vpc_id)


@pytest.mark.parametrize(
    ("launch", "change"),
    [
        ({"DisableApiTermination": True}, {}),
        ({}, {"DisableApiTermination": {"Value": True}}),
        ({}, {"Attribute": "disableApiTermination", "Value": "true"}),
        ({"DisableApiStop": True}, {}),
    ],
)
def test_a_protected_instance_is_not_terminated(ec2: Any, launch: dict[str, Any], change: dict[str, Any]) -> None:
    instance_id = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, **launch)["Instances"][0]["InstanceId"]
    if change:
        ec2.modify_instance_attribute(InstanceId=instance_id, **change)
    with pytest.raises(ClientError) as error:
        ec2.terminate_instances(InstanceIds=[instance_id])
    assert error.value.response["Error"]["Code"] == "OperationNotPermitted"
    for name in ("DisableApiTermination", "DisableApiStop"):
        ec2.modify_instance_attribute(InstanceId=instance_id, **{name: {"Value": False}})
    assert ec2.terminate_instances(InstanceIds=[instance_id])["TerminatingInstances"]
