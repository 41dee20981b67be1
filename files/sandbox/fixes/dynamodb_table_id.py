"""DynamoDB: the ID of a table.

AWS gives every table a UUID and returns it as TableId.
moto leaves it out.
"""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models.table import Table

from .methods import wrap


def install() -> None:
    """Make every description of a table name its ID."""
    wrap(Table, "describe", _with_table_id)


def _with_table_id(describe: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    @functools.wraps(describe)
    def described(table: Table, base_key: str = "TableDescription") -> dict[str, Any]:
        description = describe(table, base_key)
        # Tables are unique by ARN and creation, so that the ID outlives a copy of the object and not a new table.
        name = f"{table.table_arn}@{table.created_at.isoformat()}"
        description[base_key]["TableId"] = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
        return description

    return described
