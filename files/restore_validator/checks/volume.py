"""An EBS volume: it is available."""

from __future__ import annotations

from ..restored import Restored
from ..settings import Expectation
from .asking import ask, first, name_of
from .states import judge


def check(restored: Restored, _expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the volume is available."""
    name = name_of(restored.created_arn)
    what = f"The volume {name}"
    answer = ask(what, "ec2", "describe_volumes", {"VolumeIds": [name]}, restored.region)
    judge(what, first(what, answer["Volumes"])["State"], "available", {"creating"})
