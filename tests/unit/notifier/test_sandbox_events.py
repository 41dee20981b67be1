"""Every event that the sandbox can be told to send is understood, and both routes tell the same news of a job."""

from __future__ import annotations

from typing import Any

import pytest
from backup_notifier import facts, parse, states
from backup_notifier.notification import Notification
from sandbox.backup.models import backup_backends
from sandbox.backup.on_demand.kinds import News, news
from sandbox.backup.on_demand.order import KINDS, Order

KINDS_AND_STATES = [(kind, state) for kind, its_states in KINDS.items() for state in its_states]


def made(kind: str, state: str) -> News:
    backend = backup_backends["123456789012"]["us-west-2"]
    with backend.lock:
        return news(backend, Order(kind=kind, state=state, region="us-west-2"))


def by_sns(told: News) -> Notification | None:
    if told.notice is None:
        return None
    message = {
        "TopicArn": "arn:aws:sns:us-west-2:123456789012:topic",
        "MessageId": "m",
        "Message": told.notice.text,
        "MessageAttributes": {name: {"Type": "String", "Value": value} for name, value in told.notice.attributes.items()},
    }
    (notification,) = parse.notifications({"Records": [{"EventSource": "aws:sns", "Sns": message}]})
    return notification


def by_eventbridge(told: News) -> Notification | None:
    if told.change is None:
        return None
    event: dict[str, Any] = {
        "id": "e",
        "detail-type": told.change.detail_type,
        "source": "aws.backup",
        "account": "123456789012",
        "time": "2026-07-15T03:15:26Z",
        "region": "us-west-2",
        "resources": told.change.resources,
        "detail": told.change.detail,
    }
    (notification,) = parse.notifications(event)
    return notification


@pytest.mark.parametrize(("kind", "state"), KINDS_AND_STATES)
def test_event_is_understood_on_each_of_its_routes(kind: str, state: str) -> None:
    told = made(kind, state)
    notifications = [each for each in (by_sns(told), by_eventbridge(told)) if each]
    assert notifications
    for notification in notifications:
        assert states.is_known(notification)
        assert states.severity(notification) is not states.Severity.UNKNOWN
        assert (notification.account_id, notification.region) == ("123456789012", "us-west-2")
    assert len({states.what_happened(each) for each in notifications}) == 1


@pytest.mark.parametrize(("kind", "state"), [each for each in KINDS_AND_STATES if each[0] in ("backup_job", "copy_job", "restore_job")])
def test_both_routes_are_one_piece_of_news(kind: str, state: str) -> None:
    told = made(kind, state)
    first, second = by_sns(told), by_eventbridge(told)
    assert first and second
    if (kind, state) == ("copy_job", "CREATED"):
        # AWS's event does not name the job.
        assert (second.job_id, second.key) == ("", "event/e")
        return
    assert first.key == second.key
    assert first.job_key == second.job_key
    assert facts.says_all(first) and facts.says_all(second)
