#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restored_resource_info
version_added: 0.1.0
short_description: Find what was restored to prove backups and is still there
description:
  - Lists the resources that restore jobs with O(iam_role_arn) created, that carry all of O(tags), or that have names as
    O(name_prefix) says, and that still exist. Never what these jobs restored from.
  - Lists the restore jobs of O(iam_role_arn) that have not ended, too, because AWS has no call that stops them.
notes:
  - Looks at the restore jobs of the last 30 days. What lost its tags and has no name of its own is not found after that.
  - Needs C(backup:ListRestoreJobs), C(tag:GetResources), C(dynamodb:ListTables), C(rds:DescribeDBInstances), C(rds:DescribeDBClusters),
    C(s3:ListAllMyBuckets), C(s3:GetBucketLocation), and to describe what is found.
options:
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
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.restored_resource
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Look what an interrupted proof left
  proven.aws_backup.restored_resource_info:
    iam_role_arn: arn:aws:iam::123456789012:role/AWSBackup-restore-proof
    tags:
      Restored: backup-dev
    name_prefix: backup-dev-restored-
  register: left
"""

RETURN = r"""
restored_resources:
  description: What is still there, sorted by ARN.
  returned: success
  type: list
  elements: dict
  contains:
    resource_arn:
      description: Its ARN.
      returned: always
      type: str
      sample: arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0
    resource_type:
      description: Its type, as the Resource Groups Tagging API names types.
      returned: always
      type: str
      sample: ec2:instance
    found_by:
      description: What proves that it was restored.
      returned: always
      type: str
      sample: the restore job 1B2C3D4E-0000-0000-0000-000000000000
    source_resource_arn:
      description: What was backed up, where a job tells it.
      returned: always
      type: str
      sample: arn:aws:ec2:us-west-2:123456789012:instance/i-0abcdef0123456789
    restore_job_id:
      description: The job that created it, where one is known.
      returned: always
      type: str
      sample: 1B2C3D4E-0000-0000-0000-000000000000
running_restore_job_ids:
  description: The IDs of the restore jobs that have not ended.
  returned: success
  type: list
  elements: str
  sample: []
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_search import (
    find_restored,
    restore_jobs_of,
    running_jobs,
    stage_of,
)


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "iam_role_arn": {"required": True},
            "tags": {"type": "dict", "required": True},
            "name_prefix": {"required": True},
        },
        supports_check_mode=True,
    )
    try:
        stage, client = stage_of(module.params), client_factory(module)
        jobs = restore_jobs_of(client, stage.iam_role_arn)
        found = [each.to_result() for each in find_restored(client, stage, jobs)]
        running = [job["RestoreJobId"] for job in running_jobs(jobs)]
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, restored_resources=found, running_restore_job_ids=running)


if __name__ == "__main__":
    main()
