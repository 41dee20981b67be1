"""conversations.history and conversations.replies: what they return, in which order, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Sandbox
from tests.unit.sandbox.slack_calls import CHANNEL, WEBHOOK, call, inbox, post


def texts(answer: dict[str, Any]) -> list[str]:
    """The texts of the messages that a call returned."""
    assert answer["ok"], answer
    return [message["text"] for message in answer["messages"]]


def pages(sandbox: Sandbox, method: str, **arguments: Any) -> list[list[str]]:
    """The texts of every page."""
    found, cursor = [], ""
    while True:
        answer = call(sandbox, method, **arguments, cursor=cursor)
        found.append(texts(answer))
        assert answer["has_more"] == ("response_metadata" in answer)
        if not answer["has_more"]:
            return found
        cursor = answer["response_metadata"]["next_cursor"]
        assert cursor


@pytest.fixture
def names(sandbox: Sandbox) -> list[str]:
    """The ts of the messages 0 to 4 in the channel."""
    return [post(sandbox, str(number)) for number in range(5)]


def test_history_has_the_newest_first(sandbox: Sandbox, names: list[str]) -> None:
    answer = call(sandbox, "conversations.history")
    assert [message["ts"] for message in answer["messages"]] == names[::-1]
    assert (answer["has_more"], answer["pin_count"]) == (False, 0)


def test_history_of_an_empty_channel(sandbox: Sandbox) -> None:
    for channel in (CHANNEL, "C0SANDBOX03"):
        assert texts(call(sandbox, "conversations.history", channel=channel)) == []


def test_history_shows_parents_without_their_replies(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    replies = [post(sandbox, text, thread_ts=parent) for text in ("a", "b")]
    post(sandbox, "other")
    other, thread = call(sandbox, "conversations.history")["messages"]
    assert "thread_ts" not in other
    assert (thread["thread_ts"], thread["reply_count"], thread["latest_reply"]) == (parent, 2, replies[-1])
    assert thread["reply_users"] == ["U0SANDBOX00"]


def test_history_shows_replies_that_the_channel_sees_too(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    post(sandbox, "other")
    reply = post(sandbox, "reply", thread_ts=parent, reply_broadcast="true")
    answer = call(sandbox, "conversations.history")
    assert texts(answer) == ["reply", "other", "parent"]
    shown = answer["messages"][0]
    assert (shown["ts"], shown["thread_ts"], shown["subtype"], shown["root"]["ts"]) == (reply, parent, "thread_broadcast", parent)
    assert texts(call(sandbox, "conversations.replies", ts=parent)) == ["parent", "reply"]
    assert texts(call(sandbox, "conversations.replies", ts=reply)) == ["reply"]


def test_history_shows_what_webhooks_posted(sandbox: Sandbox) -> None:
    sandbox.request("POST", WEBHOOK, {"text": "Hello", "attachments": [{"text": "x"}]})
    (message,) = call(sandbox, "conversations.history")["messages"]
    assert message == {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B00000000",
        "text": "Hello",
        "attachments": [{"id": 1, "fallback": "[no preview available]", "text": "x"}],
        "ts": inbox(sandbox)[0]["ts"],
    }


@pytest.mark.usefixtures("names")
def test_pages_of_the_history(sandbox: Sandbox) -> None:
    assert pages(sandbox, "conversations.history", limit=2) == [["4", "3"], ["2", "1"], ["0"]]
    assert pages(sandbox, "conversations.history", limit="5") == [["4", "3", "2", "1", "0"]]


@pytest.mark.usefixtures("names")
def test_new_messages_do_not_shift_the_pages(sandbox: Sandbox) -> None:
    first = call(sandbox, "conversations.history", limit=2)
    post(sandbox, "5")
    second = call(sandbox, "conversations.history", limit=2, cursor=first["response_metadata"]["next_cursor"])
    assert texts(second) == ["2", "1"]


def test_usual_and_greatest_page_of_the_history(sandbox: Sandbox) -> None:
    for number in range(101):
        post(sandbox, str(number))
    assert len(texts(call(sandbox, "conversations.history"))) == 100
    assert len(texts(call(sandbox, "conversations.history", limit=0))) == 100
    assert len(texts(call(sandbox, "conversations.history", limit=5000))) == 101


@pytest.mark.parametrize(
    ("oldest", "latest", "inclusive", "found"),
    [
        (1, None, False, ["4", "3", "2"]),
        (1, None, True, ["4", "3", "2", "1"]),
        (None, 3, False, ["2", "1", "0"]),
        (None, 3, "true", ["3", "2", "1", "0"]),
        (1, 3, False, ["2"]),
        (1, 3, 1, ["3", "2", "1"]),
        (2, 2, True, ["2"]),
        (3, 1, False, []),
    ],
)
def test_range_of_the_history(
    sandbox: Sandbox, names: list[str], oldest: int | None, latest: int | None, inclusive: bool | str | int, found: list[str]
) -> None:
    bounds = {name: names[place] for name, place in (("oldest", oldest), ("latest", latest)) if place is not None}
    answer = call(sandbox, "conversations.history", **bounds, inclusive=inclusive)
    assert texts(answer) == found
    assert {name: answer[name] for name in bounds} == bounds


def test_whole_seconds_are_a_range_too(sandbox: Sandbox, names: list[str]) -> None:
    after = int(names[-1].partition(".")[0]) + 1
    assert texts(call(sandbox, "conversations.history", oldest=after)) == []
    assert texts(call(sandbox, "conversations.history", oldest=0, latest=str(after))) == ["4", "3", "2", "1", "0"]


def test_oldest_alone_pages_forwards(sandbox: Sandbox, names: list[str]) -> None:
    assert pages(sandbox, "conversations.history", oldest=names[0], limit=2) == [["2", "1"], ["4", "3"]]
    assert pages(sandbox, "conversations.history", oldest=names[0], latest=names[4], limit=2) == [["3", "2"], ["1"]]


def test_one_message_is_read_by_its_ts(sandbox: Sandbox, names: list[str]) -> None:
    for bound in ("oldest", "latest"):
        assert texts(call(sandbox, "conversations.history", **{bound: names[2]}, inclusive=True, limit=1)) == ["2"]


def test_changed_message_is_read_as_it_is_now(sandbox: Sandbox, names: list[str]) -> None:
    call(sandbox, "chat.update", ts=names[1], text="changed")
    answer = call(sandbox, "conversations.history")
    assert texts(answer) == ["4", "3", "2", "changed", "0"]
    assert answer["messages"][3]["edited"]["user"] == "U0SANDBOX00"


def test_replies_come_after_their_parent(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    post(sandbox, "other")
    for text in ("a", "b", "c"):
        post(sandbox, text, thread_ts=parent)
    answer = call(sandbox, "conversations.replies", ts=parent)
    assert texts(answer) == ["parent", "a", "b", "c"]
    assert [message["thread_ts"] for message in answer["messages"]] == [parent] * 4
    assert answer["messages"][0]["reply_count"] == 3
    assert pages(sandbox, "conversations.replies", ts=parent, limit=2) == [["parent", "a", "b"], ["parent", "c"]]


def test_range_of_the_replies(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    names = [post(sandbox, text, thread_ts=parent) for text in ("a", "b", "c")]
    assert texts(call(sandbox, "conversations.replies", ts=parent, oldest=names[0])) == ["parent", "b", "c"]
    assert texts(call(sandbox, "conversations.replies", ts=parent, latest=names[1], inclusive=True)) == ["parent", "a", "b"]


def test_message_without_replies_is_a_thread_of_one(sandbox: Sandbox) -> None:
    parent = post(sandbox, "parent")
    reply = post(sandbox, "reply", thread_ts=parent)
    alone = post(sandbox, "alone")
    assert texts(call(sandbox, "conversations.replies", ts=alone)) == ["alone"]
    assert texts(call(sandbox, "conversations.replies", ts=reply)) == ["reply"]


@pytest.mark.parametrize(
    ("method", "arguments", "word"),
    [
        ("conversations.history", {"channel": "C0NOWHERE01"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0SANDBOX02"}, "not_in_channel"),
        ("conversations.history", {"cursor": "x"}, "invalid_cursor"),
        ("conversations.history", {"cursor": "dXNlcjpVMDYxTkZUVDI="}, "invalid_cursor"),
        ("conversations.history", {"cursor": "bmV4dF90czoxNTEyMDg1ODYxMDAwNTQz"}, "invalid_cursor"),
        ("conversations.history", {"oldest": "yesterday"}, "invalid_ts_oldest"),
        ("conversations.history", {"latest": "2026-01-01"}, "invalid_ts_latest"),
        ("conversations.history", {"limit": "many"}, "invalid_arguments"),
        ("conversations.history", {"limit": -1}, "invalid_arguments"),
        ("conversations.replies", {"ts": None}, "invalid_arguments"),
        ("conversations.replies", {"ts": ""}, "thread_not_found"),
        ("conversations.replies", {"ts": "1482960137.003543"}, "thread_not_found"),
        ("conversations.replies", {"channel": "C0SANDBOX02"}, "not_in_channel"),
        ("conversations.replies", {"channel": "C0SANDBOX03"}, "thread_not_found"),
        ("conversations.replies", {"cursor": "x"}, "invalid_cursor"),
    ],
)
def test_call_that_is_refused(sandbox: Sandbox, method: str, arguments: dict[str, Any], word: str) -> None:
    ts = post(sandbox, "Hello")
    answer = call(sandbox, method, **{"ts": ts, **arguments})
    assert (answer["ok"], answer["error"]) == (False, word)
