"""Pagination: a token names the last item of a page, so that deletions in between skip nothing."""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Callable, Iterable
from typing import TypeVar

from .errors import InvalidParameterValueException
from .point_store import ByAge, Position
from .records import RecoveryPoint
from .registry import Params

LARGEST_PAGE = 1000

Item = TypeVar("Item")


def page(items: Iterable[Item], params: Params, key: Callable[[Item], str], newest_first: bool = False) -> tuple[list[Item], str | None]:
    """One page of items in the order of key, and the token of the next page if there is one.

    Raises:
        InvalidParameterValueException: MaxResults or NextToken is not one the service gives or takes.
    """
    ordered = sorted(items, key=key, reverse=newest_first)
    if params.get("NextToken"):
        last = _decode(params["NextToken"])
        ordered = [item for item in ordered if (key(item) < last if newest_first else key(item) > last)]
    limit = _page_size(params)
    chosen = ordered[:limit]
    return chosen, _encode(key(chosen[-1])) if len(ordered) > limit else None


def page_of_points(
    points: ByAge, params: Params, wanted: Callable[[RecoveryPoint], bool], since: float | None = None, until: float | None = None
) -> tuple[list[RecoveryPoint], str | None]:
    """One page of the wanted recovery points, newest first, and the token of the next page if there is one.

    It looks at no more of them than it has to.

    Args:
        since: points of this moment and older ones are left out, in Unix seconds.
        until: points of this moment and newer ones are left out.

    Raises:
        InvalidParameterValueException: MaxResults or NextToken is not one the service gives or takes.
    """
    starts = [(until, "")] if until is not None else []
    if params.get("NextToken"):
        starts.append(_position(_decode(params["NextToken"])))
    limit = _page_size(params)
    candidates = points.newest_first(min(starts, default=None))
    recent = itertools.takewhile(lambda point: since is None or point.creation_date > since, candidates)
    chosen = list(itertools.islice(filter(wanted, recent), limit + 1))
    if len(chosen) <= limit:
        return chosen, None
    chosen.pop()
    return chosen, _encode(f"{chosen[-1].creation_date!r} {chosen[-1].arn}")


def _position(text: str) -> Position:
    date, _, arn = text.partition(" ")
    try:
        return float(date), arn
    except ValueError as error:
        raise InvalidParameterValueException("Invalid NextToken") from error


def by_date(date: float, identifier: str) -> str:
    """A sort key: by date, then by identifier."""
    return f"{date:020.6f} {identifier}"


def _page_size(params: Params) -> int:
    size = params.get("MaxResults") or LARGEST_PAGE
    if not 1 <= size <= LARGEST_PAGE:
        raise InvalidParameterValueException(f"Invalid MaxResults {size}: it must be between 1 and {LARGEST_PAGE}")
    return int(size)


def _encode(last: str) -> str:
    return base64.b64encode(last.encode()).decode()


def _decode(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidParameterValueException("Invalid NextToken") from error
