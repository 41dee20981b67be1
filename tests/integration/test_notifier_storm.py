"""A thousand events at once for a webhook that takes a message a second, and two hundred for a bot that has threads."""

from __future__ import annotations

from typing import Any

from tests.integration.deployed_notifier import BOT_TOKEN, Notifier, job_id, wait_for

JOBS = range(1, 1001)
BOT_JOBS = range(1, 201)
THREADS = range(1, 6)


def test_a_storm_arrives_complete_in_summaries(sandbox: Any) -> None:
    sandbox.settings(slack_messages_per_second=1.0, slack_burst=10, lambda_concurrency=44, lambda_idle_seconds=86400)
    notifier = Notifier(sandbox)
    notifier.deploy(timeout=120)
    notifier.put_secret()
    notifier.publish(JOBS, "FAILED")
    notifier.wait_for_jobs(JOBS, seconds=400)
    assert notifier.dead_letters() == []
    # Slack took no more than it allows: most came in summaries, and few posts were in vain.
    assert len(notifier.messages()) < 100
    wait_for(lambda: len(notifier.deliveries("accepted")) == len(JOBS))
    assert sum(line["summary"] for line in notifier.deliveries("accepted")) > 900


def test_the_threads_of_a_storm_are_brought_up_to_date(sandbox: Any) -> None:
    sandbox.settings(slack_messages_per_second=1.0, slack_burst=10, lambda_concurrency=16, lambda_idle_seconds=86400)
    notifier = Notifier(sandbox)
    notifier.deploy(notifier.bot, timeout=120)
    notifier.put_secret("oncall", BOT_TOKEN)
    notifier.publish(THREADS, "RUNNING")
    notifier.wait_for_jobs(THREADS)
    notifier.publish(BOT_JOBS, "FAILED")
    wait_for(notifier.is_idle, seconds=200)
    assert notifier.dead_letters() == []
    told = [line["job_id"] for line in notifier.deliveries("accepted", "oncall") if line["state"] == "FAILED"]
    assert sorted(told) == [job_id(number) for number in BOT_JOBS]
    assert len(notifier.messages()) < 60
    # The five threads are no more than chat.update takes at once.
    wait_for(lambda: {notifier.heads()[job_id(number)] for number in THREADS} == {"Backup failed"})
