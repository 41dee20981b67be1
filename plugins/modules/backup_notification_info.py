#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_notification_info
version_added: 0.1.0
short_description: Find, or wait for, the proof that a job's notification was delivered
description:
  - Reads the log of the notifier, the AWS Lambda function of this collection that passes the notifications of a vault on to Slack
    and elsewhere. It writes a record for each notification that it gets, and one for each target that it delivers it to, with the
    ID of the job and the answer it got.
  - Says how far the notification came, in RV(grade), and returns the evidence. Whether a message can be seen in the channel is for
    M(proven.aws_backup.slack_message_info) to say.
  - A log event takes a few seconds until it can be read, so set O(wait=true) when the job has just ended.
  - The log may be in another account or Region than the job. The connection options say where.
options:
  job_id:
    description: The ID of the backup, copy or restore job, in upper or lower case.
    type: str
    required: true
    aliases: [backup_job_id, copy_job_id, restore_job_id]
  job_type:
    description: What kind of job it is. Any by default, as an ID belongs to one job only.
    type: str
    choices: [backup, copy, restore]
  function_name:
    description: The name of the function, whose log group is V(/aws/lambda/<function_name>).
    type: str
  log_group_name:
    description: The log group of the function, when it logs elsewhere.
    type: str
  states:
    description: The states of the job whose notifications count. All end states by default.
    type: list
    elements: str
    choices: [CREATED, PENDING, RUNNING, ABORTING, COMPLETED, FAILED, ABORTED, EXPIRED, PARTIAL]
    default: [COMPLETED, FAILED, ABORTED, EXPIRED, PARTIAL]
  severity:
    description:
      - What the notifier must have judged the news to be. A message with another severity is the wrong alert, and does not count.
      - A completed job with issues is a V(warning).
    type: str
    choices: [success, warning, failure, progress, unknown]
  targets:
    description:
      - The names of the notifier's targets that must have accepted the message, all of them.
      - By default every target that the function has sent it to, and at least one.
    type: list
    elements: str
    default: []
  dead_letter_queue_name:
    description:
      - The name of the function's dead-letter queue (SQS). It is looked into when the log says nothing about the notification. An event
        about it there proves that AWS Backup published it.
      - An event that is not there proves nothing. Lambda may still be trying, for up to 6 hours; the topic may have refused the event, or
        SNS may not be allowed to invoke the function; somebody else may be reading the queue; at most 1000 events are looked at.
      - Looking hides the queue's events from other readers for some seconds. Nothing is removed.
    type: str
  topic_name:
    description:
      - The name of the SNS topic that the vault publishes to. Its CloudWatch metrics are read when neither the log nor the queue says
        anything about the notification. They tell whether something was published, not what, and are some minutes behind.
      - Needs C(cloudwatch:GetMetricData). Without it the module warns, and goes without.
    type: str
  end_time:
    description:
      - When the job ended, in the form of O(start_time). What was published to the topic is counted from the minute of it on.
      - O(start_time) by default, and then what was published about the job's start counts, too.
    type: str
  start_time:
    description:
      - The earliest time at which a record can have been written, in ISO 8601, and in UTC unless it says otherwise.
        The job's creation or completion date are good choices.
      - One hour before now by default.
    type: str
  wait:
    description:
      - Whether to wait until the message was accepted wherever it must be.
      - The module then fails when it was not within O(wait_timeout), or as soon as it is refused for good, muted by a rule, or
        has the wrong severity.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait.
    type: int
    default: 300
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.backup_job
  - module: proven.aws_backup.backup_vault_notification
  - module: proven.aws_backup.slack_message_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Prove that the end of this job was announced in Slack
  proven.aws_backup.backup_notification_info:
    function_name: backup-notifier
    job_id: "{{ started.backup_job.backup_job_id }}"
    start_time: "{{ started.backup_job.creation_date }}"
    wait: true
    wait_timeout: 120

- name: Prove that a failure was told as one, in both places
  proven.aws_backup.backup_notification_info:
    function_name: backup-notifier
    dead_letter_queue_name: backup-undelivered
    topic_name: backup-events
    job_id: 2c3456c3-f33d-5ec6-cdc7-ccd890fe2345
    job_type: copy
    states: [FAILED]
    severity: failure
    targets: [slack, oncall]
    wait: true
"""

RETURN = r"""
accepted:
  description: Whether the message was accepted wherever it must be.
  returned: always
  type: bool
  sample: true
grade:
  description:
    - How far the notification is proven to have come. Each grade includes those before it.
    - V(published) by AWS Backup, V(delivered) to the function, V(accepted) by the targets.
    - Null when nothing is proven.
  returned: always
  type: str
  sample: accepted
evidence:
  description: What proves each grade, and what is known besides.
  returned: always
  type: dict
  contains:
    published:
      description:
        - The events in the dead-letter queue. Looked for only when the log says nothing, since what was delivered was published.
        - Empty when there are none, or none was looked for.
      returned: always
      type: list
      elements: dict
      contains:
        message_id: {description: "The ID of the message in the queue.", type: str, sample: 5b1d8a4c-3a8f-4a58-9a02-1d0f0f0f7b52}
        timestamp: {description: "When it was sent to the queue, in ISO 8601.", type: str, sample: "2026-11-23T20:55:09.001+00:00"}
        request_id:
          description: The ID of the invocation that failed, null when unknown.
          type: str
          sample: 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
        error:
          description: Why the invocation failed, null when unknown.
          type: str
          sample: "Unable to import module 'backup_notifier.handler'"
    delivered:
      description:
        - The records of the invocations with the notification, oldest first.
        - Each has route (V(sns) or V(eventbridge)), and of the keys of RV(notifications) those that are not about a target.
        - Those of RV(notifications) when an older function writes no records of invocations.
      returned: always
      type: list
      elements: dict
    accepted:
      description: The first record of each target that accepted the message, as in RV(notifications).
      returned: always
      type: list
      elements: dict
    topic:
      description:
        - What CloudWatch has counted at O(topic_name). It is no grade, since metrics do not tell which job a message was about.
        - Null when it was not looked for, because there is other evidence, or could not be read.
      returned: always
      type: dict
      contains:
        topic_name: {description: "The name of the topic.", type: str, sample: backup-events}
        since: {description: "From when on it is counted, in ISO 8601.", type: str, sample: "2026-11-23T20:51:00+00:00"}
        messages_published: {description: "How many messages were published.", type: int, sample: 2}
        notifications_failed: {description: "How often SNS could not deliver one to a subscriber.", type: int, sample: 0}
