"""Whatever JSON comes in: a message within Slack's limits comes out, and never an exception."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from backup_notifier import format, parse
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
VALUE = JSON | TEXT | ARN | st.sampled_from(["BACKUP_JOB", "FAILED", "PARTIAL", "2026-05-19T15:22:57.759Z", "0001-01-01T00:00:00+23:59"])
ATTRIBUTES = st.dictionaries(
    st.sampled_from(NAMES) | st.text(max_size=20), st.fixed_dictionaries({"Type": st.just("String"), "Value": VALUE}) | JSON, max_size=15
)
SNS = st.fixed_dictionaries(
    {"Message": SENTENCE | TEXT | JSON, "MessageAttributes": ATTRIBUTES | JSON},
    optional={"TopicArn": ARN | JSON, "Timestamp": VALUE, "MessageId": JSON, "Subject": TEXT | JSON},
)
EVENT = st.fixed_dictionaries({"Records": st.lists(st.fixed_dictionaries({"Sns": SNS}) | JSON, max_size=3) | JSON}) | JSON


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


@settings(max_examples=100, deadline=None)
@given(EVENT)
@example({"Records": []})
@example({"Records": [None, 1, {"Sns": {"Message": None}}, {"Sns": {"Message": "", "MessageAttributes": None}}]})
@example({"Records": [{"Sns": {"Message": "x", "MessageAttributes": {"State": {"Value": True}, "Id": {"Value": 7.5}, "StartTime": 3}}}]})
def test_any_event_gives_valid_messages(event: Any) -> None:
    notifications = parse.notifications(event)
    records = event.get("Records") if isinstance(event, dict) else None
    assert len(notifications) == (len(records) if isinstance(records, list) and records else 1)
    for notification in notifications:
        assert_valid(format.message(notification))
        assert_valid(format.plain(notification))


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("event", [nested(100_000), {"Records": [{"Sns": nested(100_000)}]}])
def test_depth_beyond_recursion(event: Any) -> None:
    (notification,) = parse.notifications(event)
    assert notification.text.endswith("nested too deeply to show)")
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
