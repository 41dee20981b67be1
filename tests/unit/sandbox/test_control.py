"""The sandbox's control endpoint, its settings and its clock."""

from __future__ import annotations

import json
import threading

import pytest
from sandbox.clock import Scheduler

from tests.conftest import ACCOUNT, Sandbox


def test_health_says_who_answers(sandbox: Sandbox) -> None:
    health = sandbox.control("GET", "/health")
    assert health["name"] == "proven.aws_backup sandbox"
    assert health["account_id"] == ACCOUNT
    assert health["endpoint_url"] == sandbox.endpoint_url


def test_settings_change_while_it_runs(sandbox: Sandbox) -> None:
    assert sandbox.control("POST", "/settings", {"time_scale": "30"})["time_scale"] == 30.0
    assert sandbox.control("GET", "/health")["settings"]["time_scale"] == 30.0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"speed": 3}, "unknown settings: speed; known: "),
        ({"time_scale": 0}, "time_scale must be above 0, not 0.0"),
        ({"time_scale": "nan"}, "time_scale must be above 0, not nan"),
        ({"time_scale": "fast"}, "time_scale must be a number, not 'fast'"),
        ({"job_seconds": None}, "job_seconds must be a number, not None"),
        ([1], "the body must be a JSON object"),
    ],
)
def test_bad_settings_are_refused_and_change_nothing(sandbox: Sandbox, body: object, message: str) -> None:
    before = sandbox.control("GET", "/health")["settings"]
    status, text = sandbox.request("POST", "/_sandbox/settings", body)
    assert status == 400
    assert message in json.loads(text)["error"]
    assert sandbox.control("GET", "/health")["settings"] == before


def test_an_unknown_route_lists_the_known(sandbox: Sandbox) -> None:
    status, text = sandbox.request("GET", "/_sandbox/nothing")
    assert status == 404
    assert "/_sandbox/health" in json.loads(text)["error"]


def test_reset_empties_every_service(sandbox: Sandbox) -> None:
    sandbox.client("sqs").create_queue(QueueName="one")
    bucket = {"Bucket": "one", "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}}
    sandbox.client("s3").create_bucket(**bucket)
    sandbox.control("POST", "/reset")
    assert "QueueUrls" not in sandbox.client("sqs").list_queues()
    sandbox.client("s3").create_bucket(**bucket)


def test_the_scheduler_runs_in_order_of_time_and_survives_failures() -> None:
    scheduler, order, done = Scheduler(), [], threading.Event()

    def fail() -> None:
        raise RuntimeError("a callback that fails")

    scheduler.call_later(6, done.set)
    scheduler.call_later(4, lambda: order.append("second"))
    scheduler.call_later(2, lambda: order.append("first"))
    scheduler.call_later(1, fail)
    assert done.wait(20)
    assert order == ["first", "second"]


def test_a_cleared_scheduler_forgets() -> None:
    scheduler, ran, done = Scheduler(), threading.Event(), threading.Event()
    scheduler.call_later(3, ran.set)
    scheduler.clear()
    scheduler.call_later(6, done.set)
    assert done.wait(20)
    assert not ran.is_set()
