#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_copy_job
version_added: 0.1.0
short_description: Start and watch AWS Backup copy jobs
description:
  - Copies a recovery point into another vault, of the same Region or of another one, and waits for the end when told so.
  - The copy keeps the creation date of its source, from which its retention counts, and has an ARN of its own, which is in the
    returned job once it is V(COMPLETED).
  - While it waits, a line with the state is shown a few times in the first minute and every 30 seconds from then on.
    No lines are shown with C(no_log) or C(async).
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  recovery_point_arn:
    description: ARN of the recovery point to copy. AWS copies no continuous backups, and none that are in cold storage.
    type: str
  source_backup_vault_name:
    description: Name of the vault that the recovery point is in, in O(region).
    type: str
  destination_backup_vault_arn:
    description:
      - ARN of the vault that gets the copy. Its access policy must not deny C(backup:CopyIntoBackupVault).
      - A vault of another account must be in the same organization, and its policy must allow that action.
    type: str
  iam_role_arn:
    description: ARN of the role that AWS Backup assumes to make the copy.
    type: str
  idempotency_token:
    description:
      - A text of your choice that names this start. AWS starts one job for each token and answers later starts with that same job.
      - To tell whether the token has started a job before, the copy jobs into the vault are listed first, which needs
        C(backup:ListCopyJobs). A start with a token of a job that AWS lists no more is a change, and AWS may start another job.
      - Without a token, each run starts another job.
    type: str
  lifecycle:
    description:
      - When the copy moves to cold storage and when it is deleted, in days since the source was created.
      - Without it, the copy has the lifecycle of its source. A locked destination vault may demand another one.
    type: dict
    suboptions:
      delete_after_days:
        description:
          - Days until AWS deletes the copy, from 1 to 36500.
          - -1 keeps it as long as its source is to be kept. At least 90 more than O(lifecycle.move_to_cold_storage_after_days).
        type: int
      move_to_cold_storage_after_days:
        description: Days until the copy moves to cold storage, for the resource types that have it.
        type: int
      opt_in_to_archive_for_supported_resources:
        description: Whether EBS snapshots move to the archive tier.
        type: bool
  copy_job_id:
    description:
      - ID of a job that exists already.
      - Only O(wait), O(wait_timeout) and O(expected_states) go with it, and no option that is about a start.
    type: str
  wait:
    description:
      - Whether to wait for the job's end. Every end but those in O(expected_states) is a failure, with AWS's reason and what to do.
    type: bool
    default: false
  expected_states:
    description: With O(wait=true), the ends that are no failure. To prove that a copy is refused, name V(FAILED) only.
    type: list
    elements: str
    choices: [COMPLETED, FAILED, PARTIAL]
    default: [COMPLETED]
  wait_timeout:
    description:
      - Seconds to wait at most. The task fails when the job takes longer; the job goes on, and AWS has no way to stop it.
      - To wait on later, give its O(copy_job_id).
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
      - Options are checked, nothing is started or waited for.
      - A start is predicted to be a change, also with a token that has started a job before, which would be none.
        AWS tells the token of no job, so that this cannot be looked up.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - Starting a job is, with O(idempotency_token), as long as AWS lists that job.
seealso:
  - module: proven.aws_backup.backup_copy_job_info
  - module: proven.aws_backup.backup_recovery_point
"""

EXAMPLES = r"""
- name: Copy a recovery point into another Region and wait for it
  proven.aws_backup.backup_copy_job:
    recovery_point_arn: "{{ backup.backup_job.recovery_point_arn }}"
    source_backup_vault_name: nightly
    destination_backup_vault_arn: arn:aws:backup:eu-west-1:123456789012:backup-vault:far-away
    iam_role_arn: arn:aws:iam::123456789012:role/backup
    idempotency_token: release-42
    lifecycle:
      delete_after_days: 7
    wait: true
  register: copy

- name: Look at the copy, in its own Region
  proven.aws_backup.backup_recovery_point_info:
    region: eu-west-1
    backup_vault_name: far-away
    recovery_point_arn: "{{ copy.copy_job.destination_recovery_point_arn }}"

- name: Wait for a job that was started before
  proven.aws_backup.backup_copy_job:
    copy_job_id: "{{ copy.copy_job.copy_job_id }}"
    wait: true
    wait_timeout: 600
"""

RETURN = r"""
copy_job:
  description:
    - The job as AWS describes it last; all keys are listed with M(proven.aws_backup.backup_copy_job_info).
    - In check mode, what is known of it before it starts.
  returned: when a job was found or started, in failures too
  type: dict
  sample:
    copy_job_id: 2C3456C3-F33D-5EC6-CDC7-CCD890FE2345
    source_recovery_point_arn: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    destination_backup_vault_arn: arn:aws:backup:eu-west-1:123456789012:backup-vault:far-away
    destination_recovery_point_arn: arn:aws:ec2:eu-west-1::image/ami-0fedc4321abcd8765
    state: COMPLETED
timeline:
  description: The job's changes of state that were seen while waiting.
  returned: when O(wait=true), in failures too
  type: list
  elements: dict
  contains:
    state:
      description: State of the job.
      returned: always
      type: str
      sample: RUNNING
    time:
      description: When it was seen, ISO 8601 in UTC.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123+00:00"
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
from ansible_collections.proven.aws_backup.plugins.module_utils.copy_jobs import COPY_JOB, TERMINAL_STATES
from ansible_collections.proven.aws_backup.plugins.module_utils.copy_start import NEW_JOB_OPTIONS, START_OPTIONS, change_job, check_options
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.job_wait import WAIT_ARGUMENTS, completion_warning, result_of
from ansible_collections.proven.aws_backup.plugins.module_utils.lifecycle import LIFECYCLE_ARGUMENT


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Do what the module's options say and return its result."""
    options = module.params
    check_options(options)
    client = module.client("backup")
    change = change_job(client, options, module.check_mode)
    timeout = options["wait_timeout"] if options["wait"] and not module.check_mode else None
    job, result = result_of(COPY_JOB, client, change, timeout, options["expected_states"])
    warning = completion_warning(COPY_JOB, job)
    if warning:
        module.warn(warning)
    return result


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            **{name: {} for name in START_OPTIONS},
            "role_propagation_timeout": {"type": "int"},
            "idempotency_token": {"no_log": False},
            "lifecycle": LIFECYCLE_ARGUMENT,
            "copy_job_id": {},
            **WAIT_ARGUMENTS,
            "expected_states": {"type": "list", "elements": "str", "choices": TERMINAL_STATES, "default": ["COMPLETED"]},
        },
        supports_check_mode=True,
        required_one_of=[("copy_job_id", "recovery_point_arn")],
        required_together=[START_OPTIONS],
        mutually_exclusive=[("copy_job_id", name) for name in sorted(NEW_JOB_OPTIONS)],
    )
    try:
        result = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
