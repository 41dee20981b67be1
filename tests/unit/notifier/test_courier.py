"""Delivering once, with the table: several invocations at the same notification, storms, and a table that fails."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from backup_notifier import outbox, store
from backup_notifier.courier import Courier, Order
from backup_notifier.delivery import Delivery
from backup_notifier.ledger import Entry, Lease, Ledger
from backup_notifier.notification import Notification
from backup_notifier.outlet import Outlet
from backup_notifier.settings import Target
from backup_notifier.store import StoreError, Table

TARGET = Target("slack", "slack_webhook", "ssm:/proven-backup/tests/notifier/slack")
FAILED = Notification(
    text="An AWS Backup job failed.", event_type="BACKUP_JOB", state="FAILED", job_type="backup", job_id="1b2345b2", message_id="m-1"
)
Deliver = Callable[..., Delivery]


def order(notification: Notification, post: str = "always", mention: str = "") -> Order:
    return Order(notification, lambda: notification, post, mention)


def job(number: int) -> Notification:
    return replace(FAILED, job_id=f"job-{number:04}", message_id=f"m-{number}")


class Invocations:
    """Invocations in environments of their own: they share nothing but the table and the target."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.started = 0

    def environment(self) -> Outlet:
        return Outlet(TARGET, console_links=False)

    def deliver(self, notification: Notification, seconds: float = 20.0, outlet: Outlet | None = None, **options: Any) -> Delivery:
        self.started += 1
        courier = Courier(outlet or self.environment(), Table(self.table) if self.table else None, f"owner-{self.started}")
        return courier.deliver(order(notification, **options), time.monotonic() + seconds)

    def at_once(self, notifications: list[Notification], seconds: float = 20.0) -> list[Delivery]:
        found: list[Delivery] = []
        threads = [threading.Thread(target=lambda each=each: found.append(self.deliver(each, seconds))) for each in notifications]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found


@pytest.fixture
def slack(receiver: Any, put_secret: Callable[..., None]) -> Any:
    """The receiver as the target."""
    put_secret(receiver.webhook)
    return receiver


@pytest.fixture
def invocations(table: str) -> Invocations:
    """Invocations with the table."""
    return Invocations(table)


def lines(receiver: Any) -> str:
    return "\n".join(body.decode() for _, body in receiver.requests)


def test_the_other_route_and_every_repeat_are_one_message(invocations: Invocations, slack: Any) -> None:
    assert invocations.deliver(FAILED).outcome == "accepted"
    other_route = replace(FAILED, route="eventbridge", job_id=FAILED.job_id.upper(), message_id="m-2", text="{}")
    assert [invocations.deliver(each).outcome for each in (FAILED, other_route)] == ["repeated"] * 2
    assert invocations.deliver(replace(FAILED, state="ABORTED")).outcome == "accepted"
    assert len(slack.requests) == 2


def test_both_routes_at_the_same_moment_are_one_message(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(500, b"once"), answer()]
    outcomes = [each.outcome for each in invocations.at_once([FAILED] * 4)]
    assert sorted(outcomes) == ["accepted", "repeated", "repeated", "repeated"]
    assert len(slack.requests) == 2


def test_one_takes_over_what_another_failed_to_deliver(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(404, b"no_service"), answer()]
    assert invocations.deliver(FAILED).outcome == "rejected"
    assert invocations.deliver(FAILED).outcome == "accepted"


def test_one_takes_over_what_another_crashed_at(invocations: Invocations, slack: Any, table: str) -> None:
    crashed = Ledger(Table(table), "slack", "crashed")
    assert crashed.claim(FAILED.key, 1.5) == "claimed"
    delivery = invocations.deliver(FAILED)
    assert (delivery.outcome, len(slack.requests)) == ("accepted", 1)


