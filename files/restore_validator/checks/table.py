"""A DynamoDB table: it is active, and has the items that it must have."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import canary
from ..findings import Faulty
from ..restored import Restored
from ..settings import Expectation
from .asking import ask, name_of
from .states import judge


def check(restored: Restored, expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the table is active and holds what is expected, at least one item if nothing else is said."""
    name = name_of(restored.created_arn)
    what = f"The table {name}"
    table = ask(what, "dynamodb", "describe_table", {"TableName": name}, restored.region)["Table"]
    judge(what, table["TableStatus"], "ACTIVE", {"CREATING", "UPDATING"})
    keys = [key["AttributeName"] for key in table["KeySchema"]]
    for item in expectation.items:
        _check_item(what, name, keys, item, restored.region)
    if expectation.canary:
        canary.judge(what, _marker(what, name, table, restored.region), restored)
    elif not expectation.items and not expectation.may_be_empty:
        found = ask(what, "dynamodb", "scan", {"TableName": name, "Limit": 1, "ConsistentRead": True}, restored.region)
        if not found.get("Items"):
            raise Faulty(f"{what} has no items.")


def _marker(what: str, name: str, table: dict[str, Any], region: str) -> str | None:
    """The canary's marker; None when there is none."""
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    key = {each["AttributeName"]: {types[each["AttributeName"]]: canary.KEYS[types[each["AttributeName"]]]} for each in table["KeySchema"]}
    found = ask(what, "dynamodb", "get_item", {"TableName": name, "Key": key, "ConsistentRead": True}, region).get("Item", {})
    marker: str | None = found.get(canary.ATTRIBUTE, {}).get("S")
    return marker


def _check_item(what: str, name: str, keys: list[str], item: Mapping[str, Any], region: str) -> None:
    missing = [key for key in keys if key not in item]
    if missing:
        raise Faulty(f"{what} has the key {', '.join(keys)}, of which the expected item names no {', '.join(missing)}.")
    key = {name: _typed(item[name]) for name in keys}
    found = ask(what, "dynamodb", "get_item", {"TableName": name, "Key": key, "ConsistentRead": True}, region).get("Item")
    named = ", ".join(f"{name}={item[name]}" for name in keys)
    if found is None:
        raise Faulty(f"{what} lacks the item {named}.")
    wrong = [attribute for attribute, value in item.items() if not _same(found.get(attribute), value)]
    if wrong:
        raise Faulty(f"{what} has another {wrong[0]} in the item {named}.")


def _typed(value: Any) -> dict[str, Any]:
    """A value in DynamoDB's form."""
    if isinstance(value, bool):
        return {"BOOL": value}
    return {"N": str(value)} if isinstance(value, int | float) else {"S": str(value)}


def _same(found: Any, value: Any) -> bool:
    expected = _typed(value)
    if isinstance(found, dict) and "N" in found and "N" in expected:
        return Decimal(found["N"]) == Decimal(expected["N"])
    return bool(found == expected)
