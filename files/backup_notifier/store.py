"""The DynamoDB table that remembers what was delivered: one function per kind of access, values as Python knows them.

Every item has pk, sk, and expires_at, after which DynamoDB removes it. Times in other attributes are Unix milliseconds.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import aws

Value = str | int | list[str]
Item = dict[str, Any]
Asked = Mapping[str, Value]
NOTHING: Asked = {}

# Longer than a dead-letter queue keeps an event, so that redriving one repeats nothing.
SECONDS_REMEMBERED = 30 * 86400
# How long the table is left alone after it failed, so that a broken one does not cost every event its time.
SECONDS_AVOIDED = 15.0
# How long a call is begun again after the SDK's own tries, which take a second or two, while DynamoDB throttles it.
SECONDS_WHILE_THROTTLED = 2.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 0.5
_LONGEST_KEY_BYTES = 900
_THROTTLED = {"ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"}
# The same in the reasons of a cancelled transaction.
_THROTTLED_REASONS = {"ProvisionedThroughputExceeded", "ThrottlingError"}
_BROKEN = {"Unreachable", "AccessDeniedException", "ResourceNotFoundException", "UnrecognizedClientException", "ExpiredTokenException"}


class StoreError(Exception):
    """The table cannot be used now."""


class Held(Exception):
    """A condition is not met; the item as it is."""

    def __init__(self, item: Item) -> None:
        super().__init__("condition not met")
        self.item = item


class Table:
    """One table. It is safe for threads."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._avoided_until = 0.0

    def get(self, pk: str, sk: str) -> Item:
        """An item as it is now, empty when there is none."""
        return _unmarshalled(self._call("get_item", Key=_key(pk, sk), ConsistentRead=True).get("Item", {}))

    def put(self, pk: str, sk: str, values: Mapping[str, Value], condition: str = "", asked: Asked = NOTHING) -> None:
        """Write a whole item, if the condition is met.

        Args:
            pk: partition key.
            sk: sort key.
            values: the other attributes.
            condition: an expression; #name stands for an attribute and :name for a value.
            asked: the values.

        Raises:
            Held: the condition is not met.
            StoreError: the table cannot be used.
        """
        self._call("put_item", Item={**_key(pk, sk), **_marshalled(values)}, **_condition(condition, asked), **_OLD)

    def update(self, pk: str, sk: str, expression: str, condition: str = "", asked: Asked = NOTHING) -> Item:
        """Change an item, if the condition is met; returns it as it is then.

        Raises:
            Held, StoreError: see put.
        """
        words = _condition(condition, asked, expression)
        answer = self._call("update_item", Key=_key(pk, sk), UpdateExpression=expression, ReturnValues="ALL_NEW", **words, **_OLD)
        return _unmarshalled(answer.get("Attributes", {}))

    def delete(self, pk: str, sk: str, condition: str = "", asked: Asked = NOTHING) -> None:
        """Remove an item, if the condition is met.

        Raises:
            Held, StoreError: see put.
        """
        self._call("delete_item", Key=_key(pk, sk), **_condition(condition, asked), **_OLD)

    def query(self, pk: str) -> Iterator[Item]:
        """The items of a partition, in the order of their sort keys. A page, up to 1 MB, is read when it is wanted."""
        asked: dict[str, Any] = {"KeyConditionExpression": "pk = :pk", "ConsistentRead": True}
        asked["ExpressionAttributeValues"] = _marshalled({":pk": _short(pk)})
        while True:
            page = self._call("query", **asked)
            yield from map(_unmarshalled, page.get("Items", []))
            if not page.get("LastEvaluatedKey"):
                return
            asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def transact(self, actions: Sequence[dict[str, Any]]) -> None:
        """Do several things or none (see to_update and to_delete), again when others are at the same items.

        Raises:
            Held: a condition is not met.
            StoreError: the table cannot be used.
        """
        named = [{kind: {"TableName": self._name, **words} for kind, words in action.items()} for action in actions]
        for attempt in range(4):
            try:
                self._call("transact_write_items", TransactItems=named)
                return
            except Conflict:
                time.sleep(0.03 * 2**attempt)
        raise StoreError("others keep writing the same items")

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        if time.monotonic() < self._avoided_until:
            raise StoreError("left alone after a failure a moment ago")
        if operation != "transact_write_items":
            parameters["TableName"] = self._name
        try:
            return _patiently(operation, parameters)
        except aws.AwsError as error:
            if error.code == "ConditionalCheckFailedException":
                raise Held(_unmarshalled(error.details.get("Item", {}))) from None
            if error.code == "TransactionCanceledException":
                raise _cancelled(error) from None
            if error.code in _BROKEN:
                self._avoided_until = time.monotonic() + SECONDS_AVOIDED
            raise StoreError(f"{operation}: {error}") from None


