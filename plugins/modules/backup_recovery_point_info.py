#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_recovery_point_info
version_added: 0.1.0
short_description: Gather information about AWS Backup recovery points
description:
  - Describes one recovery point, lists those of a vault that match every given filter, or lists those of a resource in all vaults.
  - When the vault, the resource or the recovery point is not there, the list is empty.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  backup_vault_name:
    description: Name of the vault. Needed for everything but O(resource_arn), O(recovery_point_status) and O(include_tags).
    type: str
  recovery_point_arn:
    description: ARN of the recovery point to describe.
    type: str
  resource_arn:
    description:
      - List the recovery points of this resource.
      - Without O(backup_vault_name), those in all vaults, which AWS returns with fewer keys.
    type: str
  resource_type:
    description: List the recovery points of this type of resource, for example V(EC2).
    type: str
  backup_plan_id:
    description: List the recovery points made by this plan.
    type: str
  created_before:
    description: List the recovery points created before this time, ISO 8601, UTC unless it says otherwise.
    type: str
  created_after:
    description: List the recovery points created after this time, ISO 8601, UTC unless it says otherwise.
    type: str
  parent_recovery_point_arn:
    description: List the recovery points nested in this one.
    type: str
  recovery_point_status:
    description: Return only recovery points in one of these states. AWS has no such filter; it is applied to what AWS returns.
    type: list
    elements: str
    choices: [COMPLETED, PARTIAL, DELETING, EXPIRED, AVAILABLE, STOPPED, CREATING]
  include_tags:
    description:
      - Whether to return the tags as well, which takes one more call for each recovery point.
      - AWS Backup may refuse this for those of another service, such as AMIs and EBS or RDS snapshots. This is one warning for all.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.backup_job
"""

EXAMPLES = r"""
- name: Describe the recovery point of a job
  proven.aws_backup.backup_recovery_point_info:
    backup_vault_name: "{{ backup.backup_job.backup_vault_name }}"
    recovery_point_arn: "{{ backup.backup_job.recovery_point_arn }}"
    include_tags: true

- name: List what is left in a vault that could not be deleted
  proven.aws_backup.backup_recovery_point_info:
    backup_vault_name: nightly
    recovery_point_status: [EXPIRED]

- name: List the recovery points of an instance in all vaults
  proven.aws_backup.backup_recovery_point_info:
    resource_arn: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
