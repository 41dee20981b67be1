# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a resource's policy, or the trust of a role, lets somebody do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal

Decision = Literal["allowed", "denied", "not allowed", "conditional"]

EQUALS = ("StringEquals", "ArnEquals", "StringLike", "ArnLike")
"""The condition operators that are understood; a statement with another one is taken as conditional."""


def decide(policy: str | Mapping[str, Any], principals: set[str], action: str, context: Mapping[str, str | None]) -> Decision:
    """Whether a policy lets one of some principals do something.

    Args:
        policy: the document, also as JSON.
        principals: services, ARNs and account IDs that all mean the same caller, for example backup.amazonaws.com.
        action: for example sns:Publish.
        context: the condition keys that are known, for example aws:SourceAccount; None of one that the caller never sends.

    Returns:
        allowed; denied, by a statement; not allowed, as no statement does it; conditional, when it depends on what is not known.
    """
    matching = [each for each in _statements(policy) if _is_by(each, principals) and _is_about(each, action)]
    held = {effect: [_holds(each, context) for each in matching if each.get("Effect") == effect] for effect in ("Allow", "Deny")}
    if True in held["Deny"]:
        return "denied"
    if None in held["Deny"] or (None in held["Allow"] and True not in held["Allow"]):
        return "conditional"
    return "allowed" if True in held["Allow"] else "not allowed"


def listed(value: Any) -> list[Any]:
    """A list as it is, anything else as a list of it."""
    return value if isinstance(value, list) else [value]


def _statements(policy: str | Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    document = json.loads(policy) if isinstance(policy, str) else policy
    return (each for each in listed(document.get("Statement", [])) if isinstance(each, Mapping))


def _is_by(statement: Mapping[str, Any], principals: set[str]) -> bool:
    if "NotPrincipal" in statement:
        return not principals & _named(statement["NotPrincipal"])
    named = _named(statement.get("Principal"))
    return "*" in named or bool(principals & named)


def _named(principal: Any) -> set[str]:
    if not isinstance(principal, Mapping):
        return {str(principal)}
    return {str(each) for names in principal.values() for each in listed(names)}


def _is_about(statement: Mapping[str, Any], action: str) -> bool:
    if "NotAction" in statement:
        return not _matches(action, statement["NotAction"])
    return _matches(action, statement.get("Action", []))


def _matches(value: str, patterns: Any) -> bool:
    return any(fnmatchcase(value.lower(), str(pattern).lower()) for pattern in listed(patterns))


def _holds(statement: Mapping[str, Any], context: Mapping[str, str | None]) -> bool | None:
    """Whether the conditions of a statement are met; None when nobody can say."""
    given = {key.lower(): value for key, value in context.items()}
    results = [
        _condition_holds(operator, wanted, given[key.lower()]) if key.lower() in given else None
        for operator, test in (statement.get("Condition") or {}).items()
        for key, wanted in test.items()
    ]
    if False in results:
        return False
    return None if None in results else True


def _condition_holds(operator: str, wanted: Any, actual: str | None) -> bool | None:
    base, if_exists, _rest = operator.partition("IfExists")
    if base not in EQUALS:
        return None
    return bool(if_exists) if actual is None else _matches(actual, wanted)
