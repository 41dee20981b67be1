"""What the control endpoint is asked for: how the service is to behave."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any

from moto.core.utils import get_service_model

from ...fixes.unknown_regions import known_regions

EVERY = "*"
FAULTS = ("500", "throttle", "reset", "hang")
HANG_SECONDS = 60.0


@dataclass(frozen=True)
class FaultRule:
    """Some of the calls fail.

    Attributes:
        operation: which calls; "*" means all.
        kind: 500 and throttle are errors; reset and hang end the connection without an answer, hang only after some seconds.
        rate: the share of the calls that fail, 0 to 1; which ones is left to chance.
        seconds: how long a hang takes, in real seconds.
        applied: whether the service did what it was asked for before it failed.
    """

    operation: str
    kind: str
    rate: float = 1.0
    seconds: float = HANG_SECONDS
    applied: bool = False


@dataclass(frozen=True)
class Behaviour:
    """How the service behaves.

    Attributes:
        region: where; "*" means in every Region that has no behaviour of its own.
        latency_ms: real milliseconds until an answer, by operation; "*" means every other.
        limits: calls in a real second, by operation; "*" means all calls together.
        deleting_seconds: AWS seconds a recovery point stays DELETING; None: as the settings say.
        vault_lag_seconds: AWS seconds a vault goes on counting a recovery point that is gone.
        faults: the first that strikes a call counts.
        seed: of the chance that faults strike by.
    """

    region: str = EVERY
    latency_ms: dict[str, float] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    deleting_seconds: float | None = None
    vault_lag_seconds: float = 0.0
    faults: tuple[FaultRule, ...] = ()
    seed: int = 0

    @classmethod
    def read(cls, body: dict[str, Any]) -> Behaviour:
        """Check a request's body.

        Raises:
            ValueError: something in it is unknown or of the wrong kind.
        """
        given = {name: value for name, value in body.items() if value is not None}
        _check_names("members", given, [known.name for known in fields(cls)])
        latency = given.get("latency_ms", {})
        return cls(
            region=_region(given.get("region", EVERY)),
            latency_ms=_by_operation("latency_ms", latency if isinstance(latency, dict) else {EVERY: latency}, least=0.0),
            limits=_by_operation("limits", given.get("limits", {}), least=0.001),
            deleting_seconds=_number("deleting_seconds", given["deleting_seconds"], 0.0) if "deleting_seconds" in given else None,
            vault_lag_seconds=_number("vault_lag_seconds", given.get("vault_lag_seconds", 0.0), 0.0),
            faults=tuple(_fault(rule) for rule in _listed(given.get("faults", []))),
            seed=int(_number("seed", given.get("seed", 0), -math.inf)),
        )


def _fault(rule: Any) -> FaultRule:
    if not isinstance(rule, dict):
        raise ValueError(f"a fault must be an object, not {rule!r}")
    _check_names("members of a fault", rule, [known.name for known in fields(FaultRule)])
    if str(rule.get("kind")) not in FAULTS:
        raise ValueError(f"kind of a fault must be one of {', '.join(FAULTS)}, not {rule.get('kind')!r}")
    return FaultRule(
        operation=_operation("operation of a fault", rule.get("operation", EVERY)),
        kind=str(rule["kind"]),
        rate=_number("rate of a fault", rule.get("rate", 1.0), 0.0, 1.0),
        seconds=_number("seconds of a fault", rule.get("seconds", HANG_SECONDS), 0.0),
        applied=rule.get("applied") is True,
    )


def _by_operation(name: str, values: Any, least: float) -> dict[str, float]:
    if not isinstance(values, dict):
        raise ValueError(f"{name} must be an object, not {values!r}")
    return {_operation(name, operation): _number(f"{name} of {operation}", value, least) for operation, value in values.items()}


def _operation(where: str, name: Any) -> str:
    if name != EVERY and name not in get_service_model("backup").operation_names:
        raise ValueError(f"{where}: AWS Backup has no operation {name!r}")
    return str(name)


def _region(name: Any) -> str:
    if name != EVERY and name not in known_regions():
        raise ValueError(f"there is no Region {name}")
    return str(name)


def _number(name: str, value: Any, least: float, most: float = math.inf) -> float:
    if type(value) not in (int, float) or not least <= value <= most or not math.isfinite(value):
        raise ValueError(f"{name} must be a number from {least:g} to {most:g}, not {value!r}")
    return float(value)


def _check_names(what: str, given: dict[str, Any], known: list[str]) -> None:
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"unknown {what}: {', '.join(unknown)}; known: {', '.join(known)}")


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"faults must be a list, not {value!r}")
    return value
