"""Asking a service about something that was restored."""

from __future__ import annotations

from typing import Any

from backup_notifier.aws import AwsError

from ..calls import call
from ..findings import Faulty

GONE = frozenset(
    {
        "DBClusterNotFoundFault",
        "DBInstanceNotFound",
        "DBInstanceNotFoundFault",
        "FileSystemNotFound",
        "InvalidInstanceID.Malformed",
        "InvalidInstanceID.NotFound",
        "InvalidVolume.NotFound",
        "NoSuchBucket",
        "ResourceNotFoundException",
    }
)


def ask(what: str, service: str, operation: str, parameters: dict[str, Any], region: str) -> dict[str, Any]:
    """The answer of a service.

    Raises:
        Faulty: it says that there is no such thing.
        AwsError: it refuses or does not answer.
    """
    try:
        return call(service, operation, parameters, region)
    except AwsError as error:
        if error.code in GONE:
            raise Faulty(f"{what} does not exist.") from None
        raise


def name_of(arn: str) -> str:
    """The ID or name that an ARN ends in."""
    return arn.rpartition(":")[2].rpartition("/")[2]


def first(what: str, found: list[dict[str, Any]]) -> dict[str, Any]:
    """The one thing that a service describes.

    Raises:
        Faulty: it describes nothing.
    """
    if not found:
        raise Faulty(f"{what} does not exist.")
    return found[0]
