"""EBS volumes. moto keeps no blocks: what comes back is the volume as it was set up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.ec2.models import ec2_backends

from ..backend import BackupBackend
from ..permissions import Need
from ..records import Resource
from .content import Content
from .order import RestoreOrder
from .restorer import RestoreFailed, Restorer, is_true, truth, with_request_id

UNAUTHORIZED = "You are not authorized to perform this operation. {sentence}"
WITH_IOPS = ("io1", "io2", "gp3")
DEFAULT_TYPE = "gp2"
"""EC2's own, of a volume that is made without being told a type; AWS Backup's metadata tells none."""


class Volumes(Restorer):
    """Volumes."""

    keys = frozenset(
        {
            "availabilityZone",
            "encrypted",
            "iops",
            "kmsKeyId",
            "restoreType",
            "throughput",
            "temporaryRestoreDays",
            "volumeType",
            "volumeSize",
            "volumeId",
        }
    )
    required = ("availabilityZone",)

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """How a volume is set up."""
        volume = ec2_backends[backend.account_id][backend.region_name].volumes[resource.identifier]
        return Content({**volume_attributes(volume), "id": volume.id}, {}, resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """AWS returns no zone: it must be given."""
        known = {"encrypted": truth(content.attributes["encrypted"]), "volumeId": content.attributes["id"], "availabilityZone": None}
        return with_request_id(known)

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Making the volume."""
        yield Need("ec2:CreateVolume", UNAUTHORIZED), f"{order.point.resource.arn.rpartition('/')[0]}/*"

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Make a volume in the zone that the metadata names."""
        metadata, attributes = order.metadata, dict(content.attributes)
        for name, key in (("size", "volumeSize"), ("iops", "iops"), ("throughput", "throughput")):
            if metadata.get(key):
                attributes[name] = int(metadata[key])
        attributes["volume_type"] = metadata.get("volumeType") or DEFAULT_TYPE
        if is_true(metadata, "encrypted"):
            attributes |= {"encrypted": True, "kms_key_id": metadata.get("kmsKeyId") or attributes["kms_key_id"]}
        volume = make_volume(ec2_backends[backend.account_id][backend.region_name], metadata["availabilityZone"], attributes)
        volume.add_tags(dict(tags))
        return f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:volume/{volume.id}"


def volume_attributes(volume: Any) -> dict[str, Any]:
    """What a volume can be made of again."""
    return {
        "size": volume.size,
        "volume_type": volume.volume_type,
        "encrypted": bool(volume.encrypted),
        "kms_key_id": volume.kms_key_id,
        "iops": volume.iops,
        "throughput": volume.throughput,
    }


def make_volume(ec2: Any, zone: str, attributes: Mapping[str, Any]) -> Any:
    """A volume of moto's.

    Raises:
        RestoreFailed: there is no such zone.
    """
    if ec2.get_zone_by_name(zone) is None:
        raise RestoreFailed(f"The zone '{zone}' does not exist.")
    kind = attributes["volume_type"]
    return ec2.create_volume(
        attributes["size"],
        zone,
        encrypted=attributes["encrypted"],
        kms_key_id=attributes["kms_key_id"] if attributes["encrypted"] else None,
        volume_type=kind,
        iops=attributes["iops"] if kind in WITH_IOPS else None,
        throughput=attributes["throughput"] if kind == "gp3" else None,
    )
