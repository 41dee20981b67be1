"""What a target refuses for good while others wait behind it, in the sandbox's table and over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from backup_notifier import outbox
from backup_notifier.courier import Courier, Order
from backup_notifier.delivery import Delivery
from backup_notifier.ledger import Entry, Ledger
from backup_notifier.notification import Notification
from backup_notifier.outlet import Outlet
from backup_notifier.settings import Target
from backup_notifier.store import Table

SIEM = Target("siem", "https_webhook", "ssm:/proven-backup/tests/notifier/siem")
SLACK = Target("slack", "slack_webhook", "ssm:/proven-backup/tests/notifier/slack")


def job(number: int, text: str = "An AWS Backup job failed.") -> Notification:
    return Notification(text=text, event_type="BACKUP_JOB", state="FAILED", job_type="backup", job_id=f"job-{number:04}")


class Jam:
    """An outbox of one target, and the invocations that come to it."""

    def __init__(self, target: Target, table: str) -> None:
        self.target = target
        self.table = table
        self.ledger = Ledger(Table(table), target.name, "earlier")

    def park(self, notifications: list[Notification]) -> None:
        for position, notification in enumerate(notifications, 1):
            assert self.ledger.claim(notification.key, 60) == "claimed"
            assert self.ledger.park(Entry(notification.key, notification, parked_at=position))

    def deliver(self, notification: Notification, seconds: float = 30.0) -> Delivery:
        courier = Courier(Outlet(self.target, console_links=False), Table(self.table), "now")
        return courier.deliver(Order(notification, lambda: notification, "always", ""), time.monotonic() + seconds)

    def statuses(self, count: int) -> list[str]:
        return [self.ledger.status(job(number).key) for number in range(count)]


@pytest.fixture(params=[SIEM, SLACK], ids=lambda target: target.name)
def jam(request: pytest.FixtureRequest, receiver: Any, put_secret: Callable[..., None], table: str, monkeypatch: pytest.MonkeyPatch) -> Jam:
    """A jam at the receiver, which takes messages one after the other."""
    monkeypatch.setattr(outbox, "SECONDS_BETWEEN", 0.01)
    put_secret(receiver.webhook)
    put_secret(json.dumps({"url": receiver.url + "/siem", "hmac_key": "SandboxSigningKey01"}), "siem")
    return Jam(request.param, table)


def told(receiver: Any, number: int) -> int:
    """How many requests, but the refused ones, named a job."""
    return sum(job(number).job_id.encode() in body for _, body in receiver.requests if not receiver.refuses(body))


@pytest.mark.parametrize("status", [400, 403, 405, 413, 422])
@pytest.mark.parametrize("poison", [0, 5])
def test_what_is_refused_alone_costs_the_others_nothing(jam: Jam, receiver: Any, answer: Any, status: int, poison: int) -> None:
    receiver.refuses = lambda body: job(poison).job_id.encode() in body
    receiver.refusal = answer(status, b"refused")
    jam.park([job(number) for number in range(8)])
    assert jam.deliver(job(7)).outcome == "accepted"
    others = [number for number in range(8) if number != poison]
    assert [told(receiver, number) for number in others] == [1] * 7
    assert jam.statuses(8) == ["rejected" if number == poison else "delivered" for number in range(8)]
    assert jam.ledger.parked() == []


def test_the_event_of_what_was_refused_fails_and_may_come_again(jam: Jam, receiver: Any) -> None:
    receiver.refuses = lambda body: job(0).job_id.encode() in body
    jam.park([job(0), job(1)])
    refused = jam.deliver(job(0))
    assert (refused.outcome, refused.error) == ("rejected", "refused")
    assert jam.deliver(job(0)).outcome == "rejected"
    assert told(receiver, 1) == 1
    receiver.refuses = lambda _body: False
    receiver.requests.clear()
    assert [jam.deliver(job(number)).outcome for number in (0, 1, 0)] == ["accepted", "repeated", "repeated"]
    assert [told(receiver, number) for number in (0, 1)] == [1, 0]


def test_who_waits_for_what_another_invocation_saw_refused_fails(jam: Jam, receiver: Any) -> None:
    jam.park([job(0)])
    jam.ledger.deliver_parked([Entry(job(0).key, job(0))], "rejected")
    seen = outbox.Outbox(Outlet(jam.target, console_links=False), jam.ledger, lambda *_: Delivery("accepted"), lambda *_: None)
    delivery = seen.settle(Entry(job(0).key, job(0)), time.monotonic() + 5.0)
    assert (delivery.outcome, delivery.error) == ("rejected", "refused when another invocation posted it; the record of that tells why")
    assert receiver.requests == []


@pytest.mark.parametrize("jam", [SIEM], indirect=True)
def test_a_summary_that_is_too_large_is_told_in_smaller_ones(jam: Jam, receiver: Any, answer: Any) -> None:
    receiver.refuses = lambda body: len(body) > 20_000
    receiver.refusal = answer(413, b"too large")
    jam.park([job(number, "x" * 4000) for number in range(12)])
    assert jam.deliver(job(11, "x" * 4000)).outcome == "accepted"
    assert jam.statuses(12) == ["delivered"] * 12
    assert [told(receiver, number) for number in range(12)] == [1] * 12


@pytest.mark.parametrize("jam", [SIEM], indirect=True)
def test_no_summary_of_documents_is_larger_than_what_receivers_take(jam: Jam, receiver: Any) -> None:
    jam.park([job(number, "x" * 7500) for number in range(40)])
    assert jam.deliver(job(39)).outcome == "accepted"
    assert [told(receiver, number) for number in range(40)] == [1] * 40
    assert max(len(body) for _, body in receiver.requests) <= 200_000


def test_who_is_not_reached_learns_what_the_target_said(jam: Jam, receiver: Any, answer: Any) -> None:
    receiver.answers = [answer(503, b"down")]
    jam.park([job(number) for number in range(42)])
    delivery = jam.deliver(job(41), seconds=4.0)
    assert (delivery.outcome, delivery.http_status, delivery.error) == ("retry", 503, "down")
