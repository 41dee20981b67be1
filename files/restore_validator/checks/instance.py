"""An EC2 instance: it runs, and it has booted with the canary's file, if what was backed up has it."""

from __future__ import annotations

import re

from backup_notifier.aws import AwsError

from .. import canary
from ..findings import Faulty, NotReady
from ..restored import Restored
from ..settings import Expectation
from .asking import ask, first, name_of
from .states import judge

SAID = re.compile(canary.NAME + r""": *([^\s"']+)""")
USUAL_MESSAGE = re.compile(r"Cloud-init v\. \S+ finished")
"""What cloud-init says at the end of a boot when its configuration says nothing else."""


def check(restored: Restored, _expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the instance runs, and says what it should on its console."""
    name = name_of(restored.created_arn)
    what = f"The instance {name}"
    answer = ask(what, "ec2", "describe_instances", {"InstanceIds": [name]}, restored.region)
    instances = [instance for reservation in answer["Reservations"] for instance in reservation["Instances"]]
    found = first(what, instances)
    judge(what, found["State"]["Name"], "running", {"pending"})
    sha256 = _hash_of_file(restored)
    if sha256:
        canary.judge_file(what, _said(what, name, restored.region), sha256)


def _hash_of_file(restored: Restored) -> str:
    """The hash of the file's marker, which a tag of what was backed up tells; empty without one, or when it is gone."""
    filters = [
        {"Name": "resource-id", "Values": [name_of(restored.source_arn)]},
        {"Name": "key", "Values": [canary.FILE_TAG]},
    ]
    tags = ask("What was backed up", "ec2", "describe_tags", {"Filters": filters}, restored.region)["Tags"] if restored.source_arn else []
    return str(tags[0]["Value"]) if tags else ""


def _said(what: str, name: str, region: str) -> str:
    """The marker that an instance has said on its console.

    Raises:
        NotReady: it has not said yet that it booted.
        Faulty: it booted and said no marker.
    """
    output = _console(what, name, region)
    found: list[str] = SAID.findall(output)
    if found:
        return found[-1]
    if USUAL_MESSAGE.search(output):
        raise Faulty(f"{what} booted without the file of its canary.")
    raise NotReady(f"{what} has not said on its console that it booted.")


def _console(what: str, name: str, region: str) -> str:
    """What an instance has said; of a type that does not run on Nitro, at its last transition."""
    try:
        answer = ask(what, "ec2", "get_console_output", {"InstanceId": name, "Latest": True}, region)
    except AwsError as error:
        if error.code != "UnsupportedOperation":
            raise
        answer = ask(what, "ec2", "get_console_output", {"InstanceId": name}, region)
    return str(answer.get("Output", ""))
