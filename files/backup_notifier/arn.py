"""Amazon Resource Names, taken apart without judging them."""

from __future__ import annotations

import re
from dataclasses import dataclass


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
