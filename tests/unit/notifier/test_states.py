"""What a state means, and which events are the same news."""

from __future__ import annotations

from typing import Any

import pytest
from backup_notifier import parse, routing, settings, states, validation
from backup_notifier.notification import Notification
from backup_notifier.states import Severity

JOB_STATES = {
    "CREATED": Severity.PROGRESS,
    "PENDING": Severity.PROGRESS,
    "RUNNING": Severity.PROGRESS,
    "ABORTING": Severity.WARNING,
    "ABORTED": Severity.FAILURE,
    "COMPLETED": Severity.SUCCESS,
    "FAILED": Severity.FAILURE,
    "EXPIRED": Severity.FAILURE,
    "PARTIAL": Severity.FAILURE,
    "HIBERNATED": Severity.UNKNOWN,
}


def of_job(job_type: str, state: str, **known: Any) -> Notification:
    return Notification(text="", event_type=f"{job_type.upper()}_JOB", state=state, job_type=job_type, job_id="ABC-1", **known)


@pytest.mark.parametrize(("state", "severity"), JOB_STATES.items())
@pytest.mark.parametrize("job_type", ["backup", "copy", "restore"])
def test_job_state(job_type: str, state: str, severity: Severity) -> None:
    event = of_job(job_type, state)
    assert states.severity(event) is severity
    assert states.what_happened(event).startswith(job_type.capitalize())
    assert states.is_known(event) is (state != "HIBERNATED")


@pytest.mark.parametrize(
    ("job_type", "category", "reason", "severity"),
    [
        ("backup", "", "", Severity.SUCCESS),
        ("backup", "SUCCESS", "All is well.", Severity.SUCCESS),
        ("backup", "VSSFAILURE", "", Severity.WARNING),
        ("backup", "", "Windows VSS Backup attempt failed", Severity.WARNING),
        ("copy", "ACCESSDENIED", "", Severity.WARNING),
        ("restore", "", "", Severity.SUCCESS),
        ("restore", "", "Some objects were not restored.", Severity.WARNING),
        ("scan", "", "Done.", Severity.SUCCESS),
    ],
)
def test_completed_with_issues(job_type: str, category: str, reason: str, severity: Severity) -> None:
    event = of_job(job_type, "COMPLETED", message_category=category, reason=reason)
    assert states.severity(event) is severity
    assert states.what_happened(event).endswith("with issues") is (severity is Severity.WARNING)


def test_severities_have_a_label_a_colour_and_a_rank() -> None:
    assert [severity.label for severity in sorted(Severity, key=lambda each: each.rank)] == [
        "failure",
        "warning",
        "unknown",
        "progress",
        "success",
    ]
    assert len({severity.colour for severity in Severity}) == len({severity.sign for severity in Severity}) == 5


def test_both_routes_and_every_repeat_share_the_key() -> None:
    by_sns = of_job("backup", "FAILED", message_id="a", route="sns")
    by_eventbridge = Notification(
        text="x", event_type="BACKUP_JOB", state="FAILED", job_type="backup", job_id="abc-1", message_id="b", route="eventbridge"
    )
    assert by_sns.key == by_eventbridge.key == "backup/abc-1/FAILED"
    assert by_sns.job_key == "backup/abc-1"


@pytest.mark.parametrize(("sns_state", "eventbridge_state"), [("STARTED", "RUNNING"), ("started", "RUNNING"), ("RUNNING", "STARTED")])
def test_a_job_that_started_is_running_on_both_routes(sns_state: str, eventbridge_state: str) -> None:
    attributes = {"EventType": {"Value": "BACKUP_JOB"}, "State": {"Value": sns_state}, "Id": {"Value": "ABC-1"}}
    (first,) = parse.notifications({"Records": [{"Sns": {"Message": "x", "MessageId": "a", "MessageAttributes": attributes}}]})
    detail = {"state": eventbridge_state, "backupJobId": "abc-1"}
    (second,) = parse.notifications({"source": "aws.backup", "detail-type": "Backup Job State Change", "id": "b", "detail": detail})
    assert first.key == second.key == "backup/abc-1/RUNNING"
    assert states.what_happened(first) == "Backup started"
    for pattern in ("RUNNING", "started"):
        rule = {"match": {"state": pattern}, "post": "never"}
        target = {"name": "slack", "type": "slack_webhook", "secret": "ssm:/slack"}
        document = {"targets": [target], "rules": [rule]}
        assert validation.problems(document) == []
        assert {routing.route(each, settings.parse(document)).post for each in (first, second)} == {"never"}