def test_a_claim_of_another_that_lasts_is_left_to_a_later_try(invocations: Invocations, slack: Any, table: str) -> None:
    Ledger(Table(table), "slack", "busy").claim(FAILED.key, 60)
    delivery = invocations.deliver(FAILED, seconds=1.0)
    assert (delivery.outcome, delivery.error) == ("retry", "another invocation is at it")
    assert slack.requests == []


@pytest.mark.parametrize("post", ["never", "thread"])
def test_muted_without_a_trace(invocations: Invocations, slack: Any, post: str) -> None:
    assert invocations.deliver(FAILED, post=post).outcome == "muted"
    assert invocations.deliver(FAILED).outcome == "accepted"
    assert len(slack.requests) == 1


def test_no_table_no_memory_but_the_environments_own(slack: Any) -> None:
    invocations = Invocations("")
    outlet = invocations.environment()
    assert [invocations.deliver(FAILED, outlet=outlet).outcome for _ in range(2)] == ["accepted", "repeated"]
    assert invocations.deliver(FAILED).outcome == "accepted"
    assert len(slack.requests) == 2


@pytest.mark.parametrize("broken", ["put", "update", "transact"])
def test_a_failing_table_costs_no_message(
    broken: str, invocations: Invocations, slack: Any, answer: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("GetItem: ThrottlingException: no")

    monkeypatch.setattr(Table, broken, fail)
    slack.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    first = invocations.deliver(FAILED)
    if broken == "update":
        # It is in the table, which failed afterwards: the next try finds it there.
        assert (first.outcome, first.error) == ("retry", "kept for a summary; the table failed: GetItem: ThrottlingException: no")
        monkeypatch.undo()
        return
    assert first.outcome == "accepted"
    assert len(slack.requests) == 2
    assert "ThrottlingException" in capsys.readouterr().out


def test_a_mark_that_fails_is_logged_and_repeats_once_at_most(
    invocations: Invocations, slack: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("PutItem: Unreachable")

    with monkeypatch.context() as patched:
        patched.setattr(Ledger, "deliver", fail)
        assert invocations.deliver(FAILED, seconds=2.0).outcome == "accepted"
    assert json.loads(capsys.readouterr().out)["record"] == "notification_store_failed"
    assert [invocations.deliver(FAILED).outcome for _ in range(2)] == ["accepted", "repeated"]
    assert len(slack.requests) == 2


def test_over_the_limit_a_single_message_waits_and_comes_whole(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    delivery = invocations.deliver(FAILED)
    assert (delivery.outcome, delivery.attempts, delivery.summary) == ("accepted", 2, False)
    assert delivery.duration_ms >= 1000
    assert slack.requests[0] == slack.requests[1]
    assert invocations.deliver(FAILED).outcome == "repeated"


def test_a_storm_is_told_in_summaries_once_each(
    invocations: Invocations, slack: Any, answer: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    limited = answer(429, b"", {"Retry-After": "1"})
    slack.answers = [limited] * 12 + [answer()]
    deliveries = invocations.at_once([job(number) for number in range(12)])
    assert {each.outcome for each in deliveries} <= {"accepted", "repeated"}
    told = [body.decode() for _, body in slack.requests[12:]]
    assert len(told) < 6
    for number in range(12):
        assert sum(f"job-{number:04}" in text for text in told) == 1
    others = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    accepted = [line["job_id"] for line in others if line["outcome"] == "accepted"]
    assert len(accepted) + sum(each.outcome == "accepted" for each in deliveries) == 12


def test_the_others_mentions_are_in_the_summary(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(429, b"", {"Retry-After": "3600"})]
    for number, mention in enumerate(("<!here>", "", "<!channel>", "<!here>")):
        delivery = invocations.deliver(job(number), mention=mention)
        assert (delivery.outcome, delivery.cause) == ("retry", "limit")
    Table(invocations.table).delete("lease/slack", "lease")
    slack.answers = [answer()]
    slack.requests.clear()
    assert invocations.deliver(job(0), mention="<!here>").summary
    (_, body) = slack.requests[0]
    assert "<!here> <!channel>" in json.loads(body)["text"]


def test_a_limit_beyond_the_time_left_is_left_to_a_later_try_by_all(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(429, b"", {"Retry-After": "3600"})]
    deliveries = [invocations.deliver(job(number)) for number in range(3)]
    assert {each.outcome for each in deliveries} == {"retry"}
    # Each asked once, or knew from the lease.
    assert len(slack.requests) <= 3


def test_what_was_kept_is_told_by_whoever_comes_next(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(429, b"", {"Retry-After": "3600"})]
    assert invocations.deliver(job(1)).outcome == "retry"
    Table(invocations.table).delete("lease/slack", "lease")
    slack.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    assert invocations.deliver(job(2)).outcome == "accepted"
    assert "job-0001" in slack.requests[-1][1].decode()
    assert invocations.deliver(job(1)).outcome == "repeated"


def test_the_holder_of_the_lease_crashed(invocations: Invocations, slack: Any, answer: Any, table: str) -> None:
    crashed = Ledger(Table(table), "slack", "crashed")
    assert crashed.lease(1.5).mine
    slack.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    assert invocations.deliver(FAILED).outcome == "accepted"


def test_who_waits_tries_the_lease_only_when_it_may_be_over(
    invocations: Invocations, slack: Any, answer: Any, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(Table(table), "slack", "crashed").lease(4.0)
    tries: list[bool] = []
    original = Ledger.lease

    def lease(ledger: Ledger, seconds: float) -> Lease:
        found = original(ledger, seconds)
        tries.append(found.mine)
        return found

    monkeypatch.setattr(Ledger, "lease", lease)
    slack.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    assert invocations.deliver(FAILED).outcome == "accepted"
    assert tries[:2] == [False, True]


def test_who_comes_while_the_holder_leaves_is_told_by_it(
    invocations: Invocations, slack: Any, answer: Any, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Ledger.leave
    late = Ledger(Table(table), "slack", "late")

    def leave(ledger: Ledger, not_before: int) -> None:
        if late.claim(job(2).key, 60) == "claimed":
            late.park(Entry(job(2).key, job(2)))
        original(ledger, not_before)

    monkeypatch.setattr(Ledger, "leave", leave)
    slack.answers = [answer(429, b"", {"Retry-After": "1"}), answer()]
    assert invocations.deliver(job(1)).outcome == "accepted"
    assert late.status(job(2).key) == "delivered"
    assert [sum(f"job-{number:04}" in body.decode() for _, body in slack.requests[1:]) for number in (1, 2)] == [1, 1]


def test_a_summary_that_is_refused_comes_as_single_messages(invocations: Invocations, slack: Any, answer: Any) -> None:
    slack.answers = [answer(429, b"", {"Retry-After": "3600"})]
    for number in range(2):
        invocations.deliver(job(number))
    Table(invocations.table).delete("lease/slack", "lease")
    slack.requests.clear()
    slack.answers = [answer(400, b"invalid_attachments"), answer()]
    assert invocations.deliver(job(0)).outcome == "accepted"
    assert len(slack.requests) == 3
    assert [invocations.deliver(job(number)).outcome for number in range(2)] == ["repeated"] * 2


def test_an_environment_that_knows_the_storm_asks_no_more(invocations: Invocations, slack: Any, answer: Any) -> None:
    outlet = invocations.environment()
    slack.answers = [answer(429, b"", {"Retry-After": "3600"})]
    assert invocations.deliver(job(1), outlet=outlet).outcome == "retry"
    assert invocations.deliver(job(2), outlet=outlet).outcome == "retry"
    assert len(slack.requests) == 1


def test_longer_than_a_claim_lasts_a_lease_does() -> None:
    assert outbox.LEASE_SECONDS < 30
    assert store.SECONDS_REMEMBERED > 14 * 86400
