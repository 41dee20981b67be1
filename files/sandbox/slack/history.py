"""conversations.history and conversations.replies: which messages of the channel a call gets."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from . import arguments, channels, records, threads
from .errors import Rejected
from .store import Message, inbox

# How many messages a page has unless told, and at most.
HISTORY_PAGE, REPLIES_PAGE = (100, 999), (1000, 1000)


def history(given: dict[str, Any]) -> dict[str, Any]:
    """Messages of the channel, the newest first; of the replies only those that are shown in the channel, too.

    Without oldest, or with latest too, a first page has the newest of them; with oldest alone it has the messages closest to
    that, as Slack does.

    Raises:
        Rejected: an argument is missing or wrong.
    """
    channel = channels.for_reading(given)
    oldest, latest = _bounds(given)
    within = [thread for thread in _threads(channel) if _is_within(thread.parent, oldest, latest, arguments.flag(given, "inclusive"))]
    forwards = oldest is not None and latest is None
    ordered = within if forwards else within[::-1]
    page, following = _page(given, [thread.parent.ts for thread in ordered], HISTORY_PAGE)
    chosen = [thread for thread in ordered if thread.parent.ts in page]
    found = [records.parent_record(thread) for thread in sorted(chosen, key=lambda thread: thread.parent.ts, reverse=True)]
    echoed = {name: given[name] for name in ("oldest", "latest") if given.get(name)}
    return {**echoed, "messages": found, "has_more": bool(following), "pin_count": 0, **_metadata(following)}


def replies(given: dict[str, Any]) -> dict[str, Any]:
    """A message and its replies, the oldest first; a reply by itself.

    Raises:
        Rejected: an argument is missing or wrong, or there is no such message.
    """
    channel = channels.for_reading(given)
    if "ts" not in given:
        raise Rejected("invalid_arguments", "missing required field: ts")
    ts = str(given["ts"])
    oldest, latest = _bounds(given)
    thread = _thread(channel, ts)
    inclusive = arguments.flag(given, "inclusive")
    # The parent always comes along.
    within = [each for each in thread.replies if _is_within(each, oldest, latest, inclusive)]
    page, following = _page(given, [each.ts for each in within], REPLIES_PAGE)
    found = [records.parent_record(thread), *(records.record(each) for each in within if each.ts in page)]
    return {"messages": found, "has_more": bool(following), **_metadata(following)}


def _threads(channel: channels.Channel) -> list[threads.Thread]:
    """The threads of a channel; only one channel has any messages."""
    return threads.group(inbox.snapshot()[1]) if channel == channels.INBOX else []


def _thread(channel: channels.Channel, ts: str) -> threads.Thread:
    for thread in _threads(channel):
        for message in thread.messages:
            if message.ts == ts:
                return thread if message is thread.parent else threads.Thread(message)
    raise Rejected("thread_not_found", f"no message {ts!r}")


def _bounds(given: dict[str, Any]) -> tuple[str | None, str | None]:
    oldest = arguments.timestamp(given, "oldest", "invalid_ts_oldest")
    return oldest, arguments.timestamp(given, "latest", "invalid_ts_latest")


def _is_within(message: Message, oldest: str | None, latest: str | None, inclusive: bool) -> bool:
    moment = Decimal(message.ts)
    if inclusive and moment in (Decimal(bound) for bound in (oldest, latest) if bound):
        return True
    return (oldest is None or moment > Decimal(oldest)) and (latest is None or moment < Decimal(latest))


def _page(given: dict[str, Any], ordered: Sequence[str], size: tuple[int, int]) -> tuple[set[str], str]:
    """The names of the messages on the page that a cursor stands for, and the name of the next page's first message."""
    limit = arguments.whole(given, "limit", *size)
    start = _position(str(given.get("cursor") or ""), ordered)
    following = ordered[start + limit] if start + limit < len(ordered) else ""
    return set(ordered[start : start + limit]), following


def _position(cursor: str, ordered: Sequence[str]) -> int:
    if not cursor:
        return 0
    try:
        kind, _, ts = base64.b64decode(cursor, validate=True).decode().partition(":")
        return ordered.index(ts if kind == "next_ts" else "")
    except (binascii.Error, ValueError) as problem:
        raise Rejected("invalid_cursor", cursor) from problem


def _metadata(following: str) -> dict[str, Any]:
    if not following:
        return {}
    return {"response_metadata": {"next_cursor": base64.b64encode(f"next_ts:{following}".encode()).decode()}}
