"""Resource Groups Tagging API: the type of a log group.

AWS calls it logs:log-group, as in its ARN.
moto calls it logs:loggroup, so that a filter for the real name finds nothing.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator

from moto.core.resource_tagging import TaggedResource
from moto.logs.models import LogsBackend

from .methods import wrap

Listing = Callable[[LogsBackend], Iterator[TaggedResource]]


def install() -> None:
    """Give log groups their real type."""
    wrap(LogsBackend, "iter_tagged_resources", _with_real_type)


def _with_real_type(listing: Listing) -> Listing:
    @functools.wraps(listing)
    def resources(backend: LogsBackend) -> Iterator[TaggedResource]:
        for resource in listing(backend):
            yield dataclasses.replace(resource, resource_type="logs:log-group")

    return resources
