"""EFS file systems. moto keeps no files: what comes back is how the file system was set up, and its size. Mount targets do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from moto.efs.models import efs_backends

from ..backend import BackupBackend
from ..errors import InvalidParameterValueException
from ..permissions import IN_FULL, Need
from ..records import Resource
from .content import Content
from .order import RestoreOrder
from .restorer import Metadata, RestoreFailed, Restorer, as_tag_list, is_true, parsed, with_request_id

NEW = ("Encrypted", "PerformanceMode", "CreationToken")
MOST_ITEMS = 5


class FileSystems(Restorer):
    """File systems."""

    keys = frozenset(
        {
            "file-system-id",
            "newFileSystem",
            "Encrypted",
            "KmsKeyId",
            "PerformanceMode",
            "CreationToken",
            "ItemsToRestore",
            "singleAzFilesystem",
            "availabilityZoneName",
        }
    )
    required = ("file-system-id", "newFileSystem")

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """How a file system is set up."""
        system = efs_backends[backend.account_id][backend.region_name].file_systems_by_id[resource.identifier]
        attributes = {
            "id": system.file_system_id,
            "throughput_mode": system.throughput_mode,
            "provisioned_throughput_in_mibps": system.provisioned_throughput_in_mibps,
            "size": system.size_in_bytes["Value"],
        }
        return Content(attributes, {}, resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """The original's ID."""
        return with_request_id({"file-system-id": content.attributes["id"]})

    def check(self, metadata: Metadata) -> None:
        """Also check what a new file system must be told."""
        super().check(metadata)
        if not is_true(metadata, "newFileSystem"):
            return
        missing = [key for key in NEW if not metadata.get(key)]
        if missing:
            raise InvalidParameterValueException(f"Invalid restore metadata. Missing required key(s): {', '.join(missing)}")
        if metadata.get("KmsKeyId") and not is_true(metadata, "Encrypted"):
            raise InvalidParameterValueException("Invalid restore metadata. Encrypted must be true when KmsKeyId is specified")

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Making the file system, if it is new, and writing to it."""
        anywhere = f"{order.point.resource.arn.rpartition('/')[0]}/*"
        if is_true(order.metadata, "newFileSystem"):
            yield Need("elasticfilesystem:CreateFilesystem", IN_FULL), anywhere
        yield Need("elasticfilesystem:Restore", IN_FULL), anywhere

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Make a file system, or restore into a folder of the one with the ID."""
        efs, metadata = efs_backends[backend.account_id][backend.region_name], order.metadata
        if len(parsed(metadata, "ItemsToRestore") or []) > MOST_ITEMS:
            raise RestoreFailed(f"ItemsToRestore has more than {MOST_ITEMS} items")
        if not is_true(metadata, "newFileSystem"):
            existing = efs.file_systems_by_id.get(metadata["file-system-id"])
            if existing is None:
                raise RestoreFailed(f"File system '{metadata['file-system-id']}' does not exist.")
            return str(existing.file_system_arn)
        system = efs.create_file_system(
            metadata["CreationToken"],
            performance_mode=metadata["PerformanceMode"],
            encrypted=is_true(metadata, "Encrypted"),
            kms_key_id=metadata.get("KmsKeyId", ""),
            throughput_mode=content.attributes["throughput_mode"],
            provisioned_throughput_in_mibps=content.attributes["provisioned_throughput_in_mibps"],
            availability_zone_name=metadata.get("availabilityZoneName", ""),
            backup=False,
            tags=as_tag_list(tags),
        )
        system._size_value = content.attributes["size"]
        return str(system.file_system_arn)
