"""CloudWatch ListTagsForResource: an alarm that does not exist.

AWS refuses with ResourceNotFoundException.
moto answers that it has no tags.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.cloudwatch.exceptions import ResourceNotFoundException
from moto.cloudwatch.models import CloudWatchBackend

from .methods import wrap

Listing = Callable[[CloudWatchBackend, str], dict[str, str]]


def install() -> None:
    """Refuse to tell the tags of a missing alarm."""
    wrap(CloudWatchBackend, "list_tags_for_resource", _of_existing)


def _of_existing(listing: Listing) -> Listing:
    @functools.wraps(listing)
    def tags(backend: CloudWatchBackend, arn: str) -> dict[str, str]:
        _, is_alarm, name = arn.partition(":alarm:")
        if is_alarm and name not in backend.alarms:
            raise ResourceNotFoundException()
        return listing(backend, arn)

    return tags
