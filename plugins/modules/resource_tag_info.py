#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: resource_tag_info
version_added: 0.1.0
short_description: Gather the tags of resources of several services by their ARNs
description:
  - Says of each resource whether it exists and which tags it carries, as its own service answers at this moment.
  - The Resource Groups Tagging API, which M(proven.aws_backup.tagged_resource_info) asks, lags behind and knows nothing of resources
    without tags. This module is for deciding whether something with a known name is one's own before it is changed or removed.
  - Knows vaults of AWS Backup, CloudWatch alarms, DynamoDB tables, EC2 instances and volumes, EFS file systems, EventBridge rules, KMS
    keys and their aliases, Lambda functions, log groups, whatever RDS tags, S3 buckets, SNS topics, SQS queues and SSM parameters.
  - An instance that is shutting down or terminated does not exist any more.
notes:
  - Needs, for the services it asks, C(backup:DescribeBackupVault), C(backup:ListBackupVaults) and C(backup:ListTags),
    C(cloudwatch:ListTagsForResource), C(dynamodb:ListTagsOfResource), C(ec2:DescribeInstances) and C(ec2:DescribeVolumes),
    C(elasticfilesystem:ListTagsForResource), C(events:ListTagsForResource), C(kms:DescribeKey) and
    C(kms:ListResourceTags), C(lambda:ListTags), C(logs:ListTagsForResource), C(rds:ListTagsForResource), C(s3:GetBucketTagging),
    C(sns:ListTagsForResource), C(sqs:GetQueueUrl) and C(sqs:ListQueueTags), C(ssm:ListTagsForResource).
options:
  resource_arns:
    description:
      - The ARNs of the resources, all in the Region that is asked.
      - A log group's ARN is given without the V(:*) at its end.
    type: list
    elements: str
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.tagged_resource_info
  - module: proven.aws_backup.resource_tag
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Look whose topic and queue these are
  proven.aws_backup.resource_tag_info:
    resource_arns:
      - arn:aws:sns:us-west-2:123456789012:backup-events
      - arn:aws:sqs:us-west-2:123456789012:backup-undelivered
  register: found

- name: Refuse what is not ours
  ansible.builtin.assert:
    that: item.tags.Project | default('') == 'backup'
    fail_msg: "{{ item.resource_arn }} is somebody else's."
  loop: "{{ found.resources | selectattr('exists') }}"
"""

RETURN = r"""
resources:
  description: One item for each ARN, in the order in which they were given.
  returned: always
  type: list
  elements: dict
  contains:
    resource_arn:
      description: The ARN, as given.
      returned: always
      type: str
      sample: arn:aws:sns:us-west-2:123456789012:backup-events
    exists:
      description: Whether there is such a resource.
      returned: always
      type: bool
      sample: true
    tags:
      description: Its tags; empty when it has none or does not exist.
      returned: always
      type: dict
      sample: {"Project": "backup", "Stage": "dev"}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.resource_tags import read_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn


def describe(module: AnsibleAWSModule) -> list[dict[str, Any]]:
    """What the module returns as resources.

    Raises:
        AnsibleBackupError: an ARN cannot be right, or a service does not tell its tags.
    """
    arns = module.params["resource_arns"]
    for arn in arns:
        check_arn("resource_arns", arn)
    client = client_factory(module)
    found = {arn: read_tags(client, arn) for arn in dict.fromkeys(arns)}
    return [{"resource_arn": arn, "exists": found[arn] is not None, "tags": found[arn] or {}} for arn in arns]


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={"resource_arns": {"type": "list", "elements": "str", "required": True}},
        supports_check_mode=True,
    )
    try:
        resources = describe(module)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, resources=resources)


if __name__ == "__main__":
    main()
