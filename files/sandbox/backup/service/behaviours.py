"""The behaviours in force, and what they do to a call."""

from __future__ import annotations

import random
import threading
import time

from ... import control, settings
from ..errors import ThrottlingException
from .behaviour import EVERY, Behaviour, FaultRule
from .limits import Limits

RATE_EXCEEDED = "Rate exceeded"


class RegionalService:
    """The service of one Region that behaves in a certain way."""

    def __init__(self, behaviour: Behaviour) -> None:
        """Begin with full buckets."""
        self.behaviour = behaviour
        self._limits = Limits(behaviour.limits)
        self._random = random.Random(behaviour.seed)

    def arrive(self, operation: str) -> FaultRule | None:
        """Let a call wait as long as it takes; returns the fault that strikes it.

        Raises:
            ThrottlingException: it is one too many.
        """
        allowed = self._limits.allow(operation)
        fault = self._fault(operation) if allowed else None
        latency = self.behaviour.latency_ms
        time.sleep(latency.get(operation, latency.get(EVERY, 0.0)) / 1000)
        if not allowed:
            raise ThrottlingException(RATE_EXCEEDED)
        return fault

    def _fault(self, operation: str) -> FaultRule | None:
        concerned = (rule for rule in self.behaviour.faults if rule.operation in (operation, EVERY))
        return next((rule for rule in concerned if self._random.random() < rule.rate), None)


_behaviours: dict[str, Behaviour] = {}
_services: dict[str, RegionalService] = {}
_lock = threading.Lock()


def behave(behaviour: Behaviour) -> None:
    """Let the service behave so from now on, in the place of what was set for the same Region, or for every other."""
    _behaviours[behaviour.region] = behaviour


@control.on_reset
def forget() -> None:
    """Let the service behave well everywhere."""
    _behaviours.clear()
    _services.clear()


def arrive(region: str, operation: str) -> FaultRule | None:
    """Let a call wait as long as the service of its Region takes; returns the fault that strikes it.

    Raises:
        ThrottlingException: it is one too many.
    """
    service = _service(region)
    return service.arrive(operation) if service else None


def deleting_seconds(region: str) -> float:
    """AWS seconds that a recovery point stays DELETING."""
    service = _service(region)
    chosen = service.behaviour.deleting_seconds if service else None
    return settings.current.now.delete_seconds if chosen is None else chosen


def vault_lag_seconds(region: str) -> float:
    """AWS seconds that a vault goes on counting a recovery point that is gone."""
    service = _service(region)
    return service.behaviour.vault_lag_seconds if service else 0.0


def _service(region: str) -> RegionalService | None:
    """A Region's service, if it was told how to behave; each Region has limits of its own."""
    behaviour = _behaviours.get(region) or _behaviours.get(EVERY)
    if behaviour is None:
        return None
    with _lock:
        service = _services.get(region)
        if service is None or service.behaviour is not behaviour:
            service = _services[region] = RegionalService(behaviour)
        return service
