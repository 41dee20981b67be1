#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resources of a Region that carry some tags."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: tagged_resource_info
version_added: 0.1.0
short_description: List the resources of a Region that carry some tags
description:
  - Lists the resources, of every service, that carry all the given tags, through the Resource Groups Tagging API.
notes:
  - That API lags behind the services, usually by seconds and sometimes by minutes. Where it matters, ask again with C(until).
  - IAM roles, policies and users are not known to that API. Read them with M(amazon.aws.iam_role_info), for example by path.
  - Needs the permission C(tag:GetResources), and with O(exclude_pending_deletion=true) also C(ec2:DescribeInstances) and
    C(kms:DescribeKey) once instances or keys are found.
options:
  tags:
    description:
      - The tags a resource must carry, all of them. At least one.
    type: dict
    required: true
  resource_types:
    description:
      - List only these types, each as C(service) or C(service:type), for example V(ec2:instance) or V(backup).
      - Every type by default.
    type: list
    elements: str
    default: []
  exclude_pending_deletion:
    description:
      - AWS keeps listing an EC2 instance for about an hour after its termination, and a KMS key until its waiting period is over.
      - V(true) asks EC2 and KMS for their states and moves such resources from RV(resources) to RV(pending_deletion).
      - V(false) asks for no state and returns everything in RV(resources).
    type: bool
    default: true
author:
  - proven.aws_backup contributors (!UNKNOWN)
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
"""

EXAMPLES = r"""
- name: List everything of one stage
  proven.aws_backup.tagged_resource_info:
    region: us-east-1
    tags:
      project: aws-backup
      stage: dev
  register: owned

- name: Wait until no vault and no plan of the stage is left
  proven.aws_backup.tagged_resource_info:
    region: us-east-1
    tags:
      stage: dev
    resource_types:
      - backup
  register: left
  until: left.resources | length == 0
  retries: 10
  delay: 6

- name: Show which KMS keys still wait for their deletion
  ansible.builtin.debug:
    var: owned.pending_deletion
"""

RETURN = r"""
resources:
  description: The resources that carry all the tags, sorted by ARN.
  returned: always
  type: list
  elements: dict
  contains:
    resource_arn:
      description: The ARN of the resource.
      returned: always
      type: str
      sample: arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0
    tags:
      description: All tags of the resource.
      returned: always
      type: dict
      sample: {"project": "aws-backup", "stage": "dev"}
pending_deletion:
  description:
    - The resources that AWS is already deleting, or has deleted and still lists, sorted by ARN.
    - Empty with O(exclude_pending_deletion=false).
  returned: always
  type: list
  elements: dict
  contains:
    resource_arn:
      description: The ARN of the resource.
      returned: always
      type: str
      sample: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
    tags:
      description: All tags of the resource.
      returned: always
      type: dict
      sample: {"project": "aws-backup", "stage": "dev"}
    state:
      description:
        - The state in the words of the service, V(shutting-down), V(terminated), V(PendingDeletion) or V(PendingReplicaDeletion).
        - V(terminated) also for an instance, and V(Deleted) for a key, that the service no longer knows.
      returned: always
      type: str
      sample: PendingDeletion
    deletion_date:
      description: When the key will be deleted, in ISO 8601.
      returned: when AWS names a date
      type: str
      sample: "2026-12-01T10:15:00+00:00"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.tagged_resources import (
    Resource,
    get_resources,
    split_pending_deletion,
)


def find_resources(module: AnsibleAWSModule) -> tuple[list[Resource], list[Resource]]:
    """The resources that carry the tags, and those of them that are pending deletion."""
    tags = {str(key): str(value) for key, value in module.params["tags"].items()}
    resources = get_resources(module.client("resourcegroupstaggingapi"), tags, module.params["resource_types"])
    if not module.params["exclude_pending_deletion"]:
        return resources, []
    return split_pending_deletion(resources, module.client)


def main() -> None:
    """Run the module."""
    argument_spec: dict[str, Any] = {
        "tags": {"type": "dict", "required": True},
        "resource_types": {"type": "list", "elements": "str", "default": []},
        "exclude_pending_deletion": {"type": "bool", "default": True},
    }
    module = AnsibleAWSModule(argument_spec=argument_spec, supports_check_mode=True)
    if not module.params["tags"]:
        module.fail_json(msg="tags is empty, which would list everything in the Region: name at least one tag")
    try:
        resources, pending_deletion = find_resources(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(changed=False, resources=resources, pending_deletion=pending_deletion)


if __name__ == "__main__":
    main()
