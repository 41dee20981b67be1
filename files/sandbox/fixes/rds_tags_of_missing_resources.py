"""RDS ListTagsForResource: a database, cluster or subnet group that does not exist.

AWS refuses, with an error code for each type.
moto answers that it has no tags.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.rds.exceptions import DBClusterNotFoundError, DBInstanceNotFoundError, DBSubnetGroupNotFoundError
from moto.rds.models import RDSBackend

from .methods import wrap

Tags = list[dict[str, str]]
Listing = Callable[[RDSBackend, str], Tags]


def install() -> None:
    """Refuse to tell the tags of what is missing."""
    wrap(RDSBackend, "list_tags_for_resource", _of_existing)


def _of_existing(listing: Listing) -> Listing:
    @functools.wraps(listing)
    def tags(backend: RDSBackend, arn: str) -> Tags:
        kind, _, name = arn.split(":", 5)[5].partition(":")
        if kind == "db" and name not in backend.databases:
            raise DBInstanceNotFoundError(name)
        if kind == "cluster" and name not in backend.clusters:
            raise DBClusterNotFoundError(name)
        if kind == "subgrp" and name not in backend.subnet_groups:
            raise DBSubnetGroupNotFoundError(name)
        return listing(backend, arn)

    return tags
