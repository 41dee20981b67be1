"""The canary: a marker that the playbooks write into each table, bucket and instance of theirs before it is backed up.

Its name and form are those of plugins/module_utils/canary.py and canary_file.py, and of the modules beside them, which write it.
"""

from __future__ import annotations

import hashlib

from backup_notifier.aws import AwsError

from .calls import call
from .findings import Faulty
from .restored import Restored

NAME = "proven-aws-backup-canary"
TAG = f"{NAME}-sha256"
"""Of a recovery point that was made on demand: the hash of the marker that it holds."""

FILE_TAG = f"{NAME}-file-sha256"
"""Of an instance: the hash of the marker in its file."""

ATTRIBUTE = "proven_aws_backup_marker"
KEYS = {"S": NAME, "N": "90071992547409", "B": NAME.encode()}
"""The key of a table's item, by the type of the key."""


def judge(what: str, marker: str | None, restored: Restored) -> None:
    """Look at the marker that was found in what was restored.

    Raises:
        Faulty: it is lost or altered, or not the one that the recovery point tells of.
        AwsError: AWS Backup does not tell what tags the recovery point has.
    """
    if marker is None:
        raise Faulty(f"{what} lost its canary.")
    if not is_whole(marker):
        raise Faulty(f"{what} has an altered canary.")
    expected = _expected(restored)
    if expected and _digest(marker) != expected:
        raise Faulty(f"{what} has another canary than its recovery point tells of.")


def judge_file(what: str, marker: str, sha256: str) -> None:
    """Look at the marker that an instance said its file holds.

    Raises:
        Faulty: it is altered, or not the one of this hash.
    """
    if not is_whole(marker):
        raise Faulty(f"{what} has an altered file of its canary.")
    if _digest(marker) != sha256:
        raise Faulty(f"{what} has the file of another canary.")


def _expected(restored: Restored) -> str:
    """The hash that the recovery point's tags tell; empty when they tell none, or AWS Backup keeps none for points of this type."""
    if ":recovery-point:" not in restored.point_arn:
        return ""
    try:
        tags = call("backup", "list_tags", {"ResourceArn": restored.point_arn}, restored.region).get("Tags", {})
    except AwsError as error:
        if error.code == "ResourceNotFoundException":
            return ""
        raise
    return str(tags.get(TAG, ""))


def is_whole(marker: str) -> bool:
    """Whether a marker ends with the hash of what stands before it."""
    text, _dot, own = marker.rpartition(".")
    return _digest(text) == own


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
