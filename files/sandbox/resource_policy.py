"""Whether a policy lets something be done: a resource's policy by a service, a role's policies by the role."""

from __future__ import annotations

import fnmatch
import functools
import logging
import re
from typing import Any

log = logging.getLogger(__name__)


def allows(policy: dict[str, Any], service: str, action: str, resource: str | None, context: dict[str, str]) -> bool:
    """Decide for a service principal such as sns.amazonaws.com; a matching Deny wins.

    Args:
        policy: a policy document.
        action: for example lambda:InvokeFunction.
        resource: the ARN acted on; None where policies have no Resource (a role's trust policy).
        context: the request's condition keys, for example aws:SourceArn; their case does not matter.
    """
    statements = [statement for statement in _list(policy.get("Statement", [])) if _names_service(statement.get("Principal"), service)]
    return _decide(_effects(statements, action, resource, context))


def role_allows(policies: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Decide for a role with these policy documents; a matching Deny wins. Conditions are taken as met by no key."""
    return _decide(_effects(_statements(policies), action, resource, {}))


def simulated(policies: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]) -> str:
    """How IAM's simulator calls the decision about a caller with these policy documents, who sends these condition keys."""
    effects = _effects(_statements(policies), action, resource, context)
    if "Deny" in effects:
        return "explicitDeny"
    return "allowed" if "Allow" in effects else "implicitDeny"


def role_denies(policies: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Whether a role's policy documents deny something explicitly, rather than not allow it."""
    return "Deny" in _effects(_statements(policies), action, resource, {})


def _statements(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [statement for policy in policies for statement in _list(policy.get("Statement", []))]


def _decide(effects: list[str]) -> bool:
    return "Allow" in effects and "Deny" not in effects


def _effects(statements: list[dict[str, Any]], action: str, resource: str | None, context: dict[str, str]) -> list[str]:
    """The effects of the statements that are about this action on this resource."""
    keys = {name.lower(): value for name, value in context.items()}
    return [
        statement["Effect"]
        for statement in statements
        if _covers(statement, "Action", action, ignore_case=True)
        and (resource is None or _covers(statement, "Resource", resource))
        and _conditions_hold(statement.get("Condition", {}), keys)
    ]


def _covers(statement: dict[str, Any], element: str, value: str, *, ignore_case: bool = False) -> bool:
    """Whether a statement's Action or Resource, or its NotAction or NotResource, is about a value; without either: any resource."""
    if f"Not{element}" in statement:
        return not _matches_any(_list(statement[f"Not{element}"]), value, ignore_case=ignore_case)
    return _matches_any(_list(statement.get(element, "*" if element == "Resource" else [])), value, ignore_case=ignore_case)


def _names_service(principal: Any, service: str) -> bool:
    if not isinstance(principal, dict):
        return bool(principal == "*")
    return "*" in _list(principal.get("AWS", [])) or service in _list(principal.get("Service", []))


def _conditions_hold(condition: dict[str, dict[str, Any]], keys: dict[str, str]) -> bool:
    return all(
        _condition_holds(operator, wanted, keys.get(name.lower())) for operator, test in condition.items() for name, wanted in test.items()
    )


def _condition_holds(operator: str, wanted: Any, actual: str | None) -> bool:
    base, if_exists, _ = operator.partition("IfExists")
    if actual is None:
        return bool(if_exists) or base.startswith("StringNot") or base.startswith("ArnNot")
    patterns = [str(value) for value in _list(wanted)]
    if base in ("StringEquals", "StringNotEquals"):
        found = actual in patterns
    elif base in ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"):
        found = actual.lower() in [pattern.lower() for pattern in patterns]
    elif base in ("StringLike", "StringNotLike", "ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"):
        found = _matches_any(patterns, actual)
    else:
        log.warning("a policy's condition operator %s is not known here: taken as not met", operator)
        return False
    return found != ("Not" in base)


def _matches_any(patterns: list[Any], value: str, *, ignore_case: bool = False) -> bool:
    return any(_expression(str(pattern), ignore_case).match(value) for pattern in patterns)


@functools.lru_cache(maxsize=4096)
def _expression(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    # Only * and ? are special in policies; fnmatch would also give [ a meaning. What it makes matches to the end.
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")), re.IGNORECASE if ignore_case else 0)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
