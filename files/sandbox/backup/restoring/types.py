"""The types of resources that can be restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..records import RecoveryPoint, Resource
from . import databases
from .buckets import Buckets
from .content import Content, lost
from .file_systems import FileSystems
from .instances import Instances
from .tables import Tables
from .volumes import Volumes

if TYPE_CHECKING:
    from ..backend import BackupBackend
    from .restorer import Restorer

RESTORERS: dict[str, Restorer] = {
    "Aurora": databases.Clusters(),
    "DynamoDB": Tables(),
    "EBS": Volumes(),
    "EC2": Instances(),
    "EFS": FileSystems(),
    "Neptune": databases.Clusters(),
    "RDS": databases.Instances(),
    "S3": Buckets(),
}


def capture(backend: BackupBackend, resource: Resource) -> Content:
    """The data of a resource, which exists, for its recovery point."""
    return RESTORERS[resource.type].capture(backend, resource)


def metadata_of(point: RecoveryPoint) -> dict[str, str | None]:
    """What AWS Backup knows of a recovery point's resource for a restore; nothing of one that was loaded or made up."""
    return RESTORERS[point.resource.type].metadata(point.content) if point.content else {}


def content_of(point: RecoveryPoint, fate: str | None) -> Content:
    """What a restore of a recovery point, which has a content, brings back: all of it, or what is left of it by fate."""
    content: Content = point.content
    if fate == "lost":
        return lost(content)
    return RESTORERS[point.resource.type].altered(content) if fate == "altered" else content
