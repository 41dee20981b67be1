# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages of a dead-letter queue as events: which are the same, in which order they came, and what they are about."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letter_bodies import error, function_event

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_SUMMARY = 200
_JOB_ID = re.compile(r"\b(?:Backup|Copy|Restore|Scan)\s?Job\s?ID\s*:\s*(\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Message:
    """One message of a dead-letter queue.

    Attributes:
        message_id: SQS's ID of it.
        receipt_handle: what SQS takes to delete it or to give it back.
        sent: when it came into the queue, in milliseconds since 1970.
        body: the event, as the function would have got it.
        error: what the function failed with, or why it was not invoked; None when that is not known.
    """

    message_id: str
    receipt_handle: str
    sent: int
    body: str
    error: str | None


@dataclass(frozen=True)
class Event:
    """One event, and all messages that hold it, the oldest first."""

    messages: tuple[Message, ...]

    @property
    def body(self) -> str:
        """The event, as the function gets it."""
        return self.messages[0].body

    @property
    def identity(self) -> str:
        """What tells it from other events."""
        return identity(self.body)

    @property
    def job_id(self) -> str | None:
        """The job it is about; None when it names none."""
        return job_id(self.body)

    @property
    def message_ids(self) -> set[str]:
        """SQS's IDs of its messages."""
        return {message.message_id for message in self.messages}

    def as_dict(self) -> dict[str, Any]:
        """The event as modules return it."""
        sent = datetime.fromtimestamp(self.messages[0].sent / 1000, UTC)
        return {
            "summary": summary(self.body),
            "sent_timestamp": sent.isoformat(timespec="milliseconds"),
            "message_ids": [message.message_id for message in self.messages],
            "dead_letter_error": self.messages[-1].error,
        }


def parse_message(message: Mapping[str, Any]) -> Message:
    """A message as SQS's API returns it."""
    return Message(
        message["MessageId"],
        message["ReceiptHandle"],
        int(message["Attributes"]["SentTimestamp"]),
        function_event(message["Body"]),
        error(message.get("MessageAttributes", {})),
    )


def group(messages: Iterable[Message]) -> list[Event]:
    """The events of these messages, each once, in the order in which they happened.

    They come into the queue in another one: when the function gave up on each.
    """
    events: dict[str, list[Message]] = defaultdict(list)
    for message in sorted(messages, key=lambda message: message.sent):
        events[identity(message.body)].append(message)
    found = [Event(tuple(same)) for same in events.values()]
    return sorted(found, key=lambda event: (happened(event.body, event.messages[0].sent), event.messages[0].sent))


def happened(body: str, otherwise: int) -> int:
    """When an event happened, as its sender says, in milliseconds since 1970."""
    event = _parse(body)
    if not isinstance(event, Mapping):
        return otherwise
    times = [sns.get("Timestamp") for sns in _sns(event)] or [event.get("time")]
    try:
        moment = datetime.fromisoformat(str(times[0]))
    except ValueError:
        return otherwise
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def job_id(body: str) -> str | None:
    """The ID of the job that an event is about, in lower case; None when it names none."""
    event = _parse(body)
    if not isinstance(event, Mapping):
        return None
    found = [value for sns in _sns(event) for value in _job_ids_of_sns(sns)] or _job_ids_of_detail(event)
    return str(found[0]).lower() if found else None


def identity(body: str) -> str:
    """What two messages with the same event have in common: the IDs its sender gave it, else the whole of it."""
    event = _parse(body)
    if not isinstance(event, Mapping):
        return body
    if identifiers := [str(sns["MessageId"]) for sns in _sns(event) if "MessageId" in sns]:
        return f"sns {' '.join(identifiers)}"
    if "detail-type" in event and event.get("id"):
        return f"eventbridge {event['id']}"
    return json.dumps(event, sort_keys=True)


def summary(body: str) -> str:
    """What an event is about, in one short line."""
    event = _parse(body)
    parts: list[Any] = []
    if isinstance(event, Mapping):
        parts = [part for sns in _sns(event) for part in _about_sns(sns)] or _about_detail(event)
    text = " ".join(" ".join(str(part) for part in parts if part).split()) or " ".join(body.split())
    return text if len(text) <= LONGEST_SUMMARY else f"{text[: LONGEST_SUMMARY - 1]}\u2026"


def _about_sns(sns: Mapping[str, Any]) -> list[Any]:
    return [*_attributes(sns, "EventType", "State"), sns.get("Message")]


def _about_detail(event: Mapping[str, Any]) -> list[Any]:
    named = _detail(event)
    return [event.get("detail-type"), named.get("state") or named.get("status"), *_job_ids_of_detail(event), named.get("backupVaultName")]


def _job_ids_of_sns(sns: Mapping[str, Any]) -> list[Any]:
    named = [value for value in _attributes(sns, "Id", "backupJobId", "copyJobId", "restoreJobId", "scanJobId") if value]
    return named or [value.rstrip(".") for value in _JOB_ID.findall(str(sns.get("Message")))]


def _job_ids_of_detail(event: Mapping[str, Any]) -> list[Any]:
    return [value for name, value in _detail(event).items() if name.endswith("JobId") and not name.startswith("parent") and value]


def _attributes(sns: Mapping[str, Any], *names: str) -> list[Any]:
    attributes = sns.get("MessageAttributes")
    named = attributes if isinstance(attributes, Mapping) else {}
    return [named[name].get("Value") for name in names if isinstance(named.get(name), Mapping)]


def _detail(event: Mapping[str, Any]) -> Mapping[str, Any]:
    detail = event.get("detail")
    return detail if isinstance(detail, Mapping) else {}


def _sns(event: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    records = event.get("Records")
    found = [record.get("Sns") for record in records if isinstance(record, Mapping)] if isinstance(records, list) else []
    return [sns for sns in found if isinstance(sns, Mapping)]


def _parse(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