"""

RETURN = r"""
recovery_points:
  description: The recovery points. Keys that AWS does not send for a recovery point are not there.
  returned: success
  type: list
  elements: dict
  contains:
    aggregated_scan_result:
      description: Result of malware scans.
      returned: when in a list and scanned
      type: dict
    backup_size_bytes:
      description: Size in bytes.
      returned: when listed by resource
      type: int
      sample: 8589934592
    backup_size_in_bytes:
      description: Size in bytes.
      returned: when in a vault
      type: int
      sample: 8589934592
    backup_vault_arn:
      description: ARN of the vault.
      returned: when in a vault
      type: str
      sample: arn:aws:backup:us-east-1:123456789012:backup-vault:nightly
    backup_vault_name:
      description: Name of the vault.
      returned: always
      type: str
      sample: nightly
    calculated_lifecycle:
      description: "When it moves to cold storage and when it is deleted, ISO 8601."
      returned: when it has a lifecycle
      type: dict
      sample: {delete_at: "2026-02-01T12:00:00.123000+00:00"}
    completion_date:
      description: When it was completed, ISO 8601.
      returned: when it is
      type: str
      sample: "2026-01-31T12:04:11.512000+00:00"
    composite_member_identifier:
      description: Identifier inside a composite one.
      returned: when nested
      type: str
    created_by:
      description: The plan and rule that made it.
      returned: when it was not made on demand
      type: dict
    creation_date:
      description: When it was created, ISO 8601.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00.123000+00:00"
    encryption_key_arn:
      description: Key that encrypts it.
      returned: when encrypted
      type: str
    encryption_key_type:
      description: Who owns the key.
      returned: when known
      type: str
      sample: CUSTOMER_MANAGED_KMS_KEY
    iam_role_arn:
      description: Role that made it.
      returned: when in a vault
      type: str
      sample: arn:aws:iam::123456789012:role/backup
    index_status:
      description: State of its search index.
      returned: when known
      type: str
    index_status_message:
      description: What AWS says on the index.
      returned: when AWS does
      type: str
    initiation_date:
      description: When its job was initiated, ISO 8601.
      returned: when known
      type: str
    is_encrypted:
      description: Whether it is encrypted.
      returned: when in a vault
      type: bool
      sample: true
    is_parent:
      description: Whether it is a composite one.
      returned: always
      type: bool
      sample: false
    last_restore_time:
      description: When it was restored last, ISO 8601.
      returned: when it was
      type: str
    lifecycle:
      description: Its lifecycle in days.
      returned: when set
      type: dict
      sample: {delete_after_days: 1}
    parent_recovery_point_arn:
      description: The composite one it is nested in.
      returned: when nested
      type: str
    recovery_point_arn:
      description: ARN of the recovery point.
      returned: always
      type: str
      sample: arn:aws:ec2:us-east-1::image/ami-0abcd1234efgh5678
    resource_arn:
      description: The resource backed up.
      returned: when in a vault
      type: str
      sample: arn:aws:ec2:us-east-1:123456789012:instance/i-0abcd1234efgh5678
    resource_name:
      description: Name of the resource.
      returned: when it has one
      type: str
      sample: web
    resource_type:
      description: Type of the resource.
      returned: when in a vault
      type: str
      sample: EC2
    scan_results:
      description: Results of malware scans.
      returned: when given by ARN and scanned
      type: list
      elements: dict
    source_backup_vault_arn:
      description: The vault it was copied from.
      returned: when copied
      type: str
    status:
      description: Its state.
      returned: always
      type: str
      sample: COMPLETED
    status_message:
      description: What AWS says on the state.
      returned: when AWS does
      type: str
    storage_class:
      description: WARM, COLD or DELETED.
      returned: when given by ARN
      type: str
      sample: WARM
    tags:
      description: Its tags. Null when it belongs to another service and AWS Backup refuses to list them.
      returned: when O(include_tags=true)
      type: dict
      sample: {project: shop}
    vault_type:
      description: Type of the vault.
      returned: when known
      type: str
      sample: BACKUP_VAULT
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import fail
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import (
    RECOVERY_POINT_FILTERS,
    STATUSES,
    find_recovery_points,
    list_recovery_point_tags,
    to_result,
    unknown_tags_warning,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, check_existing_vault_name, parse_time

TIMES = ("created_before", "created_after")
ARNS = ("recovery_point_arn", "resource_arn", "parent_recovery_point_arn")
VAULT_FILTERS = sorted(set(RECOVERY_POINT_FILTERS) - {"resource_arn"})


def check_options(options: dict[str, Any]) -> None:
    """Raise AnsibleBackupError when an option is wrong in a way that can be told without asking AWS."""
    if options["backup_vault_name"] is not None:
        check_existing_vault_name(options["backup_vault_name"])
    for name in ARNS:
        if options[name] is not None:
            check_arn(name, options[name])


def run(module: AnsibleAWSModule) -> list[dict[str, Any]]:
    """The module's result: recovery points in the wanted states, with their tags if wanted."""
    options = module.params
    check_options(options)
    filters = {name: options[name] for name in RECOVERY_POINT_FILTERS}
    filters.update({name: parse_time(name, options[name]) for name in TIMES})
    client = module.client("backup")
    points = find_recovery_points(client, options["backup_vault_name"], options["recovery_point_arn"], **filters)
    statuses = options["recovery_point_status"] or STATUSES
    points = [point for point in points if point["Status"] in statuses]
    if options["include_tags"]:
        points = [{**point, "Tags": list_recovery_point_tags(client, point["RecoveryPointArn"])} for point in points]
        if warning := unknown_tags_warning(points):
            module.warn(warning)
    return [to_result(point) for point in points]


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "backup_vault_name": {},
            "recovery_point_arn": {},
            **{name: {} for name in RECOVERY_POINT_FILTERS},
            "recovery_point_status": {"type": "list", "elements": "str", "choices": STATUSES},
            "include_tags": {"type": "bool", "default": False},
        },
        supports_check_mode=True,
        required_one_of=[("backup_vault_name", "resource_arn")],
        required_by=dict.fromkeys(["recovery_point_arn", *VAULT_FILTERS], "backup_vault_name"),
        mutually_exclusive=[("recovery_point_arn", name) for name in RECOVERY_POINT_FILTERS],
    )
    try:
        points = run(module)
    except AnsibleAWSError as error:
        fail(module, error)
    module.exit_json(changed=False, recovery_points=points)


if __name__ == "__main__":
    main()
