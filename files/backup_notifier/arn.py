"""Amazon Resource Names, taken apart without judging them."""

from __future__ import annotations

import re
from dataclasses import dataclass

# By the first part of a Region's name, the longer ones first.
_PARTITIONS = {
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
    "cn-": "aws-cn",
    **dict.fromkeys(("af-", "ap-", "ca-", "eu-", "il-", "me-", "mx-", "sa-", "us-"), "aws"),
}


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN; region and account may be empty, as in S3's.

    Attributes:
        kind: the resource's type, for example instance; empty where the ARN has none, as in S3's.
        name: the resource's ID or name: what follows the type.
    """

    partition: str
    service: str
    region: str
    account: str
    kind: str
    name: str


def parse(text: str) -> Arn | None:
    """Take an ARN apart; None when the text is none."""
    parts = text.split(":", 5)
    if len(parts) < 6 or parts[0].lower() != "arn":
        return None
    typed = re.fullmatch(r"([^:/]*)[:/](.*)", parts[5], re.DOTALL)
    kind, name = typed.groups() if typed else ("", parts[5])
    return Arn(parts[1], parts[2], parts[3], parts[4], kind, name)


def name_of(text: str) -> str:
    """The name in an ARN; an empty text when this is no ARN."""
    parsed = parse(text)
    return parsed.name if parsed else ""


def partition_of(region: str) -> str:
    """The partition that a Region lies in; an empty text for a Region whose name begins like none that is known."""
    return next((partition for prefix, partition in _PARTITIONS.items() if region.startswith(prefix)), "")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is; empty texts where it is not known."""

    partition: str
    region: str
    account: str


def place(*arns: str) -> Place:
    """Partition, Region and account: each from the first ARN that has it."""
    known = [parsed for parsed in map(parse, arns) if parsed]
    return Place(
        next((each.partition for each in known if each.partition), ""),
        next((each.region for each in known if each.region), ""),
        next((each.account for each in known if each.account), ""),
    )
