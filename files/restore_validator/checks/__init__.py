"""The checks, one for each type of resource: each ends when all is well, and else raises Faulty or NotReady."""

from __future__ import annotations

from collections.abc import Callable

from ..findings import Faulty
from ..restored import Restored
from ..settings import Expectation
from . import bucket, database, file_system, instance, table, volume

Check = Callable[[Restored, Expectation], None]

CHECKS: dict[str, Check] = {
    "Aurora": database.check_cluster,
    "DocumentDB": database.check_cluster,
    "DynamoDB": table.check,
    "EBS": volume.check,
    "EC2": instance.check,
    "EFS": file_system.check,
    "Neptune": database.check_cluster,
    "RDS": database.check_instance,
    "S3": bucket.check,
}


def check(restored: Restored, expectation: Expectation) -> None:
    """Look at what was restored.

    Raises:
        Faulty: it is not there, or not as it should be, or of a type that cannot be checked.
        NotReady: it is still being made.
        AwsError: its service does not tell.
    """
    if not restored.created_arn:
        raise Faulty("The restore job does not say what it created.")
    found = CHECKS.get(restored.resource_type)
    if found is None:
        raise Faulty(f"There is no check for resources of type {restored.resource_type or 'unknown'}.")
    found(restored, expectation)
