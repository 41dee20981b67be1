#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_canary
version_added: 0.1.0
short_description: Put a marker into a resource, that its next backup has to bring back
description:
  - Writes a random marker into a resource, to be looked for with M(proven.aws_backup.restore_check_info) after a restore.
  - In a DynamoDB table it is an item, in an S3 bucket an object, each called C(proven-aws-backup-canary). On EC2 instances, EBS volumes,
    databases, clusters and file systems, whose data cannot be written through AWS's API, it is a tag of this name.
  - The marker ends with a hash of what stands before it, so that it tells by itself whether it was altered.
  - An EC2 instance can besides have a file with a marker of its own, which the user data of its launch writes. The module waits until the
    instance says that marker on its console, and tags the instance with its hash, once and for all. See the example for that user data.
    It needs an AMI with cloud-init, which says what stands in that file at the end of each boot. An instance that does not say it is told
    in a warning. To have the file seen anew, remove the tag C(proven-aws-backup-canary-file-sha256).
notes:
  - Needs, for the type of the resource, C(dynamodb:DescribeTable), C(dynamodb:GetItem) and C(dynamodb:PutItem), C(s3:GetObject) and
    C(s3:PutObject), C(ec2:DescribeTags) and C(ec2:CreateTags), of an instance also C(ec2:DescribeInstanceAttribute) and
    C(ec2:GetConsoleOutput), C(rds:ListTagsForResource) and C(rds:AddTagsToResource), or
    C(elasticfilesystem:DescribeFileSystems) and C(elasticfilesystem:TagResource).
options:
  resource_arn:
    description: The resource.
    type: str
    required: true
  marker:
    description:
      - The marker to write. It has to be one that this module returned.
      - By default a new one, so that every run changes the resource.
    type: str
  replace:
    description:
      - Whether a new marker takes the place of the one that is there.
      - With V(false), a whole marker that is there stays, and one that was altered is replaced. O(marker) is only for a resource without.
    type: bool
    default: true
  file:
    description: Whether to look for the file of an EC2 instance that was launched with it.
    type: bool
    default: true
  wait_timeout:
    description: Seconds for such an instance to boot, and to say on its console that it has the file.
    type: int
    default: 600
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
    support: partial
    details:
      - With O(marker), or with O(replace=false).
seealso:
  - module: proven.aws_backup.restore_check_info
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Mark the table before it is backed up
  proven.aws_backup.backup_canary:
    resource_arn: arn:aws:dynamodb:us-west-2:123456789012:table/orders
  register: canary

- name: Put the same marker into the bucket
  proven.aws_backup.backup_canary:
    resource_arn: arn:aws:s3:::orders
    marker: "{{ canary.marker }}"

- name: Launch an instance with a file that holds a marker
  amazon.aws.ec2_instance:
    name: orders
    image_id: ami-12345678
    user_data: |
      #cloud-config
      write_files:
        - path: /etc/cloud/cloud.cfg.d/99-proven-aws-backup-canary.cfg
          content: |
            final_message: "proven-aws-backup-canary: {{ canary.marker }}"
      runcmd:
        - [sync]
  register: orders

- name: See that it has the file, and put another marker into a tag of it
  proven.aws_backup.backup_canary:
    resource_arn: "arn:aws:ec2:us-west-2:123456789012:instance/{{ orders.instance_ids[0] }}"

- name: Have a marker in the table, whichever it is
  proven.aws_backup.backup_canary:
    resource_arn: arn:aws:dynamodb:us-west-2:123456789012:table/orders
    replace: false
"""

RETURN = r"""
marker:
  description: The marker.
  returned: success
  type: str
  sample: 0f1e2d3c4b5a69788796a5b4c3d2e1f0.5d41402abc4b2a76b9719d911017c592ae5c0b8a1d3f2e4c6b7a8d9e0f1a2b3c
sha256:
  description: Its hash, to be kept with the backup, as a tag of the recovery point for example.
  returned: success
  type: str
  sample: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
is_data:
  description: Whether it is data in the resource; if not, it is a tag.
  returned: success
  type: bool
  sample: true
file_sha256:
  description: Of an EC2 instance that was launched with the file, the hash of the marker in it; else empty, as with O(file=false).
  returned: success
  type: str
  sample: ""
file_problem:
  description: Of an EC2 instance that was launched with the file, why it was not seen to have it, which is a warning; else empty.
  returned: success
  type: str
  sample: ""
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import canary_file
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import digest, new_marker, problem_with
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, check_timeout


def ensure(module: AnsibleAWSModule) -> dict[str, Any]:
    """Have the marker in the resource and return the module's result.

    Raises:
        AnsibleBackupError: an option cannot be right, or the service did not take the marker.
    """
    arn, marker = module.params["resource_arn"], module.params["marker"] or new_marker()
    check_arn("resource_arn", arn)
    check_timeout("wait_timeout", module.params["wait_timeout"])
    if problem_with(marker, None):
        raise AnsibleBackupError(message=f"marker: {marker} does not end with its own hash; take one that this module returned")
    kind, client = kind_of(arn), client_factory(module)
    before = kind.read_canary(client, arn)
    if before is not None and not module.params["replace"] and problem_with(before, None) is None:
        marker = before
    if before != marker and not module.check_mode:
        kind.write_canary(client, arn, marker)
    file = confirm_file(module, client)
    return {
        "changed": before != marker or file.is_new,
        "marker": marker,
        "sha256": digest(marker),
        "is_data": kind.has_data,
        "file_sha256": file.sha256,
        "file_problem": file.problem,
        "diff": {"before": {"marker": before}, "after": {"marker": marker}},
    }


def confirm_file(module: AnsibleAWSModule, client: ClientFactory) -> canary_file.Confirmed:
    """What is known of an instance's file; nothing of what is none, or is not to be looked at. Warns of a file that should be there.

    Raises:
        AnsibleBackupError: EC2 did not answer.
    """
    arn = module.params["resource_arn"]
    if not module.params["file"] or type_of(arn) != canary_file.RESOURCE_TYPE:
        return canary_file.Confirmed()
    file = canary_file.confirm(client, arn, module.params["wait_timeout"], module.check_mode)
    if file.problem:
        module.warn(f"After a restore no file of a canary will be looked for: {file.problem}.")
    return file


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "resource_arn": {"required": True},
            "marker": {},
            "replace": {"type": "bool", "default": True},
            "file": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 600},
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
