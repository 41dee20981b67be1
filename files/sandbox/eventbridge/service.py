"""Events that an AWS service puts on an account's default bus."""

from __future__ import annotations

import logging
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from moto.events.models import events_backends

log = logging.getLogger(__name__)

DEFAULT_BUS = "default"


@dataclass(frozen=True)
class ServiceEvent:
    """One event; published again it keeps its ID, as AWS's repeats do.

    Attributes:
        source: for example aws.backup.
        detail_type: for example Backup Job State Change.
    """

    account: str
    region: str
    source: str
    detail_type: str
    detail: dict[str, Any]
    resources: list[str]
    id: str = field(default_factory=lambda: str(uuid.UUID(int=random.getrandbits(128), version=4)))
    time: float = field(default_factory=time.time)


def publish_from_service(event: ServiceEvent) -> None:
    """Give an event to every rule of the default bus; a target that cannot take it is logged and does not stop the others."""
    bus = events_backends[event.account][event.region].event_buses[DEFAULT_BUS]
    for rule in list(bus.rules.values()):
        try:
            rule.send_to_targets(_message(event))
        except Exception:
            log.exception("rule %s could not send an event of %s to its targets", rule.name, event.source)


def _message(event: ServiceEvent) -> Any:
    return {
        "version": "0",
        "id": event.id,
        "detail-type": event.detail_type,
        "source": event.source,
        "account": event.account,
        "time": event.time,
        "region": event.region,
        "resources": list(event.resources),
        "detail": dict(event.detail),
        "ingestion-time": time.time(),
    }
