"""Whether a policy lets something be done: a resource's policy by a service, a role's policies by the role."""

from __future__ import annotations

import fnmatch
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
    return _decide(statements, action, resource, context)


def role_allows(policies: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Decide for a role with these policy documents; a matching Deny wins. Conditions are taken as met by no key."""
    return _decide([statement for policy in policies for statement in _list(policy.get("Statement", []))], action, resource, {})


def _decide(statements: list[dict[str, Any]], action: str, resource: str | None, context: dict[str, str]) -> bool:
    keys = {name.lower(): value for name, value in context.items()}
    matching = [
        statement["Effect"]
        for statement in statements
        if _matches_any(_list(statement.get("Action", [])), action, ignore_case=True)
        and (resource is None or _matches_any(_list(statement.get("Resource", "*")), resource))
        and _conditions_hold(statement.get("Condition", {}), keys)
    ]
    return "Allow" in matching and "Deny" not in matching


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
    flags = re.IGNORECASE if ignore_case else 0
    return any(re.fullmatch(_expression(str(pattern)), value, flags) for pattern in patterns)


def _expression(pattern: str) -> str:
    # Only * and ? are special in policies; fnmatch would also give [ a meaning.
    return fnmatch.translate(pattern.replace("[", "[[]"))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
