# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Restored S3 buckets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import ansible_dict_to_boto3_tag_list
from ansible_collections.proven.aws_backup.plugins.module_utils.buckets import get_bucket_versioning
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import NAME
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.resource_tags import read_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts, facts, name_in

GONE = ("NoSuchBucket", "404", "NotFound")
NO_OBJECT = ("NoSuchKey", "404")
NO_BLOCK = ("NoSuchPublicAccessBlockConfiguration",)
NO_ENCRYPTION = ("ServerSideEncryptionConfigurationNotFoundError",)


def read(client: ClientFactory, resource_arn: str) -> Facts | None:
    """A bucket; None when it does not exist."""
    s3, bucket = client("s3"), name_in(resource_arn)
    if _head(s3, bucket) is None:
        return None
    return facts(
        bucket,
        "available",
        "available",
        (),
        read_tags(client, resource_arn) or {},
        versioning=get_bucket_versioning(s3, bucket) or "Disabled",
        encrypted=_get_encryption(s3, bucket),
        blocks_public_access=_blocks_public_access(s3, bucket),
    )


def tag(client: ClientFactory, resource_arn: str, tags: dict[str, str]) -> None:
    """Set tags on a bucket; S3 takes only all of them together."""
    s3, bucket = client("s3"), name_in(resource_arn)
    _put_tags(s3, bucket, {**(read_tags(client, resource_arn) or {}), **tags})


def delete(client: ClientFactory, resource_arn: str) -> None:
    """Delete a bucket with all versions of its objects."""
    s3, bucket = client("s3"), name_in(resource_arn)
    if _head(s3, bucket) is None:
        return
    while versions := _list_versions(s3, bucket):
        errors = _delete_versions(s3, bucket, versions)
        if errors:
            raise AnsibleBackupError(message=f"Failed to empty the bucket {bucket}: {errors[0]['Key']}: {errors[0].get('Message')}")
    _delete(s3, bucket)


def list_named(client: ClientFactory, prefix: str) -> list[str]:
    """The ARNs of the buckets of this Region whose names begin so."""
    s3 = client("s3")
    names = [name for name in _list(s3) if name.startswith(prefix)]
    return [f"arn:{s3.meta.partition}:s3:::{name}" for name in names if _region(s3, name) == s3.meta.region_name]


def read_canary(client: ClientFactory, resource_arn: str) -> str | None:
    """The marker in its object."""
    return _get_object(client("s3"), name_in(resource_arn))


def write_canary(client: ClientFactory, resource_arn: str, marker: str) -> None:
    """Put an object with the marker into a bucket."""
    _put_object(client("s3"), name_in(resource_arn), marker)


@aws_call("look for the bucket {bucket}", missing=None, missing_codes=GONE)
def _head(client: Any, bucket: str) -> dict[str, Any] | None:
    return client.head_bucket(Bucket=bucket)


@aws_call("list the buckets")
def _list(client: Any) -> list[str]:
    return [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]


@aws_call("look where the bucket {bucket} is", missing=None, missing_codes=GONE)
def _region(client: Any, bucket: str) -> str | None:
    return client.get_bucket_location(Bucket=bucket)["LocationConstraint"] or "us-east-1"


@aws_call("tag the bucket {bucket}")
def _put_tags(client: Any, bucket: str, tags: dict[str, str]) -> None:
    client.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": ansible_dict_to_boto3_tag_list(tags)})


@aws_call("read the encryption of the bucket {bucket}", missing="AES256", missing_codes=NO_ENCRYPTION)
def _get_encryption(client: Any, bucket: str) -> str:
    rules = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    return rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]


@aws_call("read the public access block of the bucket {bucket}", missing=False, missing_codes=NO_BLOCK)
def _blocks_public_access(client: Any, bucket: str) -> bool:
    return all(client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())


@aws_call("read the marker in the bucket {bucket}", missing=None, missing_codes=NO_OBJECT)
def _get_object(client: Any, bucket: str) -> str | None:
    return client.get_object(Bucket=bucket, Key=NAME)["Body"].read().decode(errors="replace")


@aws_call("put the marker into the bucket {bucket}")
def _put_object(client: Any, bucket: str, marker: str) -> None:
    client.put_object(Bucket=bucket, Key=NAME, Body=marker.encode(), ContentType="text/plain")


@aws_call("list the objects of the bucket {bucket}", missing=[], missing_codes=GONE)
def _list_versions(client: Any, bucket: str) -> list[dict[str, str]]:
    return list(_versions(client.list_object_versions(Bucket=bucket)))


def _versions(page: dict[str, Any]) -> Iterator[dict[str, str]]:
    for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
        yield {"Key": each["Key"], "VersionId": each["VersionId"]}


@aws_call("empty the bucket {bucket}")
def _delete_versions(client: Any, bucket: str, versions: list[dict[str, str]]) -> list[dict[str, str]]:
    return client.delete_objects(Bucket=bucket, Delete={"Objects": versions, "Quiet": True}).get("Errors", [])


@aws_call("delete the bucket {bucket}", missing=None, missing_codes=GONE)
def _delete(client: Any, bucket: str) -> None:
    client.delete_bucket(Bucket=bucket)
