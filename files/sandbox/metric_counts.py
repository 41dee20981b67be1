"""What happened to a resource, counted as CloudWatch does: a sample for each time it could have happened, 1 when it did and 0 when not."""

from __future__ import annotations

from dataclasses import dataclass

from . import control

DIMENSIONS = {
    ("AWS/Lambda", "Errors"): "FunctionName",
    ("AWS/Lambda", "DeadLetterErrors"): "FunctionName",
    ("AWS/SNS", "NumberOfNotificationsFailedToRedriveToDlq"): "TopicName",
    ("AWS/Events", "InvocationsFailedToBeSentToDlq"): "RuleName",
}
"""The metrics that are counted, and the dimension that names the resource."""


@dataclass(frozen=True)
class Resource:
    """What a metric is about; name as in its dimension."""

    account: str
    region: str
    name: str


@dataclass(frozen=True)
class Count:
    """Samples so far, and their sum."""

    samples: int = 0
    total: int = 0

    def since(self, before: Count) -> Count:
        """What came after an earlier count."""
        return Count(self.samples - before.samples, self.total - before.total)

    def statistic(self, name: str) -> float:
        """A statistic of at least one sample."""
        values = {
            "Sum": self.total,
            "SampleCount": self.samples,
            "Average": self.total / self.samples,
            "Maximum": self.total > 0,
            "Minimum": self.total == self.samples,
        }
        return float(values[name])


_counts: dict[tuple[str, str, Resource], Count] = {}


def add(namespace: str, metric: str, resource: Resource, happened: bool = True) -> None:
    """Count one sample."""
    before = get(namespace, metric, resource)
    _counts[(namespace, metric, resource)] = Count(before.samples + 1, before.total + happened)


def get(namespace: str, metric: str, resource: Resource) -> Count:
    """What was counted so far."""
    return _counts.get((namespace, metric, resource), Count())


@control.on_reset
def forget() -> None:
    """Count from nought."""
    _counts.clear()
