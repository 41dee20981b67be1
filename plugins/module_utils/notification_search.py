# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking for the evidence of a notification in one place after the other, as far as it is needed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letters import find_dead_letters
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_text
from ansible_collections.proven.aws_backup.plugins.module_utils.evidence import Evidence
from ansible_collections.proven.aws_backup.plugins.module_utils.notification_log import NotificationLog
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import Waited, growing_pause, wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.topic_activity import read_topic_activity

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import Wanted
    from botocore.client import BaseClient

LONGEST_PAUSE = 5.0
SETTLING_PAUSE = 2.0
"""Seconds after which an obstacle counts: the records of the targets are written one after the other."""


@dataclass(frozen=True)
class Places:
    """Where to look.

    Attributes:
        log_group_name: of the notifier.
        log_since: the earliest time at which a record can have been logged.
        dead_letter_queue_name: of the notifier; None: nowhere.
        topic_name: that the vault publishes to; None: nowhere.
        topic_since: the earliest time at which the notification can have been published.
    """

    log_group_name: str
    log_since: datetime
    dead_letter_queue_name: str | None
    topic_name: str | None
    topic_since: datetime


def find_evidence(client: Callable[[str], BaseClient], places: Places, wanted: Wanted, timeout: float) -> Waited[Evidence]:
    """What the log proves, once it does or the time is over; if it proves nothing, what the queue and the topic tell.

    Args:
        client: makes a client for the service of a name.
        places: where to look.
        wanted: the notification.
        timeout: seconds to wait for the log; 0 for one look.

    Raises:
        AnsibleBackupError: the log cannot be read.
    """
    waited = _watch_log(NotificationLog(client("logs"), places.log_group_name, wanted, places.log_since), wanted, timeout)
    evidence = waited.value
    if not evidence.grade and places.dead_letter_queue_name:
        evidence = _with_dead_letters(evidence, client, places.dead_letter_queue_name)
    if not evidence.grade and places.topic_name:
        evidence = _with_topic(evidence, client, places.topic_name, places.topic_since)
    return replace(waited, value=evidence)


def _watch_log(log: NotificationLog, wanted: Wanted, timeout: float) -> Waited[Evidence]:
    waited = wait_until(
        lambda: Evidence(wanted, log.read_new()),
        lambda evidence: evidence.is_over,
        timeout,
        lambda _evidence, age: min(growing_pause(age), LONGEST_PAUSE),
    )
    if not timeout or waited.value.is_accepted:
        return waited
    if waited.value.obstacles:
        time.sleep(SETTLING_PAUSE)
    return replace(waited, value=Evidence(wanted, log.read_all()))


def _with_dead_letters(evidence: Evidence, client: Callable[[str], BaseClient], queue_name: str) -> Evidence:
    try:
        return replace(evidence, dead_letters=find_dead_letters(client("sqs"), queue_name, evidence.wanted))
    except AnsibleBackupError as error:
        return _without(evidence, error)


def _with_topic(evidence: Evidence, client: Callable[[str], BaseClient], topic_name: str, since: datetime) -> Evidence:
    try:
        return replace(evidence, topic=read_topic_activity(client("cloudwatch"), topic_name, since))
    except AnsibleBackupError as error:
        return _without(evidence, error)


def _without(evidence: Evidence, error: AnsibleBackupError) -> Evidence:
    return replace(evidence, notes=(*evidence.notes, f"{error.message}: {error_text(error) or error.exception}"))
