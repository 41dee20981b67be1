"""Corrections of moto's DynamoDB writes, over HTTP."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

TABLE = "orders"


@pytest.fixture
def dynamodb(sandbox: Any) -> Any:
    """The sandbox's DynamoDB with an empty table."""
    client = sandbox.client("dynamodb")
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


def key(pk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": "x"}}


def put(pk: str, value: str) -> dict[str, Any]:
    return {"Put": {"TableName": TABLE, "Item": {**key(pk), "value": {"S": value}}}}


def value_of(dynamodb: Any, pk: str) -> str | None:
    item = dynamodb.get_item(TableName=TABLE, Key=key(pk)).get("Item")
    return item["value"]["S"] if item else None


@pytest.mark.usefixtures("dynamodb")
def test_one_of_many_writers_meets_the_condition(sandbox: Any) -> None:
    won: list[int] = []

    def write(number: int) -> None:
        try:
            sandbox.client("dynamodb").put_item(TableName=TABLE, Item=key("one"), ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"
        else:
            won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1


def test_a_cancelled_transaction_leaves_no_trace(dynamodb: Any) -> None:
    dynamodb.transact_write_items(TransactItems=[put("old", "before"), put("gone", "before")])
    refused = {"Delete": {"TableName": TABLE, "Key": key("none"), "ConditionExpression": "attribute_exists(pk)"}}
    removed = {"Delete": {"TableName": TABLE, "Key": key("gone")}}
    changed = {
        "Update": {
            "TableName": TABLE,
            "Key": key("old"),
            "UpdateExpression": "SET #v = :v",
            "ExpressionAttributeNames": {"#v": "value"},
            "ExpressionAttributeValues": {":v": {"S": "after"}},
        }
    }
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as raised:
        dynamodb.transact_write_items(TransactItems=[changed, put("new", "after"), removed, refused])
    assert [reason["Code"] for reason in raised.value.response["CancellationReasons"]] == ["None"] * 3 + ["ConditionalCheckFailed"]
    assert [value_of(dynamodb, pk) for pk in ("old", "gone", "new")] == ["before", "before", None]


def test_transactions_lose_nothing_that_is_written_beside_them(sandbox: Any, dynamodb: Any) -> None:
    def cancel() -> None:
        client = sandbox.client("dynamodb")
        refused = {"Delete": {"TableName": TABLE, "Key": key("none"), "ConditionExpression": "attribute_exists(pk)"}}
        for _ in range(30):
            with pytest.raises(client.exceptions.TransactionCanceledException):
                client.transact_write_items(TransactItems=[put("other", "after"), refused])

    thread = threading.Thread(target=cancel)
    thread.start()
    for number in range(60):
        dynamodb.put_item(TableName=TABLE, Item={**key(f"item-{number}"), "value": {"S": "kept"}})
    thread.join()
    assert [value_of(dynamodb, f"item-{number}") for number in range(60)] == ["kept"] * 60
    assert value_of(dynamodb, "other") is None
