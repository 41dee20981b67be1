#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_job
version_added: 0.1.0
short_description: Restore AWS Backup recovery points
description:
  - Starts a restore of a recovery point and waits for its end when told so.
  - The restore is told what AWS Backup knows of the original, made fit for a new resource beside it, and what O(metadata) says.
  - While it waits, a line with state and percentage is shown a few times in the first minute and every 30 seconds from then on.
    No lines are shown with C(no_log) or C(async).
  - AWS can't stop a restore, and never deletes what one made.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  backup_vault_name:
    description: Name of the vault that the recovery point is in.
    type: str
  recovery_point_arn:
    description: ARN of the recovery point to restore.
    type: str
  iam_role_arn:
    description:
      - ARN of the role that AWS Backup assumes to restore.
      - It needs C(AWSBackupServiceRolePolicyForRestores), and for S3 C(AWSBackupServiceRolePolicyForS3Restore) as well.
    type: str
  metadata:
    description:
      - What the restore is told beyond what AWS Backup knows, or in its place. Texts are sent as they are, anything else as JSON;
        null takes a key out. The page C(docs/restore.md) lists what each type takes.
      - "Needed are, by type: Aurora C(DBClusterIdentifier); DynamoDB C(targetTableName); EBS C(availabilityZone);
        RDS C(DBInstanceIdentifier); S3 C(DestinationBucketName)."
      - EFS and S3 restore to a new file system or bucket, unless C(newFileSystem) or C(NewBucket) is false.
    type: dict
  resource_type:
    description: The resource's type, as AWS Backup calls it. By default, what AWS Backup tells of the recovery point.
    type: str
  copy_source_tags:
    description: Whether the restored resource gets the tags of the recovery point.
    type: bool
    default: false
  idempotency_token:
    description:
      - A text of your choice that names this start. AWS starts one job for each token and answers later starts with that same job.
      - To tell whether the token has started a job before, the restore jobs are listed first, which needs C(backup:ListRestoreJobs).
      - A start that AWS rejects may use up its token. Give another one when the cause is mended.
      - Without a token, each run starts another job.
    type: str
  restore_job_id:
    description:
      - ID of a job that exists already and is only waited for.
      - Only O(wait), O(wait_timeout) and O(expected_states) go with it, and no option that is about a start.
    type: str
  wait:
    description:
      - Whether to wait for the job's end. Every end but those in O(expected_states) is a failure.
    type: bool
    default: false
  expected_states:
    description: With O(wait=true), the ends that are no failure. To prove that a job fails, name V(FAILED) only.
    type: list
    elements: str
    choices: [COMPLETED, FAILED, ABORTED]
    default: [COMPLETED]
  wait_timeout:
    description:
      - Seconds to wait at most. The task fails when the job takes longer; the job goes on.
      - To wait on later, give its O(restore_job_id).
    type: int
    default: 3600
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
  - proven.aws_backup.jobs.start
attributes:
  check_mode:
    support: partial
    details:
      - Options and metadata are checked, nothing is started or waited for. Whether AWS accepts the values is not known before.
      - A start is predicted to be a change, also with a token that has started a job before, which would be none.
        AWS tells the token of no job, so that this cannot be looked up.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - Starting a job is, with O(idempotency_token), as long as AWS remembers the token and lists that job.
seealso:
  - module: proven.aws_backup.backup_restore_job_info
  - module: proven.aws_backup.backup_restore_validation
  - module: proven.aws_backup.backup_recovery_point_info
"""

EXAMPLES = r"""
- name: Restore a table beside the original and wait for it
  proven.aws_backup.backup_restore_job:
    backup_vault_name: nightly
    recovery_point_arn: arn:aws:dynamodb:us-east-1:123456789012:table/orders/backup/01547087347000-c8b6kdk3
    iam_role_arn: arn:aws:iam::123456789012:role/backup
    metadata:
      targetTableName: orders-restored
    idempotency_token: release-42
    wait: true
  register: restore

- name: Restore an instance into a network without ways in
  proven.aws_backup.backup_restore_job:
    backup_vault_name: nightly
    recovery_point_arn: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    iam_role_arn: arn:aws:iam::123456789012:role/backup
    metadata:
      SubnetId: subnet-0abcd1234efgh5678
      SecurityGroupIds: [sg-0abcd1234efgh5678]
      IamInstanceProfileName: null
    copy_source_tags: true
    wait: true

- name: Wait for a restore that was started before
  proven.aws_backup.backup_restore_job:
    restore_job_id: "{{ restore.restore_job.restore_job_id }}"
    wait: true
    wait_timeout: 600
"""

RETURN = r"""
restore_job:
  description:
    - The job as AWS describes it last; all keys are listed with M(proven.aws_backup.backup_restore_job_info).
    - In check mode, what is known of it before it starts.
  returned: when a job was found or started, in failures too
  type: dict
  sample:
    restore_job_id: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    recovery_point_arn: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    resource_type: EC2
    status: COMPLETED
    percent_done: "100.0"
    created_resource_arn: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
created_resource_arn:
  description: ARN of the restored resource.
  returned: when AWS tells it, which it does for a completed job
  type: str
  sample: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
restore_metadata:
  description: What the restore was told.
  returned: when a job was started, or would be in check mode
  type: dict
  sample:
    targetTableName: orders-restored
timeline:
  description: The job's changes of state and percentage that were seen while waiting.
  returned: when O(wait=true), in failures too
  type: list
  elements: dict
  contains:
    state:
      description: Status of the job.
      returned: always
      type: str
      sample: RUNNING
    time:
      description: When it was seen, ISO 8601 in UTC.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123+00:00"
    percent_done:
      description: How much AWS estimates to be done, 0 to 100.
      returned: always
      type: float
      sample: 45.0
timed_out:
  description: Whether the wait ended before the job did.
  returned: when O(wait=true), in failures too
  type: bool
  sample: false
waited_seconds:
  description: How long the wait took, in seconds.
  returned: when O(wait=true), in failures too
  type: float
  sample: 184.513
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.job_wait import WAIT_ARGUMENTS, result_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_control import (
    NEW_JOB_OPTIONS,
    START_OPTIONS,
    change_job,
    check_options,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import RESTORE_JOB, TERMINAL_STATES


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Do what the module's options say and return its result."""
    options = module.params
    check_options(options)
    client = module.client("backup")
    change, more = change_job(client, options, module.check_mode)
    timeout = options["wait_timeout"] if options["wait"] and not module.check_mode else None
    job, result = result_of(RESTORE_JOB, client, change, timeout, options["expected_states"], more)
    created = job.get("CreatedResourceArn")
    return {**result, "created_resource_arn": created} if created else result


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "backup_vault_name": {},
            "recovery_point_arn": {},
            "iam_role_arn": {},
            "metadata": {"type": "dict"},
            "resource_type": {},
            "copy_source_tags": {"type": "bool", "default": False},
            "idempotency_token": {"no_log": False},
            "role_propagation_timeout": {"type": "int"},
            "restore_job_id": {},
            **WAIT_ARGUMENTS,
            "expected_states": {"type": "list", "elements": "str", "choices": TERMINAL_STATES, "default": ["COMPLETED"]},
        },
        supports_check_mode=True,
        required_one_of=[("restore_job_id", "recovery_point_arn")],
        required_together=[START_OPTIONS],
        mutually_exclusive=[("restore_job_id", name) for name in sorted(NEW_JOB_OPTIONS - {"copy_source_tags"})],
    )
    try:
        result = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
