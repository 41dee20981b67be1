#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_notification_info
version_added: 0.1.0
short_description: Find, or wait for, the proof that a backup job's notification was delivered
description:
  - Reads the log of the notifier, the AWS Lambda function of this collection that passes the notifications of a vault on to Slack.
    It writes one record for each delivery, with the ID of the job and the answer it got.
  - A log event takes a few seconds until it can be read, so set O(wait=true) when the job has just ended.
  - The log may be in another account or Region than the job. The connection options say where.
options:
  backup_job_id:
    description: The ID of the job, in upper or lower case.
    type: str
    required: true
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
  start_time:
    description:
      - The earliest time at which a record can have been written, in ISO 8601, and in UTC unless it says otherwise.
        The job's creation or completion date are good choices.
      - One hour before now by default.
    type: str
  wait:
    description:
      - Whether to wait until a message was accepted.
      - The module then fails when none was within O(wait_timeout), or as soon as one is refused for good.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait.
    type: int
    default: 300
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.backup_job
  - module: proven.aws_backup.backup_vault_notification
author:
  - "proven.aws_backup contributors (@proven)"
"""

EXAMPLES = r"""
- name: Prove that the end of this job was announced in Slack
  proven.aws_backup.backup_notification_info:
    function_name: backup-notifier
    backup_job_id: "{{ started.backup_job.backup_job_id }}"
    start_time: "{{ started.backup_job.creation_date }}"
    wait: true
    wait_timeout: 120

- name: See whether the start of a job was announced
  proven.aws_backup.backup_notification_info:
    log_group_name: /central/backup-notifier
    backup_job_id: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    states: [CREATED, RUNNING]
    start_time: "2026-11-23T00:00:00Z"
  register: start
"""

RETURN = r"""
accepted:
  description: Whether a message about the job in one of O(states) was accepted.
  returned: always
  type: bool
  sample: true
latency:
  description:
    - Seconds from O(start_time) until the record of the first accepted message was logged.
    - Null when none was accepted, or without O(start_time).
  returned: always
  type: float
  sample: 3.217
notifications:
  description: The delivery records of the job in one of O(states), oldest first.
  returned: always
  type: list
  elements: dict
  contains:
    job_id:
      description: The ID of the job, as the notification spelled it.
      returned: always
      type: str
      sample: 1B2345B2-F22C-4DAB-5EB6-BBC7890ED123
    event_type:
      description: The family of the event.
      returned: always
      type: str
      sample: BACKUP_JOB
    state:
      description: The state of the job.
      returned: always
      type: str
      sample: COMPLETED
    target:
      description: Where the message went.
      returned: always
      type: str
      sample: slack_webhook
    outcome:
      description: V(accepted), V(rejected) for good, or V(retry) when it failed in a way that is tried again.
      returned: always
      type: str
      sample: accepted
    http_status:
      description: The status of the answer, null without an answer.
      returned: always
      type: int
      sample: 200
    duration_ms:
      description: Milliseconds that the delivery took.
      returned: always
      type: int
      sample: 112
    attempts:
      description: How often the message was sent.
      returned: always
      type: int
      sample: 1
    message_id:
      description: The ID of the SNS message.
      returned: always
      type: str
      sample: 12345678-abcd-123a-def0-abcd1a234567
    error:
      description: What went wrong, null when nothing did.
      returned: always
      type: str
      sample: no_service
    timestamp:
      description: When the record was logged, in ISO 8601.
      returned: always
      type: str
      sample: "2026-11-23T20:51:07.123+00:00"
    log_stream_name:
      description: The log stream that holds the record.
      returned: always
      type: str
      sample: 2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef
"""

from datetime import UTC, datetime
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import STATES, TERMINAL_STATES
from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import (
    EARLIEST_BY_DEFAULT,
    explain,
    read_deliveries,
    seconds_between,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import growing_pause, wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import parse_time

LONGEST_PAUSE = 5.0


def find(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Read the records, wait for them where wanted, and return the module's result.

    Raises:
        AnsibleBackupError: the log cannot be read, or no message was accepted although that was waited for.
    """
    params = module.params
    group = params["log_group_name"] or f"/aws/lambda/{params['function_name']}"
    given = parse_time("start_time", params["start_time"])
    start = given or datetime.now(UTC) - EARLIEST_BY_DEFAULT
    waited = wait_until(
        lambda: read_deliveries(client, group, params["backup_job_id"], params["states"], start),
        lambda deliveries: deliveries.is_over,
        params["wait_timeout"] if params["wait"] else 0,
        lambda _deliveries, age: min(growing_pause(age), LONGEST_PAUSE),
    )
    deliveries, first = waited.value, waited.value.accepted
    result = {
        "accepted": first is not None,
        "latency": seconds_between(given, first) if given and first else None,
        "notifications": deliveries.records,
    }
    if first is None and (params["wait"] or not deliveries.log_group_exists):
        after = f" after {waited.seconds:.0f} seconds" if params["wait"] else ""
        reason = explain(deliveries, group, client.meta.region_name)
        raise AnsibleBackupError(message=f"No accepted notification of the job {params['backup_job_id']}{after}: {reason}", **result)
    return result


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "backup_job_id": {"required": True},
            "function_name": {},
            "log_group_name": {},
            "states": {
                "type": "list",
                "elements": "str",
                "choices": STATES,
                "default": TERMINAL_STATES,
            },
            "start_time": {},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 300},
        },
        mutually_exclusive=[("function_name", "log_group_name")],
        required_one_of=[("function_name", "log_group_name")],
        supports_check_mode=True,
    )
    try:
        result = find(module, module.client("logs"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
