"""S3 buckets: the latest version of each object comes back with its metadata and tags, into a new bucket or an existing one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from moto.s3.models import FakeDeleteMarker, FakeKey, PublicAccessBlock, S3Backend, s3_backends

from ..backend import BackupBackend
from ..errors import InvalidParameterValueException
from ..permissions import IN_FULL, Need
from ..records import Resource
from .content import Content, with_altered_tags
from .order import RestoreOrder
from .restorer import Metadata, RestoreFailed, Restorer, is_true, parsed, with_request_id

ENCRYPTIONS = {"SSE-S3": "AES256", "SSE-KMS": "aws:kms"}
ORIGINAL = "original"
MOST_ITEMS = 5


@dataclass(frozen=True)
class StoredObject:
    """An object as it was at backup time."""

    value: bytes
    metadata: dict[str, str]
    tags: dict[str, str]
    storage_class: str | None
    encryption: str | None
    kms_key_id: str | None


class Buckets(Restorer):
    """Buckets."""

    keys = frozenset(
        {
            "DestinationBucketName",
            "NewBucket",
            "Encrypted",
            "EncryptionType",
            "KMSKey",
            "CreationToken",
            "ItemsToRestore",
            "RestoreTime",
            "SourceBucketName",
        }
    )
    required = ("DestinationBucketName",)

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """The latest version of each object that was not deleted."""
        s3 = _s3(backend)
        bucket = s3.buckets[resource.identifier]
        latest = {name: versions[-1] for name, versions in list(bucket.keys.lists()) if versions}
        objects = {name: _stored(s3, key) for name, key in latest.items() if not isinstance(key, FakeDeleteMarker)}
        return Content({"name": resource.identifier}, objects, resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """The original's name."""
        return with_request_id({"SourceBucketName": content.attributes["name"]})

    def check(self, metadata: Metadata) -> None:
        """Also check the kind of encryption."""
        super().check(metadata)
        encryption = metadata.get("EncryptionType", ORIGINAL)
        if encryption not in (ORIGINAL, *ENCRYPTIONS):
            raise InvalidParameterValueException(f"Invalid restore metadata. EncryptionType {encryption} is not supported")

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Making the bucket, if it is new, and writing objects."""
        bucket = f"{order.point.resource.arn.rpartition(':::')[0]}:::{order.metadata['DestinationBucketName']}"
        if is_true(order.metadata, "NewBucket"):
            yield Need("s3:CreateBucket", IN_FULL), bucket
        yield Need("s3:PutObject", IN_FULL), f"{bucket}/*"

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Write the objects into the bucket that the metadata names."""
        s3, name = _s3(backend), order.metadata["DestinationBucketName"]
        wanted = _wanted(content, order.metadata)
        if is_true(order.metadata, "NewBucket"):
            s3.create_bucket(name, backend.region_name)
            s3.put_bucket_versioning(name, "Enabled")
            # S3 gives one to every new bucket.
            s3.buckets[name].public_access_block = PublicAccessBlock(True, True, True, True)
            if tags:
                s3.put_bucket_tagging(name, dict(tags))
        else:
            _check_destination(s3, name, backend.region_name)
        for key, stored in wanted.items():
            _write(s3, name, key, _encrypted(stored, order.metadata))
        return f"arn:{backend.partition}:s3:::{name}"

    def altered(self, content: Content) -> Content:
        """Every object has a byte more."""
        objects = {name: replace(stored, value=stored.value + b"~") for name, stored in content.data.items()}
        return Content(content.attributes, objects, with_altered_tags(content).tags)


def _s3(backend: BackupBackend) -> S3Backend:
    return s3_backends[backend.account_id][backend.partition]


def _stored(s3: S3Backend, key: FakeKey) -> StoredObject:
    return StoredObject(
        value=key.value,
        metadata=dict(key.metadata),
        tags=dict(s3.tagger.get_tag_dict_for_resource(key.arn)),
        storage_class=key.storage_class,
        encryption=key.encryption,
        kms_key_id=key.kms_key_id,
    )


def _wanted(content: Content, metadata: Metadata) -> dict[str, StoredObject]:
    """The objects to restore: all, or those of at most five keys or prefixes."""
    items: list[str] | None = parsed(metadata, "ItemsToRestore")
    if items is None:
        return dict(content.data)
    if len(items) > MOST_ITEMS:
        raise RestoreFailed(f"ItemsToRestore has more than {MOST_ITEMS} items")
    return {name: stored for name, stored in content.data.items() if any(name.startswith(item) for item in items)}


def _check_destination(s3: S3Backend, name: str, region: str) -> None:
    bucket: Any = s3.buckets.get(name)
    if bucket is None or bucket.region_name != region:
        raise RestoreFailed(f"The destination bucket {name} does not exist.")
    if bucket.versioning_status != "Enabled":
        raise RestoreFailed(f"Versioning is not enabled on the destination bucket {name}.")


def _encrypted(stored: StoredObject, metadata: Metadata) -> StoredObject:
    encryption = metadata.get("EncryptionType", ORIGINAL)
    if encryption == ORIGINAL:
        return stored
    return replace(stored, encryption=ENCRYPTIONS[encryption], kms_key_id=metadata.get("KMSKey"))


def _write(s3: S3Backend, bucket: str, name: str, stored: StoredObject) -> None:
    key = s3.put_object(
        bucket, name, stored.value, storage=stored.storage_class, encryption=stored.encryption, kms_key_id=stored.kms_key_id
    )
    key.set_metadata(dict(stored.metadata), replace=False)
    if stored.tags:
        s3.put_object_tagging(key, stored.tags)