SNAPSHOT = "arn:aws:ec2:us-west-2::snapshot/snap-1"
ACCESS_POINT = "arn:aws:backup:us-west-2:123456789012:accesspoint/forensics"


def by_sns(time: str, **attributes: str) -> Notification:
    values = {name: {"Value": value} for name, value in attributes.items()}
    message = {"Message": "x", "MessageId": time, "Timestamp": time, "MessageAttributes": values}
    (found,) = parse.notifications({"Records": [{"Sns": message}]})
    return found


def by_eventbridge(time: str, about: str, **detail: str) -> Notification:
    event = {"source": "aws.backup", "detail-type": f"{about} Change", "id": time, "time": time, "detail": detail}
    (found,) = parse.notifications({**event, "resources": [SNAPSHOT] if about.startswith("Recovery Point ") else []})
    return found


@pytest.mark.parametrize(
    ("attributes", "about", "detail"),
    [
        (
            {"EventType": "RECOVERY_POINT_INDEXING_COMPLETED", "IndexStatus": "ACTIVE", "RecoveryPointArn": SNAPSHOT},
            "Recovery Point Index State",
            {"indexStatus": "ACTIVE", "recoveryPointArn": SNAPSHOT},
        ),
        (
            {"EventType": "RECOVERY_POINT_INDEXING_FAILED", "RecoveryPointArn": SNAPSHOT},
            "Recovery Point Index State",
            {"indexStatus": "FAILED", "recoveryPointArn": SNAPSHOT},
        ),
        ({"EventType": "RECOVERY_POINT_MODIFIED", "RecoveryPointArn": SNAPSHOT}, "Recovery Point State", {"status": "MODIFIED"}),
        (
            {"EventType": "ACCESS_POINT_AVAILABLE", "accessPointArn": ACCESS_POINT},
            "Backup Access Point State",
            {"status": "AVAILABLE", "accessPointArn": ACCESS_POINT, "recoveryPointArn": SNAPSHOT},
        ),
    ],
)
def test_both_routes_share_the_key_of_what_has_an_arn(attributes: dict[str, str], about: str, detail: dict[str, str]) -> None:
    first = by_sns("2026-07-15T03:15:26.788Z", **attributes)
    assert by_eventbridge("2026-07-15T03:19:02Z", about, **detail).key == first.key
    # The next day, it is news again.
    assert by_eventbridge("2026-07-16T03:19:02Z", about, **detail).key != first.key
    assert by_sns("2026-07-15T03:15:26.788Z", **{**attributes, "State": "DELETED", "IndexStatus": "DELETED"}).key != first.key


def test_what_has_no_arn_is_known_by_its_own_id() -> None:
    assert by_sns("2026-07-15T03:15:26.788Z", EventType="ACCESS_POINT_EXPIRED", AccessPointId="ap-1").key.startswith("event/")
    assert by_sns("2026-07-15T03:15:26.788Z", EventType="RECOVERY_POINT", RecoveryPointArn=SNAPSHOT).key.startswith("event/")


def test_each_object_of_a_job_is_news_of_its_own_in_the_jobs_thread() -> None:
    events = [
        Notification(text="", event_type="S3_BACKUP_OBJECT_FAILED", state="FAILED", job_type="backup", job_id="abc-1", message_id=each)
        for each in ("a", "b")
    ]
    assert {event.key for event in events} == {"event/a", "event/b"}
    assert {event.job_key for event in events} == {of_job("backup", "FAILED").job_key}
    assert not any(event.is_job_state for event in events)


def test_keys_fit_into_any_store() -> None:
    long = "😀" * 100_000
    keys = {
        Notification(text="", job_type="backup", job_id=long, state=long, message_id="m").key,
        Notification(text="", message_id=long).key,
        Notification(text=long).key,
    }
    assert len(keys) == 3
    assert all(len(key) < 200 for key in keys)
