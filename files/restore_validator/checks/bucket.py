"""An S3 bucket: it has the objects that it must have."""

from __future__ import annotations

from backup_notifier.aws import AwsError

from .. import canary
from ..calls import call
from ..findings import Faulty
from ..restored import Restored
from ..settings import Expectation
from .asking import ask, name_of


def check(restored: Restored, expectation: Expectation) -> None:
    """Raise Faulty unless the bucket holds what is expected, at least one object if nothing else is said."""
    name = name_of(restored.created_arn)
    what = f"The bucket {name}"
    found = ask(what, "s3", "list_objects_v2", {"Bucket": name, "MaxKeys": 1}, restored.region)
    for key, text in expectation.objects.items():
        _check_object(what, name, key, text, restored.region)
    if expectation.canary:
        marker = _read(name, canary.NAME, restored.region)
        canary.judge(what, marker if marker is None else marker.decode(errors="replace"), restored)
    elif not expectation.objects and not expectation.may_be_empty and not found.get("KeyCount"):
        raise Faulty(f"{what} has no objects.")


def _check_object(what: str, name: str, key: str, text: str | None, region: str) -> None:
    body = _read(name, key, region)
    if body is None:
        raise Faulty(f"{what} lacks the object {key}.")
    if text is not None and body != text.encode():
        raise Faulty(f"{what} has another content in the object {key}.")


def _read(name: str, key: str, region: str) -> bytes | None:
    """The content of an object; None when there is no such object."""
    try:
        body: bytes = call("s3", "get_object", {"Bucket": name, "Key": key}, region)["Body"].read()
    except AwsError as error:
        if error.code != "NoSuchKey":
            raise
        return None
    return body
