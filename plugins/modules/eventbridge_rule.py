#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: eventbridge_rule
version_added: 0.1.0
short_description: Manage an EventBridge rule whose targets keep what they cannot be given
description:
  - Creates, changes and deletes a rule on an event pattern, with its targets and tags.
  - Unlike M(amazon.aws.cloudwatchevent_rule), it gives targets a dead-letter queue and a retry policy, and knows tags and check mode.
notes:
  - Needs the permissions C(events:DescribeRule), C(events:ListTargetsByRule) and C(events:ListTagsForResource); to write,
    C(events:PutRule), C(events:PutTargets), C(events:RemoveTargets), C(events:DeleteRule), C(events:TagResource) and
    C(events:UntagResource).
  - The target's own policy must let EventBridge use it, and the policy of a dead-letter queue must let EventBridge send to it.
options:
  state:
    description:
      - V(present) creates the rule or brings it to what is given.
      - V(absent) removes its targets and then the rule.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the rule.
    type: str
    required: true
  event_bus_name:
    description: The bus that the rule is on. AWS services send to the default one.
    type: str
    default: default
  description:
    description: What the rule is for.
    type: str
    default: ""
  event_pattern:
    description: The events that the rule is about. Required when O(state=present).
    type: dict
  enabled:
    description: Whether the rule works.
    type: bool
    default: true
  targets:
    description: Where the events go. Targets that are not given here are removed.
    type: list
    elements: dict
    default: []
    suboptions:
      id:
        description: The ID of the target within the rule.
        type: str
        required: true
      arn:
        description: The ARN of the target.
        type: str
        required: true
      dead_letter_arn:
        description: The ARN of the SQS queue for events that could not be given to the target. Without one, they are lost.
        type: str
      maximum_event_age_in_seconds:
        description: For how long EventBridge tries, from 60 to 86400. AWS's default is 86400.
        type: int
      maximum_retry_attempts:
        description: How often EventBridge tries again, from 0 to 185. AWS's default is 185.
        type: int
  tags:
    description: Tags of the rule. Not given, its tags stay as they are.
    type: dict
    aliases: [resource_tags]
  purge_tags:
    description: Whether to remove tags that O(tags) does not name.
    type: bool
    default: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: amazon.aws.cloudwatchevent_rule
  - module: proven.aws_backup.sns_subscription
author:
  - "proven.aws_backup contributors (!UNKNOWN)"
"""

EXAMPLES = r"""
- name: Give a function all events of AWS Backup, and a queue those that it cannot be given
  proven.aws_backup.eventbridge_rule:
    name: backup-events
    event_pattern:
      source: [aws.backup]
    targets:
      - id: notifier
        arn: arn:aws:lambda:us-west-2:123456789012:function:backup-notifier
        dead_letter_arn: arn:aws:sqs:us-west-2:123456789012:backup-undelivered
    tags:
      project: backup

- name: Remove it
  proven.aws_backup.eventbridge_rule:
    state: absent
    name: backup-events
"""

RETURN = r"""
rule:
  description: The rule after the module ran, null when there is none.
  returned: success
  type: dict
  contains:
    name:
      description: Its name.
      type: str
      sample: backup-events
    event_bus_name:
      description: The bus that it is on.
      type: str
      sample: default
    arn:
      description: Its ARN, empty in check mode for a rule that does not exist yet.
      type: str
      sample: arn:aws:events:us-west-2:123456789012:rule/backup-events
    description:
      description: What it is for.
      type: str
      sample: Events of AWS Backup
    event_pattern:
      description: The events that it is about, null for a rule with a schedule.
      type: dict
      sample: {source: [aws.backup]}
    state:
      description: V(ENABLED) or V(DISABLED).
      type: str
      sample: ENABLED
    targets:
      description: Where the events go, sorted by ID. What is not set is null.
      type: list
      elements: dict
      sample:
        - id: notifier
          arn: arn:aws:lambda:us-west-2:123456789012:function:backup-notifier
          dead_letter_arn: arn:aws:sqs:us-west-2:123456789012:backup-undelivered
          maximum_event_age_in_seconds: null
          maximum_retry_attempts: null
    tags:
      description: Its tags.
      type: dict
      sample: {project: backup}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.eventbridge_rules import Rule, read_rule, remove_rule, write_rule
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require
from ansible_collections.proven.aws_backup.plugins.module_utils.wanted_tags import wanted_tags

LIMITS = {"maximum_event_age_in_seconds": (60, 86_400), "maximum_retry_attempts": (0, 185)}
"""Of EventBridge's API, RetryPolicy."""


def check_targets(targets: list[dict[str, Any]]) -> None:
    """Raise AnsibleBackupError for targets that EventBridge would refuse."""
    ids = [target["id"] for target in targets]
    require(len(set(ids)) == len(ids), f"targets: the IDs {', '.join(ids)} are not all different")
    for target in targets:
        for name, (least, most) in LIMITS.items():
            value = target[name]
            require(
                value is None or least <= value <= most, f"targets: {name} of {target['id']} is {value} and must be from {least} to {most}"
            )


def to_wanted(params: dict[str, Any], before: Rule | None) -> Rule | None:
    """The rule as it shall be; None for no rule."""
    if params["state"] == "absent":
        return None
    return {
        "name": params["name"],
        "event_bus_name": params["event_bus_name"],
        "arn": before["arn"] if before else "",
        "description": params["description"],
        "event_pattern": params["event_pattern"],
        "state": "ENABLED" if params["enabled"] else "DISABLED",
        "targets": sorted(params["targets"], key=lambda target: str(target["id"])),
        "tags": wanted_tags(before["tags"] if before else {}, params["tags"], params["purge_tags"]),
    }


def ensure(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Bring the rule to what is wanted and return the module's result.

    Raises:
        AnsibleBackupError: a target cannot be right, or a call failed.
    """
    check_targets(module.params["targets"])
    before = read_rule(client, module.params["name"], module.params["event_bus_name"])
    after = to_wanted(module.params, before)
    result = {"changed": before != after, "diff": {"before": before or {}, "after": after or {}}}
    if before != after and not module.check_mode:
        if after is not None:
            after = {**after, "arn": write_rule(client, before, after)}
        elif before is not None:
            remove_rule(client, before)
    return {**result, "rule": after}


def main() -> None:
    target = {
        "id": {"required": True},
        "arn": {"required": True},
        "dead_letter_arn": {},
        "maximum_event_age_in_seconds": {"type": "int"},
        "maximum_retry_attempts": {"type": "int"},
    }
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "name": {"required": True},
            "event_bus_name": {"default": "default"},
            "description": {"default": ""},
            "event_pattern": {"type": "dict"},
            "enabled": {"type": "bool", "default": True},
            "targets": {"type": "list", "elements": "dict", "default": [], "options": target},
            "tags": {"type": "dict", "aliases": ["resource_tags"]},
            "purge_tags": {"type": "bool", "default": True},
        },
        required_if=[("state", "present", ["event_pattern"])],
        supports_check_mode=True,
    )
    try:
        result = ensure(module, module.client("events"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
