# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searching the notifier's log for the records of one job, again and again."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import DELIVERY, RECEIVED, Records, Wanted, records_of

if TYPE_CHECKING:
    from botocore.client import BaseClient

OVERLAP = timedelta(minutes=5)
"""What a search reads once more of the time before the last one: events can be read late, and clocks differ, by at most as much
as AWS takes signatures for (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html)."""

HEXADECIMAL_ID = re.compile(r"[0-9a-fA-F-]+")


@aws_call("read the log group {log_group_name}", missing=None)
def filter_log_events(client: BaseClient, log_group_name: str, start_time: datetime, pattern: str) -> list[dict[str, Any]] | None:
    """The events of a log group since start_time that match a filter pattern; None when there is no such log group."""
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=log_group_name, startTime=int(start_time.timestamp() * 1000), filterPattern=pattern
    )
    return pages.build_full_result()["events"]


def job_pattern(job_id: str) -> str:
    """A filter pattern that leaves out most events of other jobs, and none of this one.

    Patterns heed the case of letters, which AWS changes: a UUID is all in capitals or all in small letters. Of other IDs nobody knows,
    nor how a pattern reads their characters, so for those every record matches.
    The terms are alternatives, found anywhere in a line
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-unstructured-log-events.html).
    """
    terms = (job_id.lower(), job_id.upper(), job_id) if HEXADECIMAL_ID.fullmatch(job_id) else (RECEIVED, DELIVERY)
    return " ".join(f'?"{term}"' for term in dict.fromkeys(terms))


class NotificationLog:
    """A log group that is searched for a job's records; it remembers what it has found, and until when it has read."""

    def __init__(self, client: BaseClient, log_group_name: str, wanted: Wanted, start_time: datetime) -> None:
        """Begin a search.

        Args:
            client: a CloudWatch Logs client.
            log_group_name: where the notifier logs to.
            wanted: the notifications that count.
            start_time: the earliest time at which a record can have been logged.
        """
        self._client, self._name, self._wanted = client, log_group_name, wanted
        self._start = self._unread = start_time
        self._events: dict[str, dict[str, Any]] = {}

    def read_new(self) -> Records:
        """All records so far, after reading what has come since the last time.

        Raises:
            AnsibleBackupError: the log group cannot be read.
        """
        return self._read(self._unread)

    def read_all(self) -> Records:
        """All records so far, after reading everything once more, for those that could be read much later than they were logged.

        Raises:
            AnsibleBackupError: the log group cannot be read.
        """
        return self._read(self._start)

    def _read(self, since: datetime) -> Records:
        now = datetime.now(UTC)
        events = filter_log_events(self._client, self._name, since, job_pattern(self._wanted.job_id))
        self._unread = max(self._start, now - OVERLAP)
        self._events |= {event["eventId"]: event for event in events or []}
        return records_of(self._wanted, self._events.values(), log_group_exists=events is not None)
