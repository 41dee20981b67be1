# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding a message in a Slack channel: by its ID, or by what it says."""

from __future__ import annotations

import html
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.slack_api import SlackRefusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ansible_collections.proven.aws_backup.plugins.module_utils.slack_api import Slack

Message = dict[str, Any]

NO_SUCH_THREAD = ("message_not_found", "thread_not_found")
NAMED_COLOURS = {"good": "2eb886", "warning": "daa038", "danger": "a30200"}
"""What Slack shows for the colours that have names."""


@dataclass(frozen=True)
class Search:
    """Which messages are looked for.

    Attributes:
        channel: its ID.
        start: when the message can have been posted at the earliest; of no use with ts or thread_ts.
        ts: the message's ID.
        thread_ts: the ID of the message in whose thread it is.
        text: what it says, anywhere in it, in upper or lower case.
        colours: of which it has one, as rrggbb; none: any.
    """

    channel: str
    start: datetime
    ts: str | None = None
    thread_ts: str | None = None
    text: str = ""
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a search found, each list oldest first.

    Attributes:
        messages: the right ones.
        others: those that say the text, or have the ID, but not one of the colours.
        searched: how many messages were looked at.
    """

    messages: list[Message]
    others: list[Message]
    searched: int


def search_messages(slack: Slack, search: Search) -> Found:
    """Look for messages, once.

    Raises:
        AnsibleBackupError: Slack does not let us, or cannot be asked.
    """
    looked_at = list({message.get("ts"): message for message in _candidates(slack, search)}.values())
    fitting = [to_result(message) for message in looked_at if _fits(message, search)]
    fitting.sort(key=lambda message: message["ts"])
    right = [message for message in fitting if not search.colours or set(message["colors"]) & set(search.colours)]
    return Found(right, [message for message in fitting if message not in right], len(looked_at))


def to_result(message: Mapping[str, Any]) -> Message:
    """A message as Slack returns it, with its time in ISO 8601, and its colours."""
    ts = str(message.get("ts"))
    return {
        **message,
        "ts": ts,
        "thread_ts": message.get("thread_ts"),
        "time": datetime.fromtimestamp(float(ts), UTC).isoformat(timespec="milliseconds"),
        "text": message.get("text") or "",
        "colors": [normal_colour(each["color"]) for each in _attachments(message) if each.get("color")],
    }


def normal_colour(colour: Any) -> str:
    """A colour as rrggbb, as which Slack returns it whatever way it was given."""
    text = str(colour).lower().removeprefix("#")
    return NAMED_COLOURS.get(text, text)


def _candidates(slack: Slack, search: Search) -> Iterator[Message]:
    """The messages that the search may be after."""
    if search.thread_ts and search.thread_ts != search.ts:
        yield from _thread(slack, search.channel, search.thread_ts, search.ts)
        return
    if search.ts:
        only = {"oldest": search.ts, "latest": search.ts, "inclusive": "true", "limit": 1}
        yield from slack.pages("conversations.history", channel=search.channel, **only)
        return
    for message in slack.pages("conversations.history", channel=search.channel, oldest=f"{search.start.timestamp():.6f}"):
        yield message
        # Replies are only in their thread, whose first message tells of the same thing.
        if message.get("reply_count") and _fits(message, search):
            yield from _thread(slack, search.channel, str(message["ts"]), None)


def _thread(slack: Slack, channel: str, thread_ts: str, ts: str | None) -> Iterator[Message]:
    """The messages of a thread, or the one reply with the ID ts; none when there is no such thread."""
    only = {"oldest": ts, "latest": ts, "inclusive": "true"} if ts else {}
    try:
        yield from slack.pages("conversations.replies", channel=channel, ts=thread_ts, **only)
    except SlackRefusal as refusal:
        if refusal.word not in NO_SUCH_THREAD:
            raise


def _fits(message: Mapping[str, Any], search: Search) -> bool:
    if search.ts and message.get("ts") != search.ts:
        return False
    return search.text.lower() in html.unescape("\n".join(_strings(message))).lower()


def _attachments(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    attachments = message.get("attachments")
    return [each for each in attachments if isinstance(each, dict)] if isinstance(attachments, list) else []


def _strings(value: Any) -> Iterator[str]:
    """Every text in a message, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
