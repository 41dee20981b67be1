#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_copy_job_info
version_added: 0.1.0
short_description: Gather information about AWS Backup copy jobs
description:
  - Describes one job, or lists all jobs that match every given filter, in the order in which AWS sends them.
  - A copy job is in the Region that it copies from.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  copy_job_id:
    description: ID of the job to describe. When there is no such job, the list is empty.
    type: str
  source_recovery_point_arn:
    description: Return only the copies of this recovery point. It is applied to what AWS returns.
    type: str
  destination_backup_vault_arn:
    description: List the copies into this vault.
    type: str
  resource_arn:
    description: List the copies of recovery points of this resource.
    type: str
  resource_type:
    description: List the copies of recovery points of this type of resource, for example V(EC2).
    type: str
  copy_job_state:
    description: List the jobs in this state.
    type: str
    choices: [CREATED, RUNNING, COMPLETED, FAILED, PARTIAL]
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
  - module: proven.aws_backup.backup_copy_job
"""

EXAMPLES = r"""
- name: Describe one job
  proven.aws_backup.backup_copy_job_info:
    copy_job_id: 2C3456C3-F33D-5EC6-CDC7-CCD890FE2345

- name: List the copies of a recovery point that have failed
  proven.aws_backup.backup_copy_job_info:
    source_recovery_point_arn: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    copy_job_state: FAILED
"""

RETURN = r"""
copy_jobs:
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
      description: Size of the copy in bytes.
      returned: when known
      type: int
      sample: 8589934592
    child_jobs_in_state:
      description: Number of child jobs by state.
      returned: for a composite job
      type: dict
      sample: {COMPLETED: 2}
    completion_date:
      description: When the job ended, ISO 8601.
      returned: when it has
      type: str
      sample: "2026-01-31T12:04:11.512000+00:00"
    composite_member_identifier:
      description: Identifier of the resource inside a composite one.
      returned: when nested
      type: str
    copy_job_id:
      description: ID of the job.
      returned: always
      type: str
      sample: 2C3456C3-F33D-5EC6-CDC7-CCD890FE2345
    created_by:
      description: The plan and rule that started the job.
      returned: when it was not started on demand
      type: dict
    created_by_backup_job_id:
      description: The backup job that started the job.
      returned: when one did
      type: str
    creation_date:
      description: When the job was created, ISO 8601.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123000+00:00"
    destination_backup_vault_arn:
      description: The vault that gets the copy.
      returned: always
      type: str
      sample: arn:aws:backup:eu-west-1:123456789012:backup-vault:far-away
    destination_encryption_key_arn:
      description: Key that encrypts the copy.
      returned: when known
      type: str
    destination_recovery_point_arn:
      description: The copy.
      returned: when it is complete
      type: str
      sample: arn:aws:ec2:eu-west-1::image/ami-0fedc4321abcd8765
    destination_recovery_point_lifecycle:
      description: Lifecycle of the copy in days.
      returned: when set
      type: dict
      sample: {delete_after_days: 7}
    destination_vault_lock_state:
      description: Lock of the vault that gets the copy.
      returned: when known
      type: str
      sample: UNLOCKED
    destination_vault_type:
      description: Type of the vault that gets the copy.
      returned: when known
      type: str
      sample: BACKUP_VAULT
    iam_role_arn:
      description: Role that makes the copy.
      returned: always
      type: str
      sample: arn:aws:iam::123456789012:role/backup
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
      returned: for a composite job
      type: int
      sample: 2
    parent_job_id:
      description: The composite job this one belongs to.
      returned: when there is one
      type: str
    resource_arn:
      description: The resource that was backed up.
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
    source_backup_vault_arn:
      description: The vault that is copied from.
      returned: always
      type: str
      sample: arn:aws:backup:us-east-1:123456789012:backup-vault:nightly
    source_recovery_point_arn:
      description: The recovery point that is copied.
      returned: always
      type: str
      sample: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    state:
      description: State of the job.
      returned: always
      type: str
      sample: RUNNING
    status_message:
      description: What AWS says on the state.
      returned: when AWS does
      type: str
      sample: Access denied exception while trying to list tags
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils import job_listing
from ansible_collections.proven.aws_backup.plugins.module_utils.copy_jobs import COPY_JOB, COPY_JOB_FILTERS, STATES, list_copy_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import to_result

FILTERS = ("source_recovery_point_arn", *COPY_JOB_FILTERS)


def run(module: AnsibleAWSModule) -> list[dict[str, Any]]:
    """The jobs that the module's options ask for."""
    filters = job_listing.checked_filters(module.params, FILTERS)
    client = module.client("backup")
    return job_listing.find_jobs(COPY_JOB, client, module.params["copy_job_id"], lambda: list_copy_jobs(client, **filters))


def main() -> None:
    """Run the module."""
    arguments = job_listing.arguments(COPY_JOB, FILTERS, "copy_job_state", STATES)
    module = AnsibleAWSModule(supports_check_mode=True, **arguments)
    try:
        jobs = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(changed=False, copy_jobs=[to_result(job) for job in jobs])


if __name__ == "__main__":
    main()
