# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The delivery records that the notifier writes to its log: reading them, and what they say about one job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from botocore.client import BaseClient

RECORD = "notification_delivery"
EARLIEST_BY_DEFAULT = timedelta(hours=1)


@dataclass(frozen=True)
class Deliveries:
    """The delivery records of one job.

    Attributes:
        records: those in a wanted state, oldest first, each with the time it was logged.
        others: those in any other state.
        log_group_exists: whether there was a log to look into.
    """

    records: list[dict[str, Any]]
    others: list[dict[str, Any]]
    log_group_exists: bool

    @property
    def accepted(self) -> dict[str, Any] | None:
        """The first record of a message that was accepted; None when none was."""
        return next((record for record in self.records if record.get("outcome") == "accepted"), None)

    @property
    def is_over(self) -> bool:
        """Whether waiting is pointless: a message was accepted, or refused in a way that is not tried again."""
        return any(record.get("outcome") in ("accepted", "rejected") for record in self.records)


@aws_call("read the log group {log_group_name}", missing=None)
def filter_log_events(client: BaseClient, log_group_name: str, start_time: datetime, pattern: str) -> list[dict[str, Any]] | None:
    """The events of a log group since start_time that match a filter pattern; None when there is no such log group."""
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=log_group_name, startTime=int(start_time.timestamp() * 1000), filterPattern=pattern
    )
    return pages.build_full_result()["events"]


def read_deliveries(
    client: BaseClient, log_group_name: str, backup_job_id: str, states: Collection[str], start_time: datetime
) -> Deliveries:
    """Read the delivery records of a job.

    Args:
        client: a CloudWatch Logs client.
        log_group_name: where the notifier logs to.
        backup_job_id: in whatever case, because AWS changes it between its API and its notifications.
        states: the job states wanted.
        start_time: the earliest time at which a record can have been logged.

    Raises:
        AnsibleBackupError: the log group cannot be read.
    """
    events = filter_log_events(client, log_group_name, start_time, f'"{RECORD}"')
    records = [record for event in events or [] if (record := _parse(event)) and _is_about(record, backup_job_id)]
    records.sort(key=lambda record: record["timestamp"])
    return Deliveries(
        records=[record for record in records if record.get("state") in states],
        others=[record for record in records if record.get("state") not in states],
        log_group_exists=events is not None,
    )


def seconds_between(start: datetime, record: Mapping[str, Any]) -> float:
    """Seconds from a time until a record was logged."""
    return round((datetime.fromisoformat(record["timestamp"]) - start).total_seconds(), 3)


def explain(deliveries: Deliveries, log_group_name: str, region: str) -> str:
    """Why no accepted message was found, and what to look at next."""
    if not deliveries.log_group_exists:
        return (
            f"the log group {log_group_name} does not exist in {region}. Check the name of the function, the account and the Region; "
            "a function that never ran may have no log group"
        )
    if not deliveries.records:
        seen = ", ".join(_describe(record) for record in deliveries.others) or "nothing about this job"
        return (
            f"the log group {log_group_name} has {seen}. Check that the vault notifies (GetBackupVaultNotifications), that the topic's "
            "policy lets backup.amazonaws.com publish, that the function is subscribed and SNS may invoke it, and then the function's "
            "dead-letter queue and its log"
        )
    seen = ", ".join(_describe(record) for record in deliveries.records)
    if deliveries.is_over:
        return f"the message was refused: {seen}. Check the webhook URL in the notifier's parameter, and the channel it posts to"
    return f"the message did not get through so far: {seen}. Lambda tries again after 1 and 2 minutes, then see the dead-letter queue"


def _parse(event: Mapping[str, Any]) -> dict[str, Any] | None:
    """The delivery record in a log event; None when it is another line that only mentions one."""
    try:
        record = json.loads(event["message"])
    except ValueError:
        return None
    if not isinstance(record, dict) or record.get("record") != RECORD:
        return None
    logged = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return {**record, "timestamp": logged.isoformat(timespec="milliseconds"), "log_stream_name": event.get("logStreamName")}


def _is_about(record: Mapping[str, Any], backup_job_id: str) -> bool:
    return str(record.get("job_id")).lower() == backup_job_id.lower()


def _describe(record: Mapping[str, Any]) -> str:
    details = [f"HTTP {record['http_status']}"] if record.get("http_status") else []
    details += [str(record["error"])] if record.get("error") else []
    return f"{record.get('state')} {record.get('outcome')}" + (f" ({', '.join(details)})" if details else "")