class Conflict(StoreError):
    """Somebody else writes the same items at this moment."""


def to_update(pk: str, sk: str, expression: str, condition: str = "", asked: Asked = NOTHING) -> dict[str, Any]:
    """Part of a transaction: change an item."""
    return {"Update": {"Key": _key(pk, sk), "UpdateExpression": expression, **_condition(condition, asked, expression)}}


def to_delete(pk: str, sk: str) -> dict[str, Any]:
    """Part of a transaction: remove an item."""
    return {"Delete": {"Key": _key(pk, sk)}}


def now_ms() -> int:
    """Now, in Unix milliseconds: what invocations on different machines can compare."""
    return time.time_ns() // 1_000_000


def expiry(seconds: float = SECONDS_REMEMBERED) -> int:
    """A value for expires_at."""
    return int(time.time() + seconds)


def _patiently(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Make a call, again for a short while when DynamoDB throttles it: that says nothing about the next call."""
    end, pause = 0.0, _FIRST_PAUSE
    while True:
        try:
            return aws.call("dynamodb", operation, parameters)
        except aws.AwsError as error:
            end = end or time.monotonic() + SECONDS_WHILE_THROTTLED
            if not _is_throttled(error) or time.monotonic() + pause > end:
                raise
        time.sleep(random.uniform(0.5, 1.0) * pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _is_throttled(error: aws.AwsError) -> bool:
    return error.code in _THROTTLED or bool(_reasons(error) & _THROTTLED_REASONS)


def _reasons(error: aws.AwsError) -> set[str]:
    """Why a transaction was cancelled, a code for each action; None stands for an action that was not to blame."""
    return {reason.get("Code", "") for reason in error.details.get("CancellationReasons", [])}


_OLD = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}


def _condition(condition: str, asked: Asked, expression: str = "") -> dict[str, Any]:
    """The words for the expressions of a request: #name stands for the attribute name, :name for a value."""
    words: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
    text = f"{condition} {expression}".replace(",", " ").replace("(", " ").replace(")", " ")
    names = {word: word[1:] for word in text.split() if word.startswith("#")}
    if names:
        words["ExpressionAttributeNames"] = names
    if asked:
        words["ExpressionAttributeValues"] = _marshalled({f":{name}": value for name, value in asked.items()})
    return words


def _cancelled(error: aws.AwsError) -> Exception:
    codes = _reasons(error)
    if codes & {"ConditionalCheckFailed"}:
        return Held({})
    if codes <= {"None", "TransactionConflict"}:
        return Conflict("the items are being written")
    return StoreError(f"transact_write_items: {error}")


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": _short(pk)}, "sk": {"S": _short(sk)}}


def _short(text: str) -> str:
    """A key within DynamoDB's limits: what is longer is replaced by its hash."""
    data = text.encode("utf-8", "replace")
    if len(data) <= _LONGEST_KEY_BYTES:
        return data.decode()
    return f"sha256/{hashlib.sha256(data).hexdigest()}"


def _marshalled(values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: _typed(value) for name, value in values.items()}


def _typed(value: Value) -> dict[str, Any]:
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, list):
        return {"L": [{"S": each} for each in value]}
    return {"S": value}


def _unmarshalled(item: Mapping[str, Any]) -> Item:
    return {name: _untyped(value) for name, value in item.items()}


def _untyped(value: Mapping[str, Any]) -> Any:
    kind, known = next(iter(value.items()))
    if kind == "N":
        return int(float(known))
    return [_untyped(each) for each in known] if kind == "L" else known
