"""DynamoDB tables: items, keys and indexes come back; streams, time to live, deletion protection and alike do not, as on AWS."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from ...fixes import dynamodb_atomic_writes
from ..backend import BackupBackend
from ..permissions import IN_FULL, Need
from ..records import Resource
from .content import MARK, Content, with_altered_tags
from .order import RestoreOrder
from .restorer import Metadata, RestoreFailed, Restorer, as_tag_list, with_request_id

# Abstract by its type only: moto itself makes such tables.
NEW_TABLE: Any = Table
COPIED = ("schema", "attr", "throughput", "billing_mode", "sse_specification", "indexes", "global_indexes")


class Tables(Restorer):
    """Tables."""

    keys = frozenset({"targetTableName", "encryptionType", "kmsMasterKeyArn", "originalTableName"})
    required = ("targetTableName",)

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """A table's set-up and items."""
        table = dynamodb_backends[backend.account_id][backend.region_name].tables[resource.identifier]
        with dynamodb_atomic_writes.lock:
            attributes = {name: copy.deepcopy(getattr(table, name)) for name in COPIED}
            items = copy.deepcopy(dict(table.items))
        return Content({**attributes, "name": table.name}, items, resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """The original's name."""
        return with_request_id({"originalTableName": content.attributes["name"]})

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Reading the backup, which is the table's own or AWS Backup's."""
        if ":recovery-point:" in order.point.arn:
            yield Need("dynamodb:RestoreTableFromAwsBackup", IN_FULL), order.point.resource.arn
        else:
            yield Need("dynamodb:RestoreTableFromBackup", IN_FULL), order.point.arn
        yield Need("dynamodb:PutItem", IN_FULL), order.point.resource.arn

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Make a table of another name."""
        metadata = self.read(order.metadata)
        dynamodb = dynamodb_backends[backend.account_id][backend.region_name]
        name = metadata["targetTableName"]
        if name in dynamodb.tables:
            raise RestoreFailed(f"Table already exists: {name}")
        attributes = copy.deepcopy(dict(content.attributes))
        table = NEW_TABLE(
            name,
            account_id=backend.account_id,
            region=backend.region_name,
            schema=attributes["schema"],
            attr=attributes["attr"],
            throughput=attributes["throughput"],
            billing_mode=attributes["billing_mode"],
            sse_specification=_encryption(metadata),
            tags=as_tag_list(tags),
        )
        table.indexes, table.global_indexes = attributes["indexes"], attributes["global_indexes"]
        table.items.update(copy.deepcopy(dict(content.data)))
        dynamodb.tables[name] = table
        return str(table.table_arn)

    def read(self, metadata: Metadata) -> Metadata:
        """Case does not matter in these keys."""
        spelt = {key.lower(): key for key in self.keys}
        return {spelt.get(key.lower(), key): value for key, value in metadata.items()}

    def altered(self, content: Content) -> Content:
        """Every item has other values outside its key."""
        keys = {element["AttributeName"] for element in content.attributes["schema"]}
        items = copy.deepcopy(dict(content.data))
        for item in _items(items):
            for name, value in item.attrs.items():
                if name not in keys:
                    _alter(value)
        return Content(content.attributes, items, with_altered_tags(content).tags)


def _encryption(metadata: Metadata) -> dict[str, Any] | None:
    if metadata.get("encryptionType", "Default").upper() != "KMS":
        return None
    key = metadata.get("kmsMasterKeyArn")
    return {"Enabled": True, "SSEType": "KMS", **({"KMSMasterKeyId": key} if key else {})}


def _items(partitions: Mapping[Any, Any]) -> Iterator[Item]:
    """The items of a table with sort keys, which has partitions of them, or of one without."""
    for partition in partitions.values():
        if isinstance(partition, Item):
            yield partition
        else:
            yield from partition.values()


def _alter(value: DynamoType) -> None:
    if value.type == "S":
        value.value += MARK
    elif value.type == "N":
        value.value = f"{value.value}1"
