"""Claims, the outbox and the lease, in the sandbox's DynamoDB."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from backup_notifier import ledger as ledger_module
from backup_notifier import store
from backup_notifier.ledger import Entry, Ledger, dumped, loaded
from backup_notifier.notification import Notification
from backup_notifier.store import Held, StoreError, Table

NOTIFICATION = Notification(
    text="An AWS Backup job failed.",
    event_type="BACKUP_JOB",
    state="FAILED",
    job_type="backup",
    job_id="1b2345b2",
    size_bytes=5,
    tags=(("Team", "db"),),
    details=(("Other", "value"),),
)
KEY = NOTIFICATION.key


@pytest.fixture
def ledgers(table: str) -> tuple[Ledger, Ledger]:
    """Two invocations that deliver to the same target."""
    return Ledger(Table(table), "slack", "first"), Ledger(Table(table), "slack", "second")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets some seconds pass for all invocations."""
    return lambda seconds: monkeypatch.setattr(ledger_module, "now_ms", lambda: store.now_ms() + int(seconds * 1000))


def entry(number: int) -> Entry:
    notification = replace(NOTIFICATION, job_id=f"job-{number:03}")
    return Entry(notification.key, notification, "<!here>", parked_at=1000 - number)


def test_one_claims_and_the_other_learns_what_came_of_it(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    assert (first.claim(KEY, 30), second.claim(KEY, 30)) == ("claimed", "missing")
    first.deliver(KEY)
    assert (second.claim(KEY, 30), second.status(KEY)) == ("delivered", "delivered")


def test_a_claim_is_ours_even_if_its_answer_was_lost_and_the_sdk_asked_again(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    assert [first.claim(KEY, 30), first.claim(KEY, 30), second.claim(KEY, 30)] == ["claimed", "claimed", "missing"]


def test_a_released_claim_is_free(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    first.claim(KEY, 30)
    second.release(KEY)
    assert second.claim(KEY, 30) == "missing"
    first.release(KEY)
    assert second.claim(KEY, 30) == "claimed"


def test_the_claim_of_a_crashed_invocation_expires(ledgers: tuple[Ledger, Ledger], later: Callable[[float], None]) -> None:
    first, second = ledgers
    first.claim(KEY, 60)
    assert second.claim(KEY, 60) == "missing"
    later(61)
    assert second.claim(KEY, 60) == "claimed"
    # The first was only slow: its claim is gone, and so is its right to give it up.
    first.release(KEY)
    assert first.claim(KEY, 60) == "missing"


def test_targets_know_nothing_of_each_other(table: str) -> None:
    slack, teams = (Ledger(Table(table), name, "first") for name in ("slack", "teams"))
    slack.deliver(KEY)
    assert teams.claim(KEY, 30) == "claimed"


def test_what_is_past_its_time_is_forgotten_even_before_dynamodb_removes_it(
    ledgers: tuple[Ledger, Ledger], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = ledgers
    monkeypatch.setattr("backup_notifier.ledger.SECONDS_TEXT_REMEMBERED", -5)
    first.deliver("text/1")
    first.deliver(KEY)
    assert (second.claim("text/1", 30), second.claim(KEY, 30)) == ("claimed", "delivered")


def test_every_item_expires(table: str, account: Any, ledgers: tuple[Ledger, Ledger]) -> None:
    first, _ = ledgers
    first.claim(KEY, 30)
    first.park(Entry(KEY, NOTIFICATION))
    first.lease(10)
    items = account.client("dynamodb").scan(TableName=table)["Items"]
    assert {item["pk"]["S"].split("/")[0] for item in items} == {"backup", "outbox", "lease"}
    assert all(int(item["expires_at"]["N"]) > time.time() + 80_000 for item in items)


def test_parked_and_told_in_the_order_of_arrival(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    entries = [entry(number) for number in range(120)]
    for each in entries:
        first.claim(each.key, 30)
        assert first.park(each)
    assert second.claim(entries[0].key, 30) == "parked"
    assert second.parked() == list(reversed(entries))
    second.deliver_parked(entries)
    assert first.parked() == []
    assert {first.status(each.key) for each in entries} == {"delivered"}


def test_an_outbox_of_several_pages_is_read_whole(ledgers: tuple[Ledger, Ledger], table: str) -> None:
    first, _ = ledgers
    text = "x" * 300_000
    for number in range(8):
        Table(table).put("outbox/slack", f"key-{number}", {"key": f"key-{number}", "notification": json.dumps({"text": text})})
    assert {each.key for each in first.parked()} == {f"key-{number}" for number in range(8)}
    assert next(Table(table).query("outbox/slack"))["key"] == "key-0"


def test_what_a_summary_told_is_told_and_what_waited_for_a_thread_comes_back(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    parent = replace(entry(1), kept=(replace(entry(2), parked_at=0), replace(entry(3), parked_at=0)))
    first.claim(parent.key, 30)
    first.park(parent)
    assert second.parked() == [parent]
    second.deliver_parked([parent], "told")
    assert (first.claim(parent.key, 30), first.parked(), first.park(parent)) == ("told", [], False)


def test_parking_again_is_harmless_and_parking_what_is_delivered_is_refused(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    first.claim(KEY, 30)
    assert not second.park(Entry(KEY, NOTIFICATION))
    assert first.park(Entry(KEY, NOTIFICATION))
    assert second.park(Entry(KEY, NOTIFICATION))
    assert len(first.parked()) == 1
    first.deliver_parked([Entry(KEY, NOTIFICATION)])
    assert not second.park(Entry(KEY, NOTIFICATION))
    assert first.parked() == []


def test_one_holds_the_lease_and_tells_the_next_how_long_to_wait(ledgers: tuple[Ledger, Ledger], later: Callable[[float], None]) -> None:
    first, second = ledgers
    mine, others = first.lease(60), second.lease(60)
    assert (mine.mine, others.mine, first.lease(60).mine) == (True, False, True)
    assert (others.until, mine.not_before) == (mine.until, 0)
    second.leave(7)
    assert not second.lease(60).mine
    first.leave(12345)
    mine, others = second.lease(60), first.lease(60)
    assert (mine.mine, mine.not_before, others.mine) == (True, 12345, False)
    later(61)
    assert first.lease(60).not_before == 12345


def test_entries_survive_as_text_and_long_ones_are_cut(ledgers: tuple[Ledger, Ledger]) -> None:
    assert loaded(dumped(Entry(KEY, NOTIFICATION, "<!here>"))) == Entry(KEY, NOTIFICATION, "<!here>")
    huge = replace(NOTIFICATION, text="é\U0001f600" * 200_000, details=tuple(("n" * 5000, "v" * 5000) for _ in range(200)))
    first, _ = ledgers
    first.claim(KEY, 30)
    assert first.park(Entry(KEY, huge))
    (parked,) = first.parked()
    assert huge.text.startswith(parked.notification.text)


def test_keys_of_any_length_and_script(ledgers: tuple[Ledger, Ledger]) -> None:
    first, second = ledgers
    keys = ["event/" + "x" * 5000, "event/" + "x" * 5001, "event/é\ud800"]
    assert [first.claim(key, 30) for key in keys] == ["claimed"] * 3
    assert [second.claim(key, 30) for key in keys] == ["missing"] * 3


@pytest.mark.usefixtures("account")
def test_no_table() -> None:
    ledger = Ledger(Table("no-such-table"), "slack", "first")
    with pytest.raises(StoreError, match="put_item: ResourceNotFoundException"):
        ledger.claim(KEY, 30)
    with pytest.raises(StoreError, match="left alone after a failure a moment ago"):
        ledger.claim(KEY, 30)


@pytest.mark.parametrize("code", ["AccessDeniedException", "InternalServerError"])
def test_failing_table(aws: pytest.MonkeyPatch, receiver: Any, answer: Any, code: str) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    status = 500 if code == "InternalServerError" else 400
    receiver.answers = [answer(status, f'{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}}'.encode())]
    with pytest.raises(StoreError, match=f"get_item: {code}: no"):
        Ledger(Table("any"), "slack", "first").status(KEY)
    assert len(receiver.requests) == (1 if code == "AccessDeniedException" else 3)


@pytest.mark.parametrize("code", ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"])
def test_a_throttled_table_is_tried_again_and_not_left_alone(aws: pytest.MonkeyPatch, receiver: Any, answer: Any, code: str) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    throttled = answer(400, f'{{"__type": "com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}}'.encode())
    # The SDK tries three times itself.
    receiver.answers = [throttled] * 3 + [answer(200, b"{}")]
    ledger = Ledger(Table("any"), "slack", "first")
    assert ledger.status(KEY) == "missing"
    aws.setattr(store, "SECONDS_WHILE_THROTTLED", 0.0)
    receiver.answers = [throttled]
    with pytest.raises(StoreError, match=f"get_item: {code}: no"):
        ledger.status(KEY)
    receiver.answers = [answer(200, b"{}")]
    assert ledger.status(KEY) == "missing"


def test_a_throttled_transaction_is_tried_again(aws: pytest.MonkeyPatch, receiver: Any, answer: Any) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    throttled = f'{{"__type": "{kind}", "CancellationReasons": [{{"Code": "None"}}, {{"Code": "ThrottlingError"}}]}}'.encode()
    receiver.answers = [answer(400, throttled), answer(200, b"{}")]
    Ledger(Table("any"), "slack", "first").deliver_parked([Entry(KEY, NOTIFICATION)])
    assert len(receiver.requests) == 2


def test_transaction_is_tried_again_when_others_are_at_it(aws: pytest.MonkeyPatch, receiver: Any, answer: Any) -> None:
    aws.setenv("AWS_ENDPOINT_URL", receiver.url)
    kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException"
    conflict = f'{{"__type": "{kind}", "CancellationReasons": [{{"Code": "None"}}, {{"Code": "TransactionConflict"}}]}}'.encode()
    receiver.answers = [answer(400, conflict), answer(400, conflict), answer(200, b"{}")]
    Ledger(Table("any"), "slack", "first").deliver_parked([Entry(KEY, NOTIFICATION)])
    assert len(receiver.requests) == 3
    receiver.answers = [answer(400, conflict)]
    with pytest.raises(StoreError, match="others keep writing"):
        Ledger(Table("any"), "slack", "first").deliver_parked([Entry(KEY, NOTIFICATION)])


def test_values_come_back_as_they_were(table: str) -> None:
    there = Table(table)
    there.put("a", "b", {"text": "é", "number": -5, "list": ["x", ""], "empty": []})
    assert there.get("a", "b") == {"pk": "a", "sk": "b", "text": "é", "number": -5, "list": ["x", ""], "empty": []}
    with pytest.raises(Held) as held:
        there.put("a", "b", {}, "#number = :zero", {"zero": 0})
    assert held.value.item["number"] == -5
    there.delete("a", "b")
    assert there.get("a", "b") == {}
    assert store.expiry(10) - time.time() == pytest.approx(10, abs=2)
