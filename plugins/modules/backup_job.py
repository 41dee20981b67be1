#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_job
version_added: 0.1.0
short_description: Start, watch and stop AWS Backup jobs
description:
  - Starts an on-demand backup job of a resource, or stops a job, and waits for its end when told so.
  - While it waits, a line with state and percentage is shown a few times in the first minute and every 30 seconds from then on.
    No lines are shown with C(no_log) or C(async).
  - The job is looked at every 0.5 to 30 seconds, depending on its age and on the percentage done.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  state:
    description:
      - V(started) starts a job. With O(backup_job_id), the job exists already and is only waited for.
      - V(stopped) stops the job O(backup_job_id). A job that has ended stays as it is.
        AWS can't stop jobs of Aurora, DocumentDB, FSx, Neptune, RDS and SAP HANA.
    type: str
    choices: [started, stopped]
    default: started
  backup_vault_name:
    description: Name of the vault that gets the recovery point.
    type: str
  resource_arn:
    description: ARN of the resource to back up.
    type: str
  iam_role_arn:
    description: ARN of the role that AWS Backup assumes to make the backup.
    type: str
  idempotency_token:
    description:
      - A text of your choice that names this start. AWS starts one job for each token and answers later starts with that same job.
      - To tell whether the token has started a job before, the jobs of the resource are listed first, which needs C(backup:ListBackupJobs).
      - That lasts as long as AWS lists the job, 30 days. A start with an older token is a change, and AWS may start another job.
      - Without a token, each run starts another job.
    type: str
  start_window_minutes:
    description: Minutes within which the job must start, or else it is V(EXPIRED). At least 60; AWS takes 480 by default.
    type: int
  completion_window_minutes:
    description: Minutes within which the job must be completed. Counted like the start window, so it must be more than that.
    type: int
  lifecycle:
    description: When the recovery point moves to cold storage and when it is deleted. Without it, it is kept for ever.
    type: dict
    suboptions:
      delete_after_days:
        description:
          - Days until AWS deletes the recovery point, from 1 to 36500; -1 keeps it for ever.
          - At least 90 more than O(lifecycle.move_to_cold_storage_after_days).
        type: int
      move_to_cold_storage_after_days:
        description: Days until the recovery point moves to cold storage, for the resource types that have it.
        type: int
      opt_in_to_archive_for_supported_resources:
        description: Whether EBS snapshots move to the archive tier.
        type: bool
  recovery_point_tags:
    description: Tags of the recovery point, at most 50.
    type: dict
  backup_options:
    description: Options for some resource types.
    type: dict
    suboptions:
      WindowsVSS:
        description: Whether to use the Volume Shadow Copy Service of an EC2 instance with Windows.
        type: str
        choices: [enabled, disabled]
  backup_job_id:
    description:
      - ID of a job that exists already.
      - Only O(state), O(wait), O(wait_timeout) and O(expected_states) go with it, and no option that is about a start.
    type: str
  wait:
    description:
      - Whether to wait for the job's end.
      - With O(state=started), every end but those in O(expected_states) is a failure.
        When AWS has remarks on a completed job, they are shown as a warning.
    type: bool
    default: false
  expected_states:
    description: With O(state=started) and O(wait=true), the ends that are no failure. To prove that a job fails, name V(FAILED) only.
    type: list
    elements: str
    choices: [COMPLETED, FAILED, ABORTED, EXPIRED, PARTIAL]
    default: [COMPLETED]
  wait_timeout:
    description:
      - Seconds to wait at most. The task fails when the job takes longer; the job goes on.
      - To wait on later, give its O(backup_job_id).
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
      - Options are checked, nothing is started or waited for. Whether a job would be stopped is predicted.
      - A start is predicted to be a change, also with a token that has started a job before, which would be none.
        AWS tells the token of no job, so that this cannot be looked up.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - Starting a job is, with O(idempotency_token), as long as AWS lists that job. Stopping one always is.
seealso:
  - module: proven.aws_backup.backup_job_info
  - module: proven.aws_backup.backup_recovery_point_info
"""

EXAMPLES = r"""
- name: Back up an instance and wait for it
  proven.aws_backup.backup_job:
    backup_vault_name: nightly
    resource_arn: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
    iam_role_arn: arn:aws:iam::123456789012:role/backup
    idempotency_token: release-42
    start_window_minutes: 60
    completion_window_minutes: 120
    lifecycle:
      delete_after_days: 1
    wait: true
  register: backup

- name: Wait for a job that was started before
  proven.aws_backup.backup_job:
    backup_job_id: "{{ backup.backup_job.backup_job_id }}"
    wait: true
    wait_timeout: 600

- name: Stop a job
  proven.aws_backup.backup_job:
    state: stopped
    backup_job_id: "{{ backup.backup_job.backup_job_id }}"
    wait: true
"""

RETURN = r"""
backup_job:
  description:
    - The job as AWS describes it last; all keys are listed with M(proven.aws_backup.backup_job_info).
    - In check mode, what is known of it before it starts.
  returned: when a job was found or started, in failures too
  type: dict
  sample:
    backup_job_id: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    backup_vault_name: nightly
    resource_arn: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
    recovery_point_arn: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    state: COMPLETED
    percent_done: "100.0"
timeline:
  description: The job's changes of state and percentage that were seen while waiting.
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
from ansible_collections.proven.aws_backup.plugins.module_utils.job_control import NEW_JOB_OPTIONS, START_OPTIONS, change_job, check_options
from ansible_collections.proven.aws_backup.plugins.module_utils.job_wait import WAIT_ARGUMENTS, completion_warning, result_of
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import BACKUP_JOB, TERMINAL_STATES
from ansible_collections.proven.aws_backup.plugins.module_utils.lifecycle import LIFECYCLE_ARGUMENT


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Do what the module's options say and return its result."""
    options = module.params
    check_options(options)
    client = module.client("backup")
    change = change_job(client, options, module.check_mode)
    timeout = options["wait_timeout"] if options["wait"] and not module.check_mode else None
    expected_states = options["expected_states"] if options["state"] == "started" else TERMINAL_STATES
    job, result = result_of(BACKUP_JOB, client, change, timeout, expected_states)
    warning = completion_warning(BACKUP_JOB, job)
    if warning:
        module.warn(warning)
    return result


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["started", "stopped"], "default": "started"},
            "backup_vault_name": {},
            "resource_arn": {},
            "iam_role_arn": {},
            "role_propagation_timeout": {"type": "int"},
            "idempotency_token": {"no_log": False},
            "start_window_minutes": {"type": "int"},
            "completion_window_minutes": {"type": "int"},
            "lifecycle": LIFECYCLE_ARGUMENT,
            "recovery_point_tags": {"type": "dict"},
            "backup_options": {"type": "dict", "options": {"WindowsVSS": {"choices": ["enabled", "disabled"]}}},
            "backup_job_id": {},
            **WAIT_ARGUMENTS,
            "expected_states": {"type": "list", "elements": "str", "choices": TERMINAL_STATES, "default": ["COMPLETED"]},
        },
        supports_check_mode=True,
        required_if=[("state", "stopped", ["backup_job_id"])],
        required_one_of=[("backup_job_id", "resource_arn")],
        required_together=[START_OPTIONS],
        mutually_exclusive=[("backup_job_id", name) for name in sorted(NEW_JOB_OPTIONS)],
    )
    try:
        result = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
