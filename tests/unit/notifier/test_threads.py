"""One thread a job, in the sandbox's Slack with a bot token."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from backup_notifier.courier import Courier, Order
from backup_notifier.delivery import Delivery
from backup_notifier.notification import Notification
from backup_notifier.outlet import Outlet
from backup_notifier.settings import Target
from backup_notifier.store import StoreError, Table, now_ms
from backup_notifier.thread_items import ThreadItems

TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
JOB = Notification(text="x", event_type="BACKUP_JOB", state="RUNNING", job_type="backup", job_id="1b2345b2", message_id="m-1")
COMPLETED, FAILED = replace(JOB, state="COMPLETED", message_id="m-2"), replace(JOB, state="FAILED", message_id="m-3")

# More than get messages of their own when Slack is over its limit.
JOBS = [f"job-{number}" for number in range(5)]
ENDS = [replace(COMPLETED, job_id=job, message_id=f"end-{job}") for job in JOBS]


class Bot:
    """A bot with threads; every delivery is an invocation in an environment of its own."""

    def __init__(self, account: Any, table: str) -> None:
        self.account = account
        self.table = table
        self.invocations = 0

    def deliver(self, notification: Notification, post: str = "always", mention: str = "", seconds: float = 20.0) -> Delivery:
        self.invocations += 1
        api = f"{self.account.endpoint_url}/slack/api"
        target = Target("oncall", "slack_bot", "ssm:/proven-backup/tests/notifier/oncall", "C0SANDBOX01", True, api)
        courier = Courier(Outlet(target, console_links=False), Table(self.table), f"owner-{self.invocations}")
        return courier.deliver(Order(notification, lambda: notification, post, mention), time.monotonic() + seconds)

    def messages(self) -> list[dict[str, Any]]:
        status, text = self.account.request("GET", "/slack/api/messages")
        assert status == 200
        found: list[dict[str, Any]] = json.loads(text)["messages"]
        return found

    def told(self) -> list[str]:
        """The headlines, replies indented."""
        headline = [message["payload"]["text"].split("*")[1] for message in self.messages()]
        return [f"{'  ' if message['thread_ts'] else ''}{text}" for message, text in zip(self.messages(), headline, strict=True)]

    def fail(self, endpoint: str, **fault: Any) -> None:
        self.account.control("PUT", "/slack/faults", {"endpoint": endpoint, **fault})

    def storm(self, notifications: list[Notification]) -> None:
        """Have notifications kept for a summary, and Slack take messages again."""
        self.fail("chat.postMessage", status=429, retry_after=3600, times=len(notifications))
        assert {self.deliver(each).outcome for each in notifications} == {"retry"}
        Table(self.table).delete("lease/oncall", "lease")


@pytest.fixture
def bot(account: Any, table: str, put_secret: Callable[..., None]) -> Bot:
    """The bot."""
    put_secret(TOKEN, "oncall")
    return Bot(account, table)


def test_first_opens_later_ones_reply_and_the_first_is_brought_up_to_date(bot: Bot) -> None:
    first, second = bot.deliver(JOB), bot.deliver(COMPLETED)
    assert (first.outcome, first.channel, first.thread_ts) == ("accepted", "C0SANDBOX01", None)
    assert (second.outcome, second.thread_ts) == ("accepted", first.ts)
    assert bot.told() == ["Backup completed", "  Backup completed"]
    opener, reply = bot.messages()
    assert (opener["ts"], opener["edited"] is not None, reply["thread_ts"], reply["broadcast"]) == (first.ts, True, first.ts, False)
    assert [bot.deliver(each).outcome for each in (JOB, COMPLETED)] == ["repeated"] * 2


def test_a_failure_is_shown_in_the_channel_too_and_only_its_reply_mentions(bot: Bot) -> None:
    bot.deliver(JOB)
    bot.deliver(FAILED, mention="<!here>")
    opener, reply = bot.messages()
    assert reply["broadcast"] is True
    assert ["<!here>" in each["payload"]["text"] for each in (opener, reply)] == [False, True]


def test_an_older_state_that_comes_late_leaves_the_first_message_alone(bot: Bot) -> None:
    bot.deliver(COMPLETED)
    bot.deliver(JOB)
    assert bot.told() == ["Backup completed", "  Backup started"]
    assert bot.messages()[0]["edited"] is None


def test_jobs_and_notices_about_no_job_have_no_thread_in_common(bot: Bot) -> None:
    bot.deliver(JOB)
    bot.deliver(replace(JOB, job_id="another"))
    bot.deliver(replace(JOB, job_type="", job_id="", event_type="BACKUP_VAULT", state="CREATED"))
    assert [message["thread_ts"] for message in bot.messages()] == [None] * 3


def test_only_in_the_thread_waits_for_the_thread(bot: Bot) -> None:
    created = replace(JOB, state="CREATED", message_id="m-0")
    assert [bot.deliver(each, post="thread").outcome for each in (created, JOB, JOB)] == ["muted", "muted", "repeated"]
    assert bot.messages() == []
    assert bot.deliver(FAILED).outcome == "accepted"
    assert bot.told() == ["Backup failed", "  Backup was created", "  Backup started"]
    aborting = replace(JOB, state="ABORTING", message_id="m-4")
    assert bot.deliver(aborting, post="thread").outcome == "accepted"
    assert bot.told()[-1] == "  Backup is being stopped"


def test_all_states_at_once_are_one_thread(bot: Bot) -> None:
    states = ("CREATED", "PENDING", "RUNNING", "COMPLETED")
    notifications = [replace(JOB, state=state, message_id=state) for state in states for _ in range(2)]
    outcomes: list[str] = []
    threads = [threading.Thread(target=lambda each=each: outcomes.append(bot.deliver(each).outcome)) for each in notifications]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["accepted"] * 4 + ["repeated"] * 4
    messages = bot.messages()
    opener = messages[0]
    assert opener["thread_ts"] is None
    assert {message["thread_ts"] for message in messages[1:]} == {opener["ts"]}
    assert len(messages) == 4
    assert "Backup completed" in opener["payload"]["text"]


@pytest.mark.parametrize("error", ["cant_update_message", "edit_window_closed"])
def test_a_first_message_that_cannot_be_changed_costs_no_reply(bot: Bot, error: str) -> None:
    bot.deliver(JOB)
    bot.fail("chat.update", status=200, body=json.dumps({"ok": False, "error": error}))
    assert bot.deliver(COMPLETED).outcome == "accepted"
    assert bot.told() == ["Backup started", "  Backup completed"]


def test_a_deleted_thread_begins_anew(bot: Bot) -> None:
    bot.deliver(JOB)
    bot.fail("chat.update", status=200, body='{"ok": false, "error": "message_not_found"}')
    second = bot.deliver(replace(JOB, state="ABORTING", message_id="m-5"))
    third = bot.deliver(replace(JOB, state="ABORTED", message_id="m-6"))
    assert (second.thread_ts, third.thread_ts) == (None, second.ts)


def test_an_update_that_fails_in_passing_repeats_no_reply(bot: Bot) -> None:
    bot.deliver(JOB)
    bot.fail("chat.update", status=500, times=2)
    assert bot.deliver(COMPLETED).outcome == "accepted"
    assert bot.told() == ["Backup completed", "  Backup completed"]


def test_what_waits_for_the_thread_and_fails_comes_with_the_next_try(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    bot.deliver(JOB, post="thread")
    # The first message passes, the reply is refused until time is up.
    original = Outlet.post

    def post(outlet: Outlet, payload: dict[str, Any], deadline: float, **options: Any) -> Delivery:
        if "thread_ts" in payload:
            return Delivery("retry", 500, error="internal_error", attempts=1)
        return original(outlet, payload, deadline, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Outlet, "post", post)
        assert bot.deliver(COMPLETED).outcome == "retry"
    assert bot.told() == ["Backup completed"]
    assert bot.deliver(COMPLETED).outcome == "accepted"
    assert bot.told() == ["Backup completed", "  Backup started"]


def test_refused_blocks_go_plain_into_the_same_thread(bot: Bot) -> None:
    bot.deliver(JOB)
    bot.fail("chat.postMessage", status=200, body='{"ok": false, "error": "invalid_blocks"}')
    assert bot.deliver(COMPLETED).outcome == "accepted"
    reply = bot.messages()[1]
    assert reply["thread_ts"] == bot.messages()[0]["ts"]
    assert "attachments" not in reply["payload"]


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 3600}, {"status": 500, "times": 99}])
def test_a_reply_does_not_wait_for_the_first_message_and_is_not_repeated_for_it(bot: Bot, fault: dict[str, Any]) -> None:
    bot.deliver(JOB)
    bot.fail("chat.update", **fault)
    delivery = bot.deliver(COMPLETED, seconds=2.0)
    assert (delivery.outcome, delivery.cause) == ("retry", "")
    assert (delivery.error or "").startswith("told, but the first message is out of date: ")
    assert bot.told() == ["Backup started", "  Backup completed"]
    bot.account.control("DELETE", "/slack/faults")
    assert bot.deliver(COMPLETED).outcome == "accepted"
    assert bot.told() == ["Backup completed", "  Backup completed"]


def test_more_than_can_wait_for_a_thread_opens_it(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    notices = [
        replace(JOB, event_type="S3_BACKUP_OBJECT_FAILED", state="", message_id=f"m-{number}", reason=f"reason {number:02}")
        for number in range(23)
    ]
    outcomes = [bot.deliver(each, post="thread").outcome for each in notices]
    assert outcomes == ["muted"] * 20 + ["accepted"] * 3
    texts = [json.dumps(message["payload"]) for message in bot.messages()]
    assert [next(number for number in range(23) if f"reason {number:02}" in text) for text in texts] == [20, *range(20), 21, 22]
    assert [bool(message["thread_ts"]) for message in bot.messages()] == [False] + [True] * 22
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message_id"] for line in logged if line["outcome"] == "accepted"] == [f"m-{number}" for number in range(20)]


def test_what_cannot_be_kept_comes_again(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("update_item: InternalServerError")

    with monkeypatch.context() as patched:
        patched.setattr(ThreadItems, "save", fail)
        assert bot.deliver(JOB, post="thread").outcome == "retry"
    monkeypatch.setattr("backup_notifier.thread_items.now_ms", lambda: now_ms() + 60_000)
    assert [bot.deliver(each, post=post).outcome for each, post in ((JOB, "thread"), (COMPLETED, "always"))] == ["muted", "accepted"]
    assert bot.told() == ["Backup completed", "  Backup started"]


def test_the_threads_of_a_storm_know_what_the_summary_told(bot: Bot) -> None:
    for job in JOBS:
        bot.deliver(replace(JOB, job_id=job))
    bot.storm(ENDS)
    delivery = bot.deliver(ENDS[0])
    assert (delivery.outcome, delivery.summary) == ("accepted", True)
    # The others are invocations that waited until their time was up, and come again.
    assert [bot.deliver(each).outcome for each in ENDS[1:]] == ["repeated"] * 4
    assert bot.told() == ["Backup completed"] * 5 + ["5 AWS Backup events: 5 succeeded"]


def test_a_storm_does_not_wait_for_first_messages_and_the_next_message_of_a_job_makes_up_for_it(bot: Bot) -> None:
    for job in JOBS:
        bot.deliver(replace(JOB, job_id=job))
    bot.storm(ENDS)
    bot.fail("chat.update", status=429, retry_after=3600)
    assert bot.deliver(ENDS[0]).outcome == "accepted"
    assert bot.told()[0] == "Backup started"
    assert bot.deliver(replace(JOB, job_id=JOBS[0], state="PENDING", message_id="late")).outcome == "accepted"
    assert (bot.told()[0], bot.told()[-1]) == ("Backup completed", "  Backup is waiting to start")


def test_what_waits_for_a_thread_comes_with_its_jobs_line_in_the_summary(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    for job in JOBS:
        bot.deliver(replace(JOB, job_id=job), post="thread")
    bot.storm(ENDS)
    bot.deliver(ENDS[0])
    assert bot.told() == ["10 AWS Backup events: 5 in progress, 5 succeeded"]
    logged = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(line["state"] for line in logged if line["outcome"] == "accepted") == ["COMPLETED"] * 4 + ["RUNNING"] * 5
    # It is out, so that a later thread does not repeat it.
    bot.deliver(replace(JOB, job_id=JOBS[0], state="ABORTING", message_id="late"))
    assert bot.told()[1:] == ["Backup completed"]


def test_over_the_limit_a_few_still_get_their_threads(bot: Bot) -> None:
    bot.fail("chat.postMessage", status=200, body='{"ok": false, "error": "ratelimited"}')
    delivery = bot.deliver(JOB)
    assert (delivery.outcome, delivery.summary) == ("accepted", False)
    assert bot.deliver(COMPLETED).thread_ts == delivery.ts


def test_without_the_table_threads_are_plain_messages(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: Any) -> None:
        raise StoreError("UpdateItem: AccessDeniedException: no")

    monkeypatch.setattr(Table, "update", fail)
    monkeypatch.setattr(Table, "put", fail)
    assert [bot.deliver(each).outcome for each in (JOB, COMPLETED)] == ["accepted"] * 2
    assert bot.told() == ["Backup started", "Backup completed"]
    assert "AccessDeniedException" in capsys.readouterr().out


@pytest.mark.parametrize(("channel", "error"), [("C0SANDBOX02", "not_in_channel"), ("C0NOWHERE01", "channel_not_found")])
def test_a_wrong_channel_is_refused_with_slacks_word(bot: Bot, channel: str, error: str) -> None:
    api = f"{bot.account.endpoint_url}/slack/api"
    target = Target("oncall", "slack_bot", "ssm:/proven-backup/tests/notifier/oncall", channel, False, api)
    courier = Courier(Outlet(target, console_links=False), Table(bot.table), "owner")
    delivery = courier.deliver(Order(JOB, lambda: JOB, "always", ""), time.monotonic() + 10)
    assert (delivery.outcome, delivery.http_status, delivery.error) == ("rejected", 200, error)


def test_a_rotated_token_is_used_at_once(bot: Bot, put_secret: Callable[..., None]) -> None:
    put_secret("xoxb-000000000000-000000000000-RevokedBotToken0000001", "oncall")
    outlet = Outlet(
        Target(
            "oncall", "slack_bot", "ssm:/proven-backup/tests/notifier/oncall", "C0SANDBOX01", True, f"{bot.account.endpoint_url}/slack/api"
        ),
        console_links=False,
    )
    courier = Courier(outlet, Table(bot.table), "owner")
    refused = courier.deliver(Order(JOB, lambda: JOB, "always", ""), time.monotonic() + 10)
    assert (refused.outcome, refused.error) == ("rejected", "invalid_auth")
    put_secret(TOKEN, "oncall")
    accepted = courier.deliver(Order(JOB, lambda: JOB, "always", ""), time.monotonic() + 10)
    assert (accepted.outcome, accepted.attempts) == ("accepted", 2)
