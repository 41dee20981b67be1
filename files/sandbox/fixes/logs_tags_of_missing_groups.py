"""CloudWatch Logs ListTagsForResource: a log group that does not exist.

AWS refuses with ResourceNotFoundException.
moto answers that it has no tags.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogsBackend

from .methods import wrap

Listing = Callable[[LogsBackend, str], dict[str, str]]


def install() -> None:
    """Refuse to tell the tags of a missing log group."""
    wrap(LogsBackend, "list_tags_for_resource", _of_existing)


def _of_existing(listing: Listing) -> Listing:
    @functools.wraps(listing)
    def tags(backend: LogsBackend, resource_arn: str) -> dict[str, str]:
        _, is_group, name = resource_arn.partition(":log-group:")
        if is_group and name not in backend.groups:
            raise ResourceNotFoundException("The specified resource does not exist.")
        return listing(backend, resource_arn)

    return tags
