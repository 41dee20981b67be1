"""Whatever JSON comes in: messages within every target's limits come out, and never an exception."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from backup_notifier import document, format, parse, states, teams
from backup_notifier.notification import Notification
from hypothesis import example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.attachments import BlockAttachment
from slack_sdk.models.blocks import Block

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
HOSTILE = st.sampled_from(["&" * 1500, "`*_~<!channel>" * 150, "\ud83d" * 1500, "\x00\x1b\u202e", "😀" * 1500, "", " \n"])
TEXT = st.text() | HOSTILE
ARN = st.builds(
    "arn:{}:{}:{}:{}:{}".format,
    st.sampled_from(["aws", "aws-cn", "aws-us-gov", "aws-iso", ""]) | TEXT,
    st.sampled_from(["ec2", "s3", "rds", "dynamodb", ""]) | TEXT,
    st.sampled_from(["us-west-2", ""]) | TEXT,
    st.sampled_from(["123456789012", ""]) | TEXT,
    st.sampled_from(["instance/i-1", "my.bucket", "db:x", "table/t/backup/b", ":", "/"]) | TEXT,
)
SENTENCE = st.builds(
    "An AWS {} job {}. Recovery point ARN: {}. Resource ARN : {}. BackupJob ID : {}".format,
    st.sampled_from(["Backup", "Copy", "Restore"]),
    st.sampled_from(["failed", "was stopped", "was completed successfully"]) | TEXT,
    ARN,
    ARN,
    TEXT,
)
NAMES = ["EventType", "State", "AccountId", "Id", "StartTime", "eventType", "backupJobId", "reason", "RecoveryPointArn", "ResourceArn"]
KNOWN = st.sampled_from(["BACKUP_JOB", "EKS_BACKUP_OBJECT_FAILED", "FAILED", "COMPLETED", "PARTIAL", "MODIFIED", "THREATS_FOUND"])
KNOWN |= st.sampled_from(
    ["2026-05-19T15:22:57.759Z", "0001-01-01T00:00:00+23:59", "Jul 15, 2020 9:39:07 PM", '"quoted"', '"', "99999999999999999999"]
)
VALUE = JSON | TEXT | ARN | KNOWN
ATTRIBUTES = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=20), st.fixed_dictionaries({"Type": st.just("String"), "Value": VALUE}) | JSON, max_size=15
)
SNS = st.fixed_dictionaries(
    {"Message": SENTENCE | TEXT | JSON, "MessageAttributes": ATTRIBUTES | JSON},
    optional={"TopicArn": ARN | JSON, "Timestamp": VALUE, "MessageId": JSON, "Subject": TEXT | JSON},
)
DETAIL_TYPES = st.sampled_from(
    [f"{kind} Job State Change" for kind in ("Backup", "Copy", "Restore", "Scan")]
    + [f"{kind} State Change" for kind in ("Recovery Point", "Recovery Point Index", "Backup Vault", "Backup Plan", "Region Setting")]
)
DETAIL_NAMES = ["state", "status", "statusMessage", "backupJobId", "copyJobId", "restoreJobId", "scanJobId", "backupVaultArn"]
DETAIL_NAMES += ["backupVaultName", "resourceArn", "resourceType", "destinationRecoveryPointArn", "creationDate", "completionDate"]
DETAIL_NAMES += ["backupSizeInBytes", "createdBy", "lifecycle", "ResourceTypeOptInPreference", "scanResult", "messageCategory"]
EVENTBRIDGE = st.fixed_dictionaries(
    {
        "detail-type": DETAIL_TYPES | TEXT,
        "source": st.sampled_from(["aws.backup", "aws.ec2"]),
        "detail": st.dictionaries(st.sampled_from(DETAIL_NAMES) | st.text(max_size=20), VALUE, max_size=25) | JSON,
    },
    optional={"id": VALUE, "account": VALUE, "region": VALUE, "time": VALUE, "resources": st.lists(VALUE, max_size=3) | JSON},
)
IN_A_MESSAGE = EVENTBRIDGE.map(lambda event: {"Message": json.dumps(event)})
RECORDS = st.lists(st.fixed_dictionaries({"Sns": SNS | IN_A_MESSAGE}) | JSON, max_size=3)
EVENT = st.fixed_dictionaries({"Records": RECORDS | JSON}) | EVENTBRIDGE | JSON


def assert_safe(text: str, limit: int) -> None:
    """Not empty, within the limit even when Slack counts UTF-16, and no mention or link of foreign making."""
    assert text.strip()
    assert len(text.encode("utf-16-le", "strict")) // 2 <= limit
    without_links = re.sub(r"<https://console\.(aws\.amazon\.com|amazonaws\.cn|amazonaws-us-gov\.com)/[^<>|\s]+\|[A-Za-z ]+>", "", text)
    assert not set("<>") & set(without_links)
    assert not re.search(r"&(?!amp;|lt;|gt;)", text)


def assert_valid(message: dict[str, Any]) -> None:
    """A message that Slack takes."""
    json.dumps(message).encode()
    assert_safe(message["text"], 4000)
    (attachment,) = message.get("attachments", [{"blocks": []}])
    assert len(attachment["blocks"]) <= 50
    for block in attachment["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()
        assert len(block.get("fields", [])) <= 10
        for element in block.get("fields", []):
            assert_safe(element["text"], 2000)
        for element in [block[key] for key in ("text",) if key in block] + block.get("elements", []):
            assert_safe(element["text"], 3000)
    if attachment["blocks"]:
        BlockAttachment(blocks=attachment["blocks"], color=attachment["color"]).validate_json()
        assert re.fullmatch(r"#[0-9a-f]{6}", attachment["color"])
    assert len(json.dumps(attachment["blocks"], ensure_ascii=False)) < 13_000


def assert_valid_card(message: dict[str, Any]) -> None:
    """A message that Teams takes: its size, and no text where Teams would read Markdown."""
    assert len(json.dumps(message)) < 28 * 1024
    (attachment,) = message["attachments"]
    content = attachment["content"]
    assert content["type"] == "AdaptiveCard"
    assert len(content["actions"]) <= 6
    assert all(action["url"].startswith("https://console.") for action in content["actions"])
    container, *rest = content["body"]
    for block in (*container["items"], *rest):
        assert block["type"] == "RichTextBlock"
        assert all(run["type"] == "TextRun" and run["text"] for run in block["inlines"])


def assert_valid_document(notification: Notification) -> None:
    """A document that any strict JSON parser reads, with the same fields whatever came in."""
    made = document.document(notification)
    assert json.loads(json.dumps(made, allow_nan=False, ensure_ascii=False).encode()) == made
    assert made.keys() == document.document(Notification(text="")).keys()
    assert made["severity"] in {severity.label for severity in states.Severity}
    assert made["key"]


@settings(max_examples=150, deadline=None)
@given(EVENT)
@example({"Records": []})
@example({"Records": [None, 1, {"Sns": {"Message": None}}, {"Sns": {"Message": "", "MessageAttributes": None}}]})
@example({"Records": [{"Sns": {"Message": "x", "MessageAttributes": {"State": {"Value": True}, "Id": {"Value": 7.5}, "StartTime": 3}}}]})
@example({"detail-type": "Backup Job State Change", "source": "aws.backup", "detail": None})
@example({"detail-type": "Copy Job State Change", "source": "aws.backup", "detail": {"statusMessage": '"\\ud800"', "copyJobId": {}}})
def test_any_event_gives_valid_messages(event: Any) -> None:
    notifications = parse.notifications(event)
    records = event.get("Records") if isinstance(event, dict) else None
    assert len(notifications) == (len(records) if isinstance(records, list) and records else 1)
    for notification in notifications:
        assert len(notification.key.encode("utf-8", "replace")) < 1000
        assert_valid(format.message(notification))
        assert_valid(format.plain(notification))
        assert_valid_card(teams.card(notification))
        assert_valid_document(notification)


@settings(max_examples=30, deadline=None)
@given(st.lists(EVENT, min_size=1, max_size=format.SUMMARY_MOST))
def test_any_events_give_a_valid_summary(events: list[Any]) -> None:
    notifications = [notification for event in events for notification in parse.notifications(event)][: format.SUMMARY_MOST]
    message = format.summary(notifications)
    assert_valid(message)
    assert sum(len(block["text"]["text"].split("\n")) for block in message["attachments"][0]["blocks"]) == len(notifications)
    assert_valid_card(teams.summary(notifications))
    assert document.summary(notifications)["count"] == len(notifications)


def test_the_longest_summary_is_complete() -> None:
    notifications = [worst_case(number) for number in range(format.SUMMARY_MOST)]
    message, card = format.summary(notifications), teams.summary(notifications)
    assert_valid(message)
    assert_valid_card(card)
    for number in range(format.SUMMARY_MOST):
        assert f"`{number:036}`" in json.dumps(message)
        assert f"{number:036}" in json.dumps(card)


def test_the_longest_message_is_valid() -> None:
    notification = worst_case(0)
    assert_valid(format.message(notification))
    assert_valid_card(teams.card(notification))


def worst_case(number: int) -> Notification:
    """All that is foreign, as long as can be, and of the characters that take the most room."""
    long = "😀&" * 3000
    return Notification(
        text=long,
        route="eventbridge",
        event_type="BACKUP_JOB",
        state="FAILED",
        job_type="backup",
        job_id=f"{number:036}",
        parent_job_id=long,
        account_id=long,
        region=long,
        vault_name=long,
        resource_arn=f"arn:aws:ec2:{long}:{long}:instance/{long}",
        resource_type=long,
        resource_name=long,
        recovery_point_arn=f"arn:aws:{long}:::{long}",
        created_resource_arn=long,
        reason=long,
        started_at=long,
        ended_at=long,
        sent_at=long,
        message_id=long,
        details=tuple((f"{each}{long}", long) for each in range(30)),
    )


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


def deep_detail(depth: int) -> dict[str, Any]:
    value: Any = "deep"
    for _ in range(depth):
        value = {"a": value}
    return {"detail-type": "Backup Job State Change", "source": "aws.backup", "detail": value}


@pytest.mark.parametrize("event", [nested(100_000), {"Records": [{"Sns": nested(100_000)}]}, deep_detail(100_000)])
def test_depth_beyond_recursion(event: Any) -> None:
    (notification,) = parse.notifications(event)
    assert notification.text.endswith("nested too deeply to show)")
    assert_valid(format.message(notification))


def test_an_eventbridge_event_nested_too_deeply_inside_a_message_is_shown_as_text() -> None:
    text = '{"detail-type": "x", "detail": ' + "[" * 100_000 + "]" * 100_000 + "}"
    (notification,) = parse.notifications({"Records": [{"Sns": {"Message": text}}]})
    assert notification.text == text
    assert_valid(format.message(notification))


def test_a_long_text_is_cut_visibly() -> None:
    (notification,) = parse.notifications({"Records": [{"Sns": {"Message": "&" * 300_000}}]})
    shown = format.message(notification)["attachments"][0]["blocks"][-1]["text"]["text"]
    assert shown.endswith("&amp;…\n```")


def test_more_attributes_than_slack_has_fields_are_counted() -> None:
    attributes = {f"Name{number}": {"Type": "String", "Value": "x"} for number in range(30)}
    (notification,) = parse.notifications({"Records": [{"Sns": {"Message": "x", "MessageAttributes": attributes}}]})
    fields = format.message(notification)["attachments"][0]["blocks"][0]["fields"]
    assert (len(fields), fields[-1]["text"]) == (10, "*…*\nand 21 more")
