#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_dead_letter_redrive
version_added: 0.1.0
short_description: Send the events of a Lambda function's dead-letter queue to the function again
description:
  - AWS Lambda puts an event that a function could not handle, after its retries, into the function's dead-letter queue.
    When the reason is mended, this module sends those events to the function again.
  - It hands the function one event at a time, in the order in which they happened, as their sender (SNS or EventBridge) dates them,
    and waits until the function has handled it. Only then is the message deleted. An event that is in the queue several times is
    sent once.
  - An event that the function fails on stays in the queue, and so do the later events of the same job. The events of other jobs are
    sent. The module then fails at its end.
  - It goes on until the queue is empty or its time is over, and so sends what comes into the queue in the meantime, too.
  - While it works, the messages are hidden from others. When it ends, those that remain can be seen again at once. When it is
    killed, they can be seen again after O(visibility_timeout). Nothing is lost, but the one event that the function was handling
    may be sent again.
notes:
  - It needs the permissions C(lambda:GetFunctionConfiguration) and C(lambda:InvokeFunction) on the function, and C(sqs:GetQueueUrl),
    C(sqs:GetQueueAttributes), C(sqs:ReceiveMessage), C(sqs:ChangeMessageVisibility) and C(sqs:DeleteMessage) on the queue.
  - SQS cannot move messages back to a function by itself. Its own redrive (C(StartMessageMoveTask)) goes from queue to queue.
options:
  function_name:
    description: The name of the function. Its dead-letter queue is the one its settings name.
    type: str
    required: true
  visibility_timeout:
    description:
      - Seconds for which the messages are hidden from others, and so the time that this module has for all of them. It begins
        with no event that might not end in time; what it did not get to remains in the queue.
      - At least the function's time limit and 30 seconds more, at most 43200, which is SQS's limit.
    type: int
    default: 900
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - Lists what would be sent. The messages are hidden from others while it reads them. What the function would say is not known before.
  diff_mode:
    support: none
    details:
      - The returned list says what was sent, or would be.
  idempotent:
    support: full
    details:
      - What was sent is no longer in the queue.
seealso:
  - module: amazon.aws.lambda
  - module: community.aws.sqs_queue
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: See what would be sent
  proven.aws_backup.lambda_dead_letter_redrive:
    function_name: backup-notifier
  check_mode: true
  register: waiting

- name: Send everything again, for an hour at most
  proven.aws_backup.lambda_dead_letter_redrive:
    function_name: backup-notifier
    visibility_timeout: 3600
"""

RETURN = r"""
queue_url:
  description: The dead-letter queue.
  returned: always, on failure too once the queue was read
  type: str
  sample: https://sqs.us-west-2.amazonaws.com/123456789012/backup-undelivered
events:
  description: The events that were in the queue, each once, the oldest first.
  returned: always, on failure too once the queue was read
  type: list
  elements: dict
  contains:
    summary:
      description: What the event is about.
      returned: always
      type: str
      sample: BACKUP_JOB FAILED An AWS Backup job failed. Resource ARN ...
    sent_timestamp:
      description: When it first came into the queue, in ISO 8601.
      returned: always
      type: str
      sample: "2026-11-23T20:51:07.123+00:00"
    message_ids:
      description: The SQS messages that hold it, more than one when it is in the queue several times.
      returned: always
      type: list
      elements: str
      sample: [12345678-abcd-123a-def0-abcd1a234567]
    dead_letter_error:
      description: What the function said when the event was put into the queue, null when that is not known.
      returned: always
      type: str
      sample: "1 of 1 notifications not delivered; first reason: no_service"
    outcome:
      description:
        - V(sent) when the function has handled it, V(failed) when it has not.
        - V(pending) when it was not tried, in check mode, because the time was over, or because the function failed on an earlier
          event of the same job.
      returned: always
      type: str
      sample: sent
    error:
      description: Why it was not sent, or why it is still in the queue although it was. Null otherwise.
      returned: always
      type: str
      sample: "DeliveryError: 1 of 1 notifications not delivered; first reason: no_service"
sent_count:
  description: How many events the function has handled.
  returned: always, on failure too once the queue was read
  type: int
  sample: 7
failed_count:
  description: How many events the function failed on, or was not given.
  returned: always, on failure too once the queue was read
  type: int
  sample: 0
pending_count:
  description: How many events were not tried.
  returned: always, on failure too once the queue was read
  type: int
  sample: 0
remaining_count:
  description: How many of the events are still in the queue, with RV(unreceived_count) and RV(hidden_count).
  returned: always, on failure too once the queue was read
  type: int
  sample: 0
unreceived_count:
  description: About how many messages the module did not receive, because the time was over. They are not among RV(events).
  returned: always, on failure too once the queue was read
  type: int
  sample: 0
