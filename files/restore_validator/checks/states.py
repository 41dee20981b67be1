"""States of resources: good, on the way to good, or neither."""

from __future__ import annotations

from collections.abc import Collection

from ..findings import Faulty, NotReady


def judge(what: str, state: str, good: str, on_the_way: Collection[str]) -> None:
    """End when a state is good.

    Raises:
        NotReady: it is one of those that come before.
        Faulty: it is any other.
    """
    if state == good:
        return
    if state in on_the_way:
        raise NotReady(f"{what} is still {state}.")
    raise Faulty(f"{what} is {state or 'in no known state'}, not {good}.")
