#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_job_info
version_added: 0.1.0
short_description: Gather information about AWS Backup restore jobs
description:
  - Describes one job, or lists all jobs that match every given filter, in the order in which AWS sends them.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  restore_job_id:
    description: ID of the job to describe. When there is no such job, the list is empty.
    type: str
  backup_vault_name:
    description:
      - Return only jobs of recovery points in this vault. AWS has no such filter; it is applied to what AWS returns.
      - Needs a botocore that knows the member C(BackupVaultArn) of restore jobs; with an older one, the list is empty.
    type: str
  recovery_point_arn:
    description: Return only jobs of this recovery point. AWS has no such filter; it is applied to what AWS returns.
    type: str
  resource_arn:
    description: List the jobs that restored recovery points of this resource.
    type: str
  resource_type:
    description: List the jobs of this type of resource, for example V(EC2).
    type: str
  status:
    description: List the jobs in this state.
    type: str
    choices: [PENDING, RUNNING, COMPLETED, FAILED, ABORTED]
  restore_testing_plan_arn:
    description: List the jobs that this restore testing plan started.
    type: str
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
  - proven.aws_backup.jobs
seealso:
  - module: proven.aws_backup.backup_restore_job
"""

EXAMPLES = r"""
- name: Describe one job
  proven.aws_backup.backup_restore_job_info:
    restore_job_id: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123

- name: List the failed restores of tables
  proven.aws_backup.backup_restore_job_info:
    resource_type: DynamoDB
    status: FAILED
"""

RETURN = r"""
restore_jobs:
  description: The jobs. Keys that AWS does not send for a job are not there.
  returned: success
  type: list
  elements: dict
  contains:
    account_id:
      description: Account that owns the job.
      returned: always
      type: str
      sample: "123456789012"
    backup_size_in_bytes:
      description: Size of the restored resource in bytes.
      returned: when known
      type: int
      sample: 8589934592
    backup_vault_arn:
      description: ARN of the vault that the recovery point is in.
      returned: when AWS and botocore know it
      type: str
      sample: arn:aws:backup:us-east-1:123456789012:backup-vault:nightly
    completion_date:
      description: When the job ended, ISO 8601.
      returned: when it has
      type: str
      sample: "2026-01-31T12:04:11.512000+00:00"
    created_by:
      description: The restore testing plan that started the job, as C(restore_testing_plan_arn).
      returned: when one did
      type: dict
    created_resource_arn:
      description: ARN of the restored resource.
      returned: when it exists
      type: str
      sample: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
    creation_date:
      description: When the job was created, ISO 8601.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123000+00:00"
    deletion_status:
      description: How far the deletion of what a restore test made is.
      returned: for jobs of restore testing plans
      type: str
      sample: SUCCESSFUL
    deletion_status_message:
      description: Why the deletion is in that state.
      returned: when set
      type: str
    expected_completion_time_minutes:
      description: Minutes that AWS expects the job to take.
      returned: when AWS does
      type: int
    iam_role_arn:
      description: Role that restores.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/backup
    is_parent:
      description: Whether this is a composite job.
      returned: when AWS and botocore know it
      type: bool
    parent_job_id:
      description: The composite job that this one belongs to.
      returned: when it does
      type: str
    percent_done:
      description: How much AWS estimates to be done.
      returned: always
      type: str
      sample: "100.0"
    recovery_point_arn:
      description: ARN of the recovery point.
      returned: always
      type: str
      sample: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    recovery_point_creation_date:
      description: When the recovery point was created, ISO 8601.
      returned: when AWS and botocore know it
      type: str
      sample: "2026-01-31T02:00:00.123000+00:00"
    resource_type:
      description: Type of the resource.
      returned: always
      type: str
      sample: EC2
    restore_job_id:
      description: ID of the job.
      returned: always
      type: str
      sample: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    source_resource_arn:
      description: ARN of the original.
      returned: when AWS and botocore know it
      type: str
      sample: arn:aws:ec2:us-east-1:123456789012:instance/i-0123abcd4567efgh8
    status:
      description: State of the job.
      returned: always
      type: str
      sample: COMPLETED
    status_message:
      description: Why the job is in that state.
      returned: when set
      type: str
    validation_status:
      description: What was found out about the restored resource.
      returned: when set
      type: str
      sample: SUCCESSFUL
    validation_status_message:
      description: What was said about that.
      returned: when set
      type: str
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import job_listing
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import to_result
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_jobs import (
    JOB_FILTERS,
    RESTORE_JOB,
    STATES,
    list_restore_jobs,
    list_restore_jobs_by_resource,
)

OWN_FILTERS = ("backup_vault_name", "recovery_point_arn", "resource_arn")
"""The filters that are applied to what AWS returns."""


def run(module: AnsibleAWSModule) -> list[dict[str, Any]]:
    """The jobs that the module's options ask for."""
    filters = job_listing.checked_filters(module.params, (*OWN_FILTERS, *JOB_FILTERS))
    client = module.client("backup")
    return job_listing.find_jobs(RESTORE_JOB, client, module.params["restore_job_id"], lambda: list_wanted(client, filters))


def list_wanted(client: Any, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """The jobs that match every filter."""
    jobs = list_restore_jobs(client, **{name: filters[name] for name in JOB_FILTERS})
    wanted = [job for job in jobs if is_wanted(job, filters)]
    if filters["resource_arn"] is None:
        return wanted
    of_resource = {job["RestoreJobId"] for job in list_restore_jobs_by_resource(client, filters["resource_arn"])}
    return [job for job in wanted if job["RestoreJobId"] in of_resource]


def is_wanted(job: dict[str, Any], filters: dict[str, Any]) -> bool:
    """Whether a job (as AWS lists it) is of the recovery point and the vault that are asked for."""
    vault, point = filters["backup_vault_name"], filters["recovery_point_arn"]
    return (vault is None or job.get("BackupVaultArn", "").endswith(f":backup-vault:{vault}")) and (
        point is None or job.get("RecoveryPointArn") == point
    )


def main() -> None:
    """Run the module."""
    arguments = job_listing.arguments(RESTORE_JOB, (*OWN_FILTERS, *JOB_FILTERS), "status", STATES)
    module = AnsibleAWSModule(supports_check_mode=True, **arguments)
    try:
        jobs = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(changed=False, restore_jobs=[to_result(job) for job in jobs])


if __name__ == "__main__":
    main()
