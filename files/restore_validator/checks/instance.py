"""An EC2 instance: it runs, and it has booted with the canary's file, if what was backed up has it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from backup_notifier.aws import AwsError

from .. import canary
from ..findings import Faulty, NotReady
from ..restored import Restored
from ..settings import Expectation
from .asking import ask, first, name_of
from .states import judge

SAID = re.compile(canary.NAME + r""": *([^\s"'\x1b]+)""")
USUAL_MESSAGE = re.compile(r"Cloud-init v\. \S+ finished")
"""What cloud-init says at the end of a boot when its configuration says nothing else."""

BOOT_TIMEOUT = timedelta(minutes=14)
"""From the launch: all tries of the function together last a little longer."""


def check(restored: Restored, expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the instance runs, and says what it should on its console."""
    name = name_of(restored.created_arn)
    what = f"The instance {name}"
    answer = ask(what, "ec2", "describe_instances", {"InstanceIds": [name]}, restored.region)
    instances = [instance for reservation in answer["Reservations"] for instance in reservation["Instances"]]
    found = first(what, instances)
    judge(what, found["State"]["Name"], "running", {"pending"})
    sha256 = "" if expectation.canary is False else _hash_of_file(restored)
    if sha256:
        is_late = datetime.now(UTC) - found["LaunchTime"] > BOOT_TIMEOUT
        canary.judge_file(what, _said(what, name, restored.region, is_late), sha256)


def _hash_of_file(restored: Restored) -> str:
    """The hash of the file's marker, which a tag of what was backed up tells; empty without one, or when it is gone."""
    if not restored.source_arn:
        return ""
    filters = [{"Name": "resource-id", "Values": [name_of(restored.source_arn)]}, {"Name": "key", "Values": [canary.FILE_TAG]}]
    tags = ask("What was backed up", "ec2", "describe_tags", {"Filters": filters}, restored.region)["Tags"]
    return str(tags[0]["Value"]) if tags else ""


def _said(what: str, name: str, region: str, is_late: bool) -> str:
    """The last marker that an instance has said on its console, a whole one if there is any.

    Raises:
        NotReady: it has not said it yet, or so far half of it, or mixed with a line of the kernel.
        Faulty: it booted and said no marker, or did not boot in time.
    """
    output = _console(what, name, region)
    found: list[str] = SAID.findall(output)
    whole = [marker for marker in found if canary.is_whole(marker)]
    if whole or (found and is_late):
        return (whole or found)[-1]
    if not found and USUAL_MESSAGE.search(output):
        raise Faulty(f"{what} booted without the file of its canary.")
    if is_late:
        raise Faulty(f"{what} has not said on its console that it booted, in {BOOT_TIMEOUT.total_seconds() / 60:.0f} minutes.")
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
