#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restored_resource
version_added: 0.1.0
short_description: Tag or delete a resource that was restored to prove a backup
description:
  - AWS Backup deletes nothing of what an ordinary restore job creates. This module tags it, and deletes it when it has served.
  - It touches only what is proven to be restored by the stage. A restore job that ran with O(iam_role_arn) created it, or it carries all of
    O(tags), or it has a name as O(name_prefix) says. It never touches O(source_resource_arn), nor what any of these restore jobs restored.
  - What would keep the resource is removed with it. These are data volumes of an instance, a protection from deletion or
    termination, the instances of a cluster, the mount targets of a file system, and the objects in a bucket with all their versions.
    No last snapshot is made.
notes:
  - Needs C(backup:ListRestoreJobs), with O(restore_job_id) C(backup:DescribeRestoreJob), and to describe, tag and delete resources of the
    type, for example C(ec2:DescribeInstances), C(ec2:DescribeInstanceAttribute), C(ec2:CreateTags), C(ec2:ModifyInstanceAttribute) and
    C(ec2:TerminateInstances).
options:
  state:
    description:
      - V(present) tags the resource.
      - V(absent) deletes it.
    type: str
    choices: [present, absent]
    default: present
  resource_arn:
    description: The restored resource.
    type: str
    required: true
  source_resource_arn:
    description: What was backed up.
    type: str
    required: true
  restore_job_id:
    description:
      - The restore job that created it, where that is known.
      - That job alone is looked at then. Otherwise, and when it is another's, all restore jobs of the last 30 days are.
    type: str
  iam_role_arn:
    description: The role that serves for restores of this kind, and for no others.
    type: str
    required: true
  tags:
    description: The tags that all that is restored gets. At least one.
    type: dict
    required: true
  name_prefix:
    description:
      - How the names of all that is restored begin.
      - It is followed by a word, a hyphen and seven hexadecimal digits. What only begins so is somebody else's.
    type: str
    required: true
  more_tags:
    description: Tags to set besides, for example the name of an instance.
    type: dict
    default: {}
  wait:
    description: Whether to wait until it is gone.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait.
    type: int
    default: 1200
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
  - module: proven.aws_backup.restored_resource_info
  - module: proven.aws_backup.restore_check_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Delete what was restored
  proven.aws_backup.restored_resource:
    state: absent
    resource_arn: arn:aws:dynamodb:us-west-2:123456789012:table/backup-dev-restored-orders
    source_resource_arn: arn:aws:dynamodb:us-west-2:123456789012:table/orders
    iam_role_arn: arn:aws:iam::123456789012:role/AWSBackup-restore-proof
    tags:
      Restored: backup-dev
    name_prefix: backup-dev-restored-
"""

RETURN = r"""
restored_resource:
  description: The resource.
  returned: success
  type: dict
  contains:
    resource_arn:
      description: Its ARN.
      returned: always
      type: str
      sample: arn:aws:dynamodb:us-west-2:123456789012:table/backup-dev-restored-orders
    found_by:
      description: What proves that it was restored.
      returned: always
      type: str
      sample: the restore job 1B2C3D4E-0000-0000-0000-000000000000
    tags:
      description: Its tags, empty when it does not exist.
      returned: always
      type: dict
      sample: {Restored: backup-dev}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of, read_facts
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_search import check_is_restored, stage_of, texts
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn


def tags_after(params: dict[str, Any], before: dict[str, str]) -> dict[str, str]:
    """The tags of a resource that has these before."""
    return {**before, **texts(params["tags"]), **texts(params["more_tags"])}


def ensure(module: AnsibleAWSModule) -> dict[str, Any]:
    """Tag or delete the resource and return the module's result.

    Raises:
        AnsibleBackupError: it is not proven to be restored, or a service did not do as it was asked.
    """
    arn, source, client = module.params["resource_arn"], module.params["source_resource_arn"], client_factory(module)
    check_arn("resource_arn", arn)
    check_arn("source_resource_arn", source)
    proof = check_is_restored(client, stage_of(module.params), arn, source, module.params["restore_job_id"])
    facts = read_facts(client, arn)
    before = facts["tags"] if facts else {}
    absent = module.params["state"] == "absent"
    if facts is None and not absent:
        raise AnsibleBackupError(message=f"{arn} cannot be tagged: it does not exist")
    after = {} if absent else tags_after(module.params, before)
    changed = facts is not None if absent else before != after
    if changed and not module.check_mode:
        delete(module, client, arn) if absent else kind_of(arn).tag(client, arn, _named(after, before))
    return {
        "changed": changed,
        "restored_resource": {"resource_arn": arn, "found_by": proof.found_by, "tags": after},
        "diff": {"before": {"exists": facts is not None, "tags": before}, "after": {"exists": not absent, "tags": after}},
    }


def delete(module: AnsibleAWSModule, client: ClientFactory, arn: str) -> None:
    """Delete the resource, and wait until it is gone or on its way, if that is wanted.

    Raises:
        AnsibleBackupError: it is still there.
    """
    kind_of(arn).delete(client, arn)
    if not module.params["wait"]:
        return
    timeout = module.params["wait_timeout"]
    waited = wait_until(lambda: read_facts(client, arn), lambda facts: facts is None, timeout)
    if waited.value is not None:
        raise AnsibleBackupError(message=f"{arn} was to be deleted and is {waited.value['state']} after {timeout} s", changed=True)


def _named(after: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in after.items() if before.get(key) != value}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "resource_arn": {"required": True},
            "source_resource_arn": {"required": True},
            "restore_job_id": {},
            "iam_role_arn": {"required": True},
            "tags": {"type": "dict", "required": True},
            "name_prefix": {"required": True},
            "more_tags": {"type": "dict", "default": {}},
            "wait": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 1200},
        },
        supports_check_mode=True,
    )
    try:
        result = ensure(module)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
