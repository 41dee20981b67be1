"""An EC2 instance: it runs."""

from __future__ import annotations

from ..restored import Restored
from ..settings import Expectation
from .asking import ask, first, name_of
from .states import judge


def check(restored: Restored, _expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the instance runs."""
    name = name_of(restored.created_arn)
    what = f"The instance {name}"
    answer = ask(what, "ec2", "describe_instances", {"InstanceIds": [name]}, restored.region)
    instances = [instance for reservation in answer["Reservations"] for instance in reservation["Instances"]]
    judge(what, first(what, instances)["State"]["Name"], "running", {"pending"})