latency:
  description:
    - Seconds from O(start_time) until the record of the message that was accepted last, of those that had to be, was logged.
    - Null when RV(accepted=false), or without O(start_time).
  returned: always
  type: float
  sample: 3.217
notifications:
  description: The delivery records of the job in one of O(states), oldest first, of all targets.
  returned: always
  type: list
  elements: dict
  contains:
    job_id: {description: "The ID of the job, as the notification spelled it.", type: str, sample: 1B2345B2-F22C-4DAB-5EB6-BBC7890ED123}
    job_type: {description: "V(backup), V(copy) or V(restore).", type: str, sample: backup}
    event_type: {description: "The family of the event.", type: str, sample: BACKUP_JOB}
    state: {description: "The state of the job.", type: str, sample: COMPLETED}
    severity:
      description: What the notifier judged the news to be, V(success), V(warning), V(failure), V(progress) or V(unknown).
      type: str
      sample: success
    target: {description: "The name of the target that the message was for.", type: str, sample: slack}
    target_type: {description: "What kind of target that is.", type: str, sample: slack_webhook}
    outcome:
      description:
        - V(accepted), V(rejected) for good, or V(retry) when it failed in a way that is tried again.
        - V(muted) when a rule keeps it from the target, V(repeated) when it had been delivered before.
      type: str
      sample: accepted
    http_status: {description: "The status of the answer, null without an answer.", type: int, sample: 200}
    duration_ms: {description: "Milliseconds that the delivery took.", type: int, sample: 112}
    attempts: {description: "How often the message was sent.", type: int, sample: 1}
    message_id: {description: "The ID of the SNS message or EventBridge event.", type: str, sample: 12345678-abcd-123a-def0-abcd1a234567}
    error: {description: "What went wrong, null when nothing did.", type: str, sample: no_service}
    channel: {description: "The Slack channel, null when the target does not tell.", type: str, sample: C0123456789}
    ts: {description: "The ID of the message in its channel, null when the target does not tell.", type: str, sample: "1764017467.000200"}
    thread_ts: {description: "The ID of the message whose thread it is in, null for none.", type: str, sample: "1764017464.000100"}
    summary: {description: "Whether the message told of several events at once.", type: bool, sample: false}
    timestamp: {description: "When the record was logged, in ISO 8601.", type: str, sample: "2026-11-23T20:51:07.123+00:00"}
    log_stream_name: {description: "The log stream it is in.", type: str, sample: "2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef"}
"""

from datetime import UTC, datetime
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.explanation import explain
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import STATES, TERMINAL_STATES
from ansible_collections.proven.aws_backup.plugins.module_utils.notification_search import Places, find_evidence
from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import EARLIEST_BY_DEFAULT, Wanted
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_timeout, parse_time


def find(module: AnsibleAWSModule) -> dict[str, Any]:
    """Look for the evidence, wait for it where wanted, and return the module's result.

    Raises:
        AnsibleBackupError: the log cannot be read, or the message was not accepted although that was waited for.
    """
    params = module.params
    check_timeout("wait_timeout", params["wait_timeout"])
    given, ended = parse_time("start_time", params["start_time"]), parse_time("end_time", params["end_time"])
    start = given or datetime.now(UTC) - EARLIEST_BY_DEFAULT
    group = params["log_group_name"] or f"/aws/lambda/{params['function_name']}"
    places = Places(group, start, params["dead_letter_queue_name"], params["topic_name"], ended or start)
    wanted = Wanted(params["job_id"], tuple(params["states"]), params["job_type"], params["severity"], tuple(params["targets"]))
    waited = find_evidence(module.client, places, wanted, params["wait_timeout"] if params["wait"] else 0)
    evidence = waited.value
    for note in evidence.notes:
        module.warn(note)
    result = evidence.as_result(given)
    if not evidence.is_accepted and (params["wait"] or not evidence.records.log_group_exists):
        after = f" after {waited.seconds:.0f} seconds" if params["wait"] else ""
        reason = ". ".join([explain(evidence, group, module.client("logs").meta.region_name), *evidence.notes])
        raise AnsibleBackupError(message=f"No accepted notification of the job {params['job_id']}{after}: {reason}", **result)
    return result


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "job_id": {"required": True, "aliases": ["backup_job_id", "copy_job_id", "restore_job_id"]},
            "job_type": {"choices": ["backup", "copy", "restore"]},
            "function_name": {},
            "log_group_name": {},
            "states": {"type": "list", "elements": "str", "choices": STATES, "default": TERMINAL_STATES},
            "severity": {"choices": ["success", "warning", "failure", "progress", "unknown"]},
            "targets": {"type": "list", "elements": "str", "default": []},
            "dead_letter_queue_name": {},
            "topic_name": {},
            "start_time": {},
            "end_time": {},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 300},
        },
        mutually_exclusive=[("function_name", "log_group_name")],
        required_one_of=[("function_name", "log_group_name")],
        supports_check_mode=True,
    )
    try:
        result = find(module)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
