"""A thousand events at once, for a webhook that takes a message a second."""

from __future__ import annotations

from typing import Any

from tests.integration.deployed_notifier import Notifier, wait_for

JOBS = range(1, 1001)


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
