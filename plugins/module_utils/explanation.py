# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a notification was not accepted, and what to look at next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ansible_collections.proven.aws_backup.plugins.module_utils.evidence import Evidence
    from ansible_collections.proven.aws_backup.plugins.module_utils.topic_activity import TopicActivity

CHECK_THE_START = "that the vault notifies (GetBackupVaultNotifications), that the topic's policy lets backup.amazonaws.com publish"
CHECK_THE_END = "that the function is subscribed and SNS may invoke it, and then the function's dead-letter queue and its log"


def explain(evidence: Evidence, log_group_name: str, region: str) -> str:
    """Why the message is not accepted, and what to look at next."""
    records = evidence.records
    if evidence.obstacles:
        return _explain_obstacles(evidence)
    if records.deliveries:
        return _explain_missing(evidence)
    if records.received:
        routes = ", ".join(sorted({str(record.get("route")) for record in records.received}))
        return f"the function got it (by {routes}) and has said nothing about its delivery. Look into the log group {log_group_name}"
    if evidence.dead_letters:
        errors = sorted({str(letter["error"]) for letter in evidence.dead_letters if letter["error"]})
        return (
            "AWS Backup published it, and the function could not handle it: the event waits in the dead-letter queue "
            f"({'; '.join(errors) or 'it does not say why'}). Look into the log group {log_group_name}, mend it, redrive the queue"
        )
    if not records.log_group_exists:
        return (
            f"the log group {log_group_name} does not exist in {region}. Check the name of the function, the account and the Region; "
            f"a function that never ran may have no log group{'. ' + _explain_topic(evidence.topic) if evidence.topic else ''}"
        )
    seen = _describe_all(records.others) or "nothing about this job"
    return f"the log group {log_group_name} has {seen}. {_explain_topic(evidence.topic)}"


def _explain_topic(topic: TopicActivity | None) -> str:
    if topic is None:
        return f"Check {CHECK_THE_START}, {CHECK_THE_END}"
    where = f"to the topic {topic.topic_name} since {topic.since:%Y-%m-%d %H:%M} UTC"
    if not topic.published:
        return f"No message was published {where}, as far as CloudWatch has counted (it is some minutes behind). Check {CHECK_THE_START}"
    published = f"{_messages(topic.published)} published {where}, by its metrics, which name no job"
    failed = f"; SNS could not deliver {topic.failed} of its notifications" if topic.failed else ""
    return f"{published}{failed}. Check {CHECK_THE_END}"


def _messages(number: int) -> str:
    return "1 message was" if number == 1 else f"{number} messages were"


def _explain_obstacles(evidence: Evidence) -> str:
    seen, outcomes = _describe_all(evidence.obstacles), {record.get("outcome") for record in evidence.obstacles}
    if "rejected" in outcomes:
        return f"the message was refused: {seen}. Check the target's secret, its webhook URL or token, and the channel it posts to"
    if "muted" in outcomes:
        return f"a rule of the notifier mutes it: {seen}. Check notifier_rules"
    return f"the wrong alert arrived: {seen}, where {evidence.wanted.severity} was expected"


def _explain_missing(evidence: Evidence) -> str:
    missing = [target for target in evidence.targets if target not in evidence.accepted]
    of_missing = [record for record in evidence.records.deliveries if str(record.get("target")) in missing]
    if not of_missing:
        return f"it was never sent to {', '.join(missing)}. Check the notifier's targets and rules"
    return (
        f"the message did not get through so far: {_describe_all(of_missing)}. Lambda tries again after 1 and 2 minutes, "
        "then see the dead-letter queue"
    )


def _describe_all(records: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(_describe(record) for record in records)


def _describe(record: Mapping[str, Any]) -> str:
    details = [str(record["target"])] if record.get("target") else []
    details += [str(record["severity"])] if record.get("severity") else []
    details += [f"HTTP {record['http_status']}"] if record.get("http_status") else []
    details += [str(record["error"])] if record.get("error") else []
    return f"{record.get('state')} {record.get('outcome')}" + (f" ({', '.join(details)})" if details else "")
