#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_job_info
version_added: 0.1.0
short_description: Gather information about AWS Backup jobs
description:
  - Describes one job, or lists all jobs that match every given filter, in the order in which AWS sends them.
  - AWS lists the jobs of the last 30 days only.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  backup_job_id:
    description: ID of the job to describe. When there is no such job, the list is empty.
    type: str
  backup_vault_name:
    description: List the jobs into this vault.
    type: str
  resource_arn:
    description: List the jobs of this resource.
    type: str
  resource_type:
    description: List the jobs of this type of resource, for example V(EC2).
    type: str
  backup_job_state:
    description: List the jobs in this state.
    type: str
    choices: [CREATED, PENDING, RUNNING, ABORTING, COMPLETED, FAILED, ABORTED, EXPIRED, PARTIAL]
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
  - proven.aws_backup.jobs
  - proven.aws_backup.jobs.message_category
seealso:
  - module: proven.aws_backup.backup_job
"""

EXAMPLES = r"""
- name: Describe one job
  proven.aws_backup.backup_job_info:
    backup_job_id: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123

- name: List the failed jobs of a vault since yesterday
  proven.aws_backup.backup_job_info:
    backup_vault_name: nightly
    backup_job_state: FAILED
    created_after: "{{ '%Y-%m-%dT%H:%M:%SZ' | strftime(now(utc=true).timestamp() - 86400, utc=true) }}"
"""

RETURN = r"""
backup_jobs:
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
    backup_job_id:
      description: ID of the job.
      returned: always
      type: str
      sample: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    backup_options:
      description: Options given at the start.
      returned: when set
      type: dict
      sample: {WindowsVSS: enabled}
    backup_size_in_bytes:
      description: Size of the backup in bytes.
      returned: when known
      type: int
      sample: 8589934592
    backup_type:
      description: Type of the backup.
      returned: when set
      type: str
      sample: BACKUP
    backup_vault_arn:
      description: ARN of the vault.
      returned: always
      type: str
      sample: arn:aws:backup:us-east-1:123456789012:backup-vault:nightly
    backup_vault_name:
      description: Name of the vault.
      returned: always
      type: str
      sample: nightly
    bytes_transferred:
      description: Bytes transferred so far.
      returned: when known
      type: int
      sample: 8589934592
    child_jobs_in_state:
      description: Number of child jobs by state.
      returned: for a composite job given by ID
      type: dict
      sample: {COMPLETED: 2}
    completion_date:
      description: When the job ended, ISO 8601.
      returned: when it has
      type: str
      sample: "2026-01-31T12:04:11.512000+00:00"
    created_by:
      description: The plan and rule that started the job.
      returned: when it was not started on demand
      type: dict
    creation_date:
      description: When the job was created, ISO 8601.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123000+00:00"
    encryption_key_arn:
      description: Key that encrypts the recovery point.
      returned: when set
      type: str
    expected_completion_date:
      description: When AWS expects the job to end, ISO 8601.
      returned: when AWS does
      type: str
    iam_role_arn:
      description: Role that makes the backup.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/backup
    initiation_date:
      description: When the job was initiated, ISO 8601.
      returned: when it was
      type: str
    is_encrypted:
      description: Whether the recovery point is encrypted.
      returned: when known
      type: bool
      sample: true
    is_parent:
      description: Whether this is a composite job.
      returned: always
      type: bool
      sample: false
    message_category:
      description: Category of the status message.
      returned: when set
      type: str
      sample: SUCCESS
    number_of_child_jobs:
      description: Number of child jobs.
      returned: for a composite job given by ID
      type: int
      sample: 2
    parent_job_id:
      description: The composite job this one belongs to.
      returned: when there is one
      type: str
    percent_done:
      description: Percentage done, 0 to 100, an estimate, as text.
      returned: when AWS sends it
      type: str
      sample: "45.0"
    recovery_point_arn:
      description: The recovery point made.
      returned: when known
      type: str
      sample: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    recovery_point_lifecycle:
      description: Lifecycle of the recovery point in days.
      returned: when set
      type: dict
      sample: {delete_after_days: 1}
    resource_arn:
      description: The resource backed up.
      returned: always
      type: str
      sample: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
    resource_name:
      description: Name of the resource.
      returned: when it has one
      type: str
      sample: web
    resource_type:
      description: Type of the resource.
      returned: always
      type: str
      sample: EC2
    start_by:
      description: When the start window ends, ISO 8601.
      returned: when set
      type: str
      sample: "2026-01-31T13:00:00.123000+00:00"
    state:
      description: State of the job.
      returned: always
      type: str
      sample: RUNNING
    status_message:
      description: What AWS says on the state.
      returned: when AWS does
      type: str
      sample: Backup job was stopped by user.
    vault_lock_state:
      description: Lock of the vault.
      returned: when set
      type: str
    vault_type:
      description: Type of the vault.
      returned: when set
      type: str
      sample: BACKUP_VAULT
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import job_listing
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import to_result
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import BACKUP_JOB, JOB_FILTERS, STATES, list_backup_jobs


def run(module: AnsibleAWSModule) -> list[dict[str, Any]]:
    """The jobs that the module's options ask for."""
    filters = job_listing.checked_filters(module.params, JOB_FILTERS)
    client = module.client("backup")
    return job_listing.find_jobs(BACKUP_JOB, client, module.params["backup_job_id"], lambda: list_backup_jobs(client, **filters))


def main() -> None:
    """Run the module."""
    arguments = job_listing.arguments(BACKUP_JOB, JOB_FILTERS, "backup_job_state", STATES)
    module = AnsibleAWSModule(supports_check_mode=True, **arguments)
    try:
        jobs = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(changed=False, backup_jobs=[to_result(job) for job in jobs])


if __name__ == "__main__":
    main()
