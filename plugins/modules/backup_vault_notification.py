#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_vault_notification
version_added: 0.1.0
short_description: Manage the SNS notifications of an AWS Backup vault
description:
  - Sets or removes the one SNS topic that a vault notifies, and the events it notifies of.
  - AWS does not check that the topic lets AWS Backup publish. Its policy must allow V(sns:Publish) to the service
    V(backup.amazonaws.com), and a topic that is encrypted needs a customer managed key that this service may use.
options:
  state:
    description:
      - V(present) sets the topic and exactly these events.
      - V(absent) removes them. A vault that does not exist is no error.
    type: str
    choices: [present, absent]
    default: present
  backup_vault_name:
    description: The name of the vault.
    type: str
    required: true
  sns_topic_arn:
    description: The ARN of a standard topic of the same account and Region. Required when O(state=present).
    type: str
  backup_vault_events:
    description:
      - The events to notify of, in any order. Required when O(state=present).
      - V(BACKUP_JOB_STARTED), V(BACKUP_JOB_COMPLETED), V(RESTORE_JOB_STARTED), V(RESTORE_JOB_COMPLETED), V(COPY_JOB_STARTED),
        V(COPY_JOB_SUCCESSFUL), V(COPY_JOB_FAILED), V(RECOVERY_POINT_MODIFIED), V(S3_BACKUP_OBJECT_FAILED),
        V(S3_RESTORE_OBJECT_FAILED), V(CONTINUOUS_BACKUP_INTERRUPTED), the C(RECOVERY_POINT_INDEX), C(EKS) and C(ACCESS_POINT)
        events, and any other event that the installed botocore knows.
      - V(BACKUP_JOB_COMPLETED) is sent for every end of a job, whether it was completed, failed, expired or was stopped.
      - The names V(BACKUP_JOB_SUCCESSFUL), V(BACKUP_JOB_FAILED), V(BACKUP_JOB_EXPIRED), V(RESTORE_JOB_SUCCESSFUL),
        V(RESTORE_JOB_FAILED), V(BACKUP_PLAN_CREATED) and V(BACKUP_PLAN_MODIFIED) are deprecated. AWS accepts them but sends nothing
        of their own, so the module warns.
    type: list
    elements: str
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
      - A vault that does not exist is a warning in check mode, since an earlier task may have to create it.
  diff_mode:
    support: full
    details:
      - Shows the topic and the events.
  idempotent:
    support: full
seealso:
  - module: amazon.aws.backup_vault
  - module: community.aws.sns_topic
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Notify of the start and of every end of a backup job
  proven.aws_backup.backup_vault_notification:
    backup_vault_name: production
    sns_topic_arn: arn:aws:sns:us-west-2:123456789012:backup-events
    backup_vault_events:
      - BACKUP_JOB_STARTED
      - BACKUP_JOB_COMPLETED

- name: Notify of nothing any more
  proven.aws_backup.backup_vault_notification:
    state: absent
    backup_vault_name: production
"""

RETURN = r"""
backup_vault_notification:
  description: The notifications of the vault, as they are after the module ran. Empty when there are none.
  returned: success
  type: dict
  contains:
    backup_vault_name:
      description: The name of the vault.
      returned: when O(state=present)
      type: str
      sample: production
    sns_topic_arn:
      description: The ARN of the topic.
      returned: when O(state=present)
      type: str
      sample: arn:aws:sns:us-west-2:123456789012:backup-events
    backup_vault_events:
      description: The events, sorted.
      returned: when O(state=present)
      type: list
      elements: str
      sample: [BACKUP_JOB_COMPLETED, BACKUP_JOB_STARTED]
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.prerequisites import require_existing
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_existing_vault_name, check_region
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_notifications import (
    DEPRECATED_EVENTS,
    check_events,
    check_topic,
    delete_backup_vault_notifications,
    put_backup_vault_notifications,
    read_notifications,
    to_result,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault


def wanted(module: AnsibleAWSModule, client: Any) -> dict[str, Any] | None:
    """The notifications that the options ask for; None for none. Warns of deprecated events.

    Raises:
        AnsibleBackupError: the topic or an event cannot be right.
    """
    if module.params["state"] == "absent":
        return None
    topic, events = module.params["sns_topic_arn"], module.params["backup_vault_events"]
    check_topic(topic)
    check_region("sns_topic_arn", topic, client.meta.region_name)
    check_events(events, client)
    for event in sorted(set(events) & set(DEPRECATED_EVENTS)):
        module.warn(f"AWS has deprecated the event {event} and sends nothing for it. Use {DEPRECATED_EVENTS[event]}.")
    return to_result(module.params["backup_vault_name"], topic, events)


def ensure(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Bring the vault's notifications to what is wanted and return the module's result."""
    name = module.params["backup_vault_name"]
    check_existing_vault_name(name)
    after = wanted(module, client)
    before = read_notifications(client, name)
    if after is not None and before is None:
        exists = find_backup_vault(client, name) is not None
        require_existing(exists, f"vault {name}", client.meta.region_name, module.check_mode, module.warn)
    changed = before != after
    if changed and not module.check_mode:
        if after is None:
            delete_backup_vault_notifications(client, name)
        else:
            put_backup_vault_notifications(client, **after)
    return {"changed": changed, "backup_vault_notification": after or {}, "diff": {"before": before or {}, "after": after or {}}}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "backup_vault_name": {"required": True},
            "sns_topic_arn": {},
            "backup_vault_events": {"type": "list", "elements": "str"},
        },
        required_if=[("state", "present", ["sns_topic_arn", "backup_vault_events"])],
        supports_check_mode=True,
    )
    try:
        result = ensure(module, module.client("backup"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
