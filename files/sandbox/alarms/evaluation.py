"""An alarm's state from the values of its last periods, and the reason in CloudWatch's words."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}
TREATED_AS = {"breaching": "Breaching", "notBreaching": "NonBreaching"}


@dataclass(frozen=True)
class Datapoint:
    """A period's value (None: there is no data) and when the period began, in Unix seconds."""

    value: float | None
    time: float


@dataclass(frozen=True)
class Rule:
    """When to raise an alarm."""

    comparison: str
    threshold: float
    periods: int
    datapoints_to_alarm: int
    missing_data: str


@dataclass(frozen=True)
class Verdict:
    """The state that the values call for, and why; no state: leave it as it is."""

    state: str | None
    reason: str = ""


def evaluate(rule: Rule, datapoints: Sequence[Datapoint], state: str) -> Verdict:
    """Decide on the last periods' datapoints, oldest first, for an alarm in a state."""
    recent = list(datapoints)[-rule.periods :]
    present = [point for point in recent if point.value is not None]
    missing = rule.periods - len(present)
    if not present:
        return _without_data(rule, missing)
    compare, _ = COMPARISONS[rule.comparison]
    breaching = [point for point in present if compare(point.value or 0.0, rule.threshold)]
    raised = len(breaching) + (missing if rule.missing_data == "breaching" else 0) >= rule.datapoints_to_alarm
    new = "ALARM" if raised else "OK"
    chosen = breaching if raised and breaching else [point for point in present if point not in breaching] or present
    return Verdict(new, _crossed(rule, chosen, raised, state, new))


def _without_data(rule: Rule, missing: int) -> Verdict:
    if rule.missing_data == "ignore":
        return Verdict(None)
    counted = _count(missing, "datapoint")
    if rule.missing_data == "missing":
        return Verdict("INSUFFICIENT_DATA", f"Insufficient Data: {counted} {_were(missing)} unknown.")
    reason = (
        f"Threshold Crossed: no datapoints were received for {_count(missing, 'period')} and "
        f"{_count(missing, 'missing datapoint')} {_were(missing)} treated as [{TREATED_AS[rule.missing_data]}]."
    )
    return Verdict("ALARM" if rule.missing_data == "breaching" else "OK", reason)


def _crossed(rule: Rule, points: list[Datapoint], raised: bool, old: str, new: str) -> str:
    values = ", ".join(f"{point.value} ({datetime.fromtimestamp(point.time, UTC):%d/%m/%y %H:%M:%S})" for point in reversed(points))
    words = f"{_were(len(points))} {'' if raised else 'not '}{COMPARISONS[rule.comparison][1]} the threshold ({rule.threshold})"
    least = rule.datapoints_to_alarm if raised else rule.periods - rule.datapoints_to_alarm + 1
    # CloudWatch tells an alarm's first state as a transition between OK and ALARM, too.
    before = ("OK" if raised else "ALARM") if old == "INSUFFICIENT_DATA" else old
    return (
        f"Threshold Crossed: {len(points)} out of the last {rule.periods} datapoints [{values}] {words} "
        f"(minimum {_count(least, 'datapoint')} for {before} -> {new} transition)."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