hidden_count:
  description:
    - About how many messages somebody else is working on, for example a redrive that was killed, since before the module began.
      They are not among RV(events).
    - SQS may count for a minute what is gone already.
  returned: always, on failure too once the queue was read
  type: int
  sample: 0
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.arn import parse_aws_arn
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letter_redrive import (
    Count,
    Redrive,
    Sending,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.dead_letters import get_queue_url
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.lambda_invocation import connection_config, get_function_configuration
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require

SHORTEST_MARGIN = 30
LONGEST_VISIBILITY = 43_200
LISTED_REASONS = 3


def find_queue(function: dict[str, Any], client: Any) -> str:
    """The URL of the queue that a function's settings name.

    Raises:
        AnsibleBackupError: they name none, or none that is there.
    """
    name = function["FunctionName"]
    arn = function.get("DeadLetterConfig", {}).get("TargetArn", "")
    require(arn, f"The function {name} has no dead-letter queue: there is nothing to send again")
    parsed = parse_aws_arn(arn)
    require(
        parsed and parsed["service"] == "sqs", f"The function {name} sends its dead letters to {arn}, which is no queue and keeps nothing"
    )
    url = get_queue_url(client, parsed["resource"])
    require(url, f"The function {name} has {arn} as its dead-letter queue, and there is no such queue: create it, or deploy again")
    return str(url)


def check_visibility(seconds: int, function_timeout: int) -> None:
    """Raise AnsibleBackupError unless the function can handle an event in that time, and SQS allows it."""
    shortest = function_timeout + SHORTEST_MARGIN
    require(
        shortest <= seconds <= LONGEST_VISIBILITY,
        f"visibility_timeout: {seconds} must be between {shortest} (the function may take {function_timeout}) and {LONGEST_VISIBILITY}",
    )


def to_result(queue_url: str, sendings: list[Sending], left: Count) -> dict[str, Any]:
    """What the module returns, on success and on failure."""
    outcomes = [sending.outcome for sending in sendings]
    return {
        "queue_url": queue_url,
        "events": [{**each.event.as_dict(), "outcome": each.outcome, "error": each.error} for each in sendings],
        "sent_count": outcomes.count("sent"),
        "failed_count": outcomes.count("failed"),
        "pending_count": outcomes.count("pending"),
        "remaining_count": sum(each.in_queue for each in sendings) + left.visible + left.hidden,
        "unreceived_count": left.visible,
        "hidden_count": left.hidden,
    }


def explain(result: dict[str, Any], seconds: int) -> str:
    """What remains in the queue, and why."""
    reasons = list(dict.fromkeys(event["error"] for event in result["events"] if event["error"]))
    more = f" and {len(reasons) - LISTED_REASONS} more reasons" if len(reasons) > LISTED_REASONS else ""
    known = result["remaining_count"] - result["unreceived_count"] - result["hidden_count"]
    parts = [f"{known} of {len(result['events'])} events remain"]
    if reasons:
        parts.append(f"{'; '.join(reasons[:LISTED_REASONS])}{more}")
    if late := sum(event["outcome"] == "pending" and not event["error"] for event in result["events"]):
        parts.append(f"{late} were not tried, because {seconds} seconds were over: redrive again, with more visibility_timeout")
    if result["unreceived_count"]:
        parts.append(f"About {result['unreceived_count']} messages were not received, because {seconds} seconds were over")
    if result["hidden_count"]:
        parts.append(f"About {result['hidden_count']} messages are hidden: wait until whoever reads them is done, then redrive again")
    return f"The queue {result['queue_url'].rsplit('/', 1)[-1]} is not empty. {'. '.join(parts)}"


def redrive(module: AnsibleAWSModule) -> dict[str, Any]:
    """Send the events, or list them in check mode, and return the module's result.

    Raises:
        AnsibleBackupError: the function or its queue cannot be used, or events remain.
    """
    name, seconds = module.params["function_name"], module.params["visibility_timeout"]
    awslambda, sqs = module.client("lambda", config=connection_config()), module.client("sqs")
    function = get_function_configuration(awslambda, name)
    if function is None:
        raise AnsibleBackupError(message=f"There is no function {name} in {awslambda.meta.region_name}: check its name and the Region")
    check_visibility(seconds, function["Timeout"])
    queue_url = find_queue(function, sqs)
    sendings, left = Redrive(sqs, awslambda, queue_url, name, function["Timeout"], seconds).run(module.check_mode)
    result = to_result(queue_url, sendings, left)
    changed = bool(result["pending_count"] if module.check_mode else result["sent_count"])
    if not module.check_mode and result["remaining_count"]:
        raise AnsibleBackupError(message=explain(result, seconds), changed=changed, **result)
    return {"changed": changed, **result}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "function_name": {"required": True},
            "visibility_timeout": {"type": "int", "default": 900},
        },
        supports_check_mode=True,
    )
    try:
        result = redrive(module)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
