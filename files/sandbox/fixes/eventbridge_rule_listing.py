"""Resource Groups Tagging API: EventBridge rules.

AWS lists tagged rules as events:rule.
moto tags rules and lists event buses only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

from moto.core.resource_tagging import TaggedResource
from moto.events.models import EventsBackend

from .methods import wrap

Listing = Callable[[EventsBackend], Iterator[TaggedResource]]


def install() -> None:
    """List rules, too."""
    wrap(EventsBackend, "iter_tagged_resources", _with_rules)


def _with_rules(listing: Listing) -> Listing:
    @functools.wraps(listing)
    def resources(backend: EventsBackend) -> Iterator[TaggedResource]:
        yield from listing(backend)
        for bus in backend.event_buses.values():
            for rule in bus.rules.values():
                tags = backend.tagger.get_tag_dict_for_resource(rule.arn)
                yield TaggedResource(arn=rule.arn, tags=tags, resource_type="events:rule")

    return resources
