"""DynamoDB: writes with a condition, one at a time, and transactions that undo only what they did.

AWS checks a condition and writes in one step, and cancels a transaction without a trace.
moto lets other threads in between the two, copies whole tables for each transaction, and puts the copies back when one
is cancelled, so that what others wrote meanwhile is lost.
"""

from __future__ import annotations

import copy
import functools
import threading
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

from .methods import replace, wrap

lock = threading.RLock()
"""Held by whoever writes items, or reads many."""

_in_transaction = threading.local()
# Reading a partition is among them: moto walks through it while others write.
_ALONE = ("put_item", "update_item", "delete_item", "query")


def install() -> None:
    """Let one in at a time."""
    for name in _ALONE:
        wrap(DynamoDBBackend, name, _alone)
    wrap(DynamoDBBackend, "transact_write_items", _undoing)
    replace(Table, "__deepcopy__", _copied)


def _alone(write: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(write)
    def alone(*arguments: Any, **named: Any) -> Any:
        with lock:
            return write(*arguments, **named)

    return alone


def _undoing(transact: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(transact)
    def undoing(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        with lock:
            before = [_item(backend, action) for action in transact_items]
            _in_transaction.here = True
            try:
                transact(backend, transact_items)
            except Exception:
                for restore in before:
                    restore()
                raise
            finally:
                _in_transaction.here = False

    return undoing


def _item(backend: DynamoDBBackend, action: dict[str, Any]) -> Callable[[], None]:
    """What puts the item of an action back as it is now; nothing for an action that moto refuses anyway."""
    words = next(iter(action.values()))
    table = backend.tables.get(words.get("TableName", ""))
    key = words.get("Key") or words.get("Item") or {}
    if table is None or not {table.hash_key_attr, table.range_key_attr} - {None} <= set(key):
        return lambda: None
    hash_key, range_key = backend.get_keys_value(table, key)
    item = copy.deepcopy(table.get_item(hash_key, range_key))

    def restore() -> None:
        if item is None:
            table.delete_item(hash_key, range_key)
        elif range_key:
            table.items[hash_key][range_key] = item
        else:
            table.items[hash_key] = item  # type: ignore[assignment]

    return restore


def _copied(table: Table, memo: dict[int, Any]) -> Any:
    """The table itself inside a transaction, whose undoing is above; otherwise a copy, as ever."""
    if getattr(_in_transaction, "here", False):
        return table
    fresh: Any = object.__new__(type(table))
    memo[id(table)] = fresh
    fresh.__dict__.update({name: copy.deepcopy(value, memo) for name, value in table.__dict__.items()})
    return fresh
