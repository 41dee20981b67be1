"""An EFS file system: it is available."""

from __future__ import annotations

from ..restored import Restored
from ..settings import Expectation
from .asking import ask, first, name_of
from .states import judge


def check(restored: Restored, _expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the file system is available."""
    name = name_of(restored.created_arn)
    what = f"The file system {name}"
    answer = ask(what, "efs", "describe_file_systems", {"FileSystemId": name}, restored.region)
    judge(what, first(what, answer["FileSystems"])["LifeCycleState"], "available", {"creating", "updating"})
