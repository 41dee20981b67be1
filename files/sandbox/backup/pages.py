"""Pagination: a token names the last item of a page, so that deletions in between skip nothing."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import TypeVar

from .errors import InvalidParameterValueException
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
