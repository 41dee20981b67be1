"""Two hundred events while Slack fails in every way it knows: all arrive, once each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.deployed_notifier import BOT_TOKEN, Notifier, job_id, wait_for

JOBS = range(1, 201)
# Enough threads to have all of sixteen environments meet a fault.
THREADS = range(1, 41)
WEBHOOK_FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429, "retry_after": 1, "times": 20},
    "500": {"status": 500, "times": 24},
    "hang": {"hang_seconds": 5.5, "status": 500, "times": 8},
    "close": {"close": True, "times": 24},
    "wrong body": {"status": 200, "body": "<html>a proxy</html>", "times": 24},
}
BOT_FAULTS: dict[str, dict[str, Any]] = {
    "429": {"status": 429, "retry_after": 1, "times": 20},
    "ratelimited": {"status": 200, "body": '{"ok": false, "error": "ratelimited"}', "times": 20},
    "internal_error": {"status": 200, "body": '{"ok": false, "error": "internal_error"}', "times": 24},
    "500": {"status": 500, "times": 24},
    "hang": {"hang_seconds": 5.5, "status": 500, "times": 8},
    "close": {"close": True, "times": 24},
    "wrong body": {"status": 200, "body": "<html>a proxy</html>", "times": 24},
}
THREAD_FAULTS: dict[str, dict[str, Any]] = {
    "update 429": {"endpoint": "chat.update", "status": 429, "retry_after": 1, "times": 8},
    "update 500": {"endpoint": "chat.update", "status": 500, "times": 24},
    "update hang": {"endpoint": "chat.update", "hang_seconds": 5.5, "status": 500, "times": 4},
    "update close": {"endpoint": "chat.update", "close": True, "times": 24},
    "reply 429": {"endpoint": "chat.postMessage", "status": 429, "retry_after": 1, "times": 20},
    "reply 500": {"endpoint": "chat.postMessage", "status": 500, "times": 24},
}


@pytest.fixture
def notifier(sandbox: Any) -> Notifier:
    """A notifier that is not deployed yet, on a sandbox that runs sixteen environments side by side."""
    sandbox.settings(lambda_concurrency=16)
    return Notifier(sandbox)


@pytest.mark.parametrize("fault", WEBHOOK_FAULTS)
def test_webhook(notifier: Notifier, fault: str) -> None:
    notifier.deploy()
    notifier.put_secret()
    notifier.fail(endpoint="webhook", **WEBHOOK_FAULTS[fault])
    notifier.publish(JOBS)
    notifier.wait_for_jobs(JOBS)
    assert notifier.dead_letters() == []


@pytest.mark.parametrize("fault", ["429", "500", "close"])
def test_webhook_without_the_table(notifier: Notifier, fault: str) -> None:
    notifier.deploy(store=False)
    notifier.put_secret()
    notifier.fail(endpoint="webhook", **WEBHOOK_FAULTS[fault])
    notifier.publish(JOBS)
    notifier.wait_for_jobs(JOBS)
    assert notifier.dead_letters() == []


@pytest.mark.parametrize("fault", BOT_FAULTS)
def test_bot(notifier: Notifier, fault: str) -> None:
    notifier.deploy(notifier.bot)
    notifier.put_secret("oncall", BOT_TOKEN)
    notifier.fail(endpoint="chat.postMessage", **BOT_FAULTS[fault])
    notifier.publish(JOBS)
    notifier.wait_for_jobs(JOBS)
    assert notifier.dead_letters() == []


@pytest.mark.parametrize("fault", THREAD_FAULTS)
def test_the_second_state_of_a_thread(notifier: Notifier, fault: str) -> None:
    notifier.deploy(notifier.bot)
    notifier.put_secret("oncall", BOT_TOKEN)
    notifier.publish(THREADS, "RUNNING")
    notifier.wait_for_jobs(THREADS)
    notifier.fail(**THREAD_FAULTS[fault])
    notifier.publish(THREADS, "COMPLETED")
    wait_for(lambda: set(notifier.heads().values()) == {"Backup completed"})
    wait_for(notifier.is_idle)
    assert dict(notifier.news()) == {job_id(number): 1 for number in THREADS}
    assert len(notifier.heads()) == len(THREADS)
    assert notifier.dead_letters() == []
