# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the notifier's log says about the notifications of one job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

RECEIVED = "notification_received"
DELIVERY = "notification_delivery"
EARLIEST_BY_DEFAULT = timedelta(hours=1)


@dataclass(frozen=True)
class Wanted:
    """Which notifications count.

    Attributes:
        job_id: in whatever case, because AWS changes it between its API and its notifications.
        job_type: backup, copy or restore; None: any, which the ID makes clear enough.
        states: of the job.
        severity: what the notifier must have judged the news to be; None: anything.
        targets: names of the notifier's targets that must have accepted it; none: whichever it was sent to, at least one.
    """

    job_id: str
    states: tuple[str, ...]
    job_type: str | None = None
    severity: str | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Records:
    """The log records of one job, each list oldest first, each record with the time it was logged.

    Attributes:
        received: that the function was invoked with a notification in a wanted state.
        deliveries: what became of a notification in a wanted state on one target.
        others: what became of one in any other state.
        log_group_exists: whether there was a log to look into.
    """

    received: list[dict[str, Any]]
    deliveries: list[dict[str, Any]]
    others: list[dict[str, Any]]
    log_group_exists: bool


def records_of(wanted: Wanted, events: Iterable[Mapping[str, Any]], log_group_exists: bool) -> Records:
    """The records of the wanted job among log events, as FilterLogEvents returns them, in any order."""
    found = sorted(_about(wanted, events), key=lambda record: record["timestamp"])
    in_state = [record for record in found if record.get("state") in wanted.states]
    return Records(
        received=[record for record in in_state if record["record"] == RECEIVED],
        deliveries=[record for record in in_state if record["record"] == DELIVERY],
        others=[record for record in found if record["record"] == DELIVERY and record.get("state") not in wanted.states],
        log_group_exists=log_group_exists,
    )


def _about(wanted: Wanted, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records in log events that are about the wanted job, in whatever state."""
    records = [record for event in events if (record := _parse(event))]
    return [
        record
        for record in records
        if str(record.get("job_id")).lower() == wanted.job_id.lower() and wanted.job_type in (None, record.get("job_type"))
    ]


def _parse(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The record in a log event; None when it is another line that only mentions one."""
    try:
        record = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(record, dict) or record.get("record") not in (RECEIVED, DELIVERY):
        return None
    logged = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return {**record, "timestamp": logged.isoformat(timespec="milliseconds"), "log_stream_name": event.get("logStreamName")}
