"""Complaints about settings, in words: each names the target or rule, and what would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def label(word: str, number: int, given: Any) -> str:
    """How to call a target or a rule, for example rule 2 "databases"."""
    name = given.get("name") if isinstance(given, dict) else None
    return f'{word} {number} "{name}"' if isinstance(name, str) and name else f"{word} {number}"


def quoted(value: Any) -> str:
    """A wrong value, as it stands in the settings."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def none_of(label: str, value: Any, known: Iterable[str]) -> str:
    """That a value is none of the known ones, with the one that was probably meant."""
    return f"{label} {quoted(value)} is none of {', '.join(known)}{meant(value, known)}"


def unknown_keys(label: str, given: dict[str, Any], known: Iterable[str]) -> str:
    """That some keys mean nothing; an empty text when all are known."""
    unknown = sorted(str(name) for name in set(given) - set(known))
    if not unknown:
        return ""
    return f"{label}: {', '.join(unknown)} unknown; known are {', '.join(sorted(known))}{meant(unknown[0], known)}"


def meant(value: Any, known: Iterable[str]) -> str:
    """The known value that is nearest to a wrong one, as a question; an empty text when none is near."""
    # Only who made a mistake waits for this import.
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    near = get_close_matches(value.lower(), names, n=1) if isinstance(value, str) else []
    return f"; did you mean {names[near[0]]}?" if near else ""
