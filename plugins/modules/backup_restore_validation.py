#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_restore_validation
version_added: 0.1.0
short_description: Record in AWS Backup what was found out about a restored resource
description:
  - Puts the validation result of a completed restore job. AWS shows it with the job, and counts it in restore testing.
  - AWS takes one result for each job and never changes it. The same result again is no change, another one is a failure.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  restore_job_id:
    description: ID of the restore job.
    type: str
    required: true
  validation_status:
    description: Whether the restored resource is as it should be.
    type: str
    required: true
    choices: [SUCCESSFUL, FAILED]
  validation_status_message:
    description:
      - Why.
      - When the result is recorded already, the message that was recorded with it stays, which is no change.
    type: str
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
    support: full
seealso:
  - module: proven.aws_backup.backup_restore_job
  - module: proven.aws_backup.backup_restore_job_info
"""

EXAMPLES = r"""
- name: Record that the restored table has all its items
  proven.aws_backup.backup_restore_validation:
    restore_job_id: "{{ restore.restore_job.restore_job_id }}"
    validation_status: SUCCESSFUL
    validation_status_message: 1,204 of 1,204 items, canary found
"""

RETURN = r"""
restore_job:
  description: The job with its validation result; all keys are listed with M(proven.aws_backup.backup_restore_job_info).
  returned: success
  type: dict
  sample:
    restore_job_id: 1b2345b2-f22c-4dab-5eb6-bbc7890ed123
    status: COMPLETED
    validation_status: SUCCESSFUL
    validation_status_message: 1,204 of 1,204 items, canary found
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.job_kind import to_result
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_validation import VERDICTS, Verdict, record


def run(module: AnsibleAWSModule) -> dict[str, Any]:
    """Do what the module's options say and return its result."""
    options = module.params
    verdict = Verdict(options["restore_job_id"], options["validation_status"], options["validation_status_message"])
    change = record(module.client("backup"), verdict, module.check_mode)
    after = {"validation_status": verdict.status}
    before = {} if change.changed else after
    return {"changed": change.changed, "restore_job": to_result(change.job), "diff": {"before": before, "after": after}}


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "restore_job_id": {"required": True},
            "validation_status": {"required": True, "choices": VERDICTS},
            "validation_status_message": {},
        },
        supports_check_mode=True,
    )
    try:
        result = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
