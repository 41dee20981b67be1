"""Changing the methods of moto's classes, which is how every correction is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Method = Callable[..., Any]


def replace(owner: type, name: str, method: Method) -> None:
    """Put another method in a method's place."""
    setattr(owner, name, method)


def wrap(owner: type, name: str, wrapper: Callable[[Method], Method]) -> None:
    """Put what wrapper makes of a method in its place."""
    replace(owner, name, wrapper(getattr(owner, name)))
