#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: restore_check_info
version_added: 0.1.0
short_description: Check whether a restored resource is what it was backed up as
description:
  - Waits until a restored resource is ready, and checks that it is what was backed up, that it is shut off as wanted, and that the marker
    of M(proven.aws_backup.backup_canary) is in it, byte for byte.
  - Looks of an EC2 instance at its type, its architecture, the sizes of its volumes and their encryption; of an EBS volume its size, type
    and encryption; of an RDS instance or an Aurora cluster engine, version, encryption and, of the instance, size; of a DynamoDB
    table the key schema and the encryption; of an EFS file system the performance mode and the encryption; of an S3 bucket the
    versioning and the encryption. What O(recovery_point_arn) and O(metadata) say of them has to be right.
  - What they do not say is compared with the source. It may have changed since the backup, so that a difference is no failure. It is
    left out and told, as it is where the source does not exist any more. Encryption that the source does not have is no difference.
  - Waits, too, until an EC2 instance that was backed up with the file of M(proven.aws_backup.backup_canary) has booted, and reads from its
    console what the file on its disk holds. Whether it has to be there is told by a tag of the instance that comes back with it,
    C(proven-aws-backup-canary-file-sha256). So a backup is proven to boot, whoever made it.
  - Does not fail when a check does. See RV(failure).
notes:
  - Needs what describes the resource and its source, for example C(ec2:DescribeInstances) and C(ec2:DescribeVolumes), of a bucket
    C(s3:GetBucketPublicAccessBlock) among others, with O(recovery_point_arn) C(backup:GetRecoveryPointRestoreMetadata)
    and C(backup:DescribeRecoveryPoint), and what
    M(proven.aws_backup.backup_canary) needs to read the marker.
options:
  resource_arn:
    description: The restored resource.
    type: str
    required: true
  source_resource_arn:
    description: What was backed up. Without it, nothing is compared with it.
    type: str
  recovery_point_arn:
    description: What it was restored from. One that is gone says nothing.
    type: str
  backup_vault_name:
    description: The vault of O(recovery_point_arn), in the Region of the restored resource.
    type: str
  metadata:
    description: What the restore was told in the place of what AWS Backup knew, as O(proven.aws_backup.backup_restore_job#module:metadata).
    type: dict
    default: {}
  source_region:
    description: The Region of O(source_resource_arn), by default that of the restored resource.
    type: str
  subnet_id:
    description: The subnet in which an instance has to be.
    type: str
  security_group_ids:
    description: The security groups that an instance, a database or a cluster has to have, and no others. With some, it must not be public.
    type: list
    elements: str
    default: []
  isolated:
    description:
      - Whether nothing may reach what is in no network. A volume has to be attached to nothing, a file system to have no mount targets, and
        a bucket to block all public access.
    type: bool
    default: false
  canary:
    description: Whether a marker has to be there.
    type: bool
    default: false
  canary_sha256:
    description: The hash of this marker. Without it, any marker will do that carries its own hash.
    type: str
  file:
    description:
      - Whether to look for the file of an instance that was seen to have it. It is left out, and told, when only the source has the tag.
    type: bool
    default: true
  wait_timeout:
    description: Seconds for the resource to become ready. An instance with the canary's file has as many again to boot.
    type: int
    default: 900
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
  - proven.aws_backup.attributes.action_group
seealso:
  - module: proven.aws_backup.backup_canary
  - module: proven.aws_backup.restored_resource
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Check the restored table
  proven.aws_backup.restore_check_info:
    resource_arn: arn:aws:dynamodb:us-west-2:123456789012:table/backup-dev-restored-orders
    source_resource_arn: arn:aws:dynamodb:us-west-2:123456789012:table/orders
    recovery_point_arn: arn:aws:dynamodb:us-west-2:123456789012:table/orders/backup/01547087347000-c8b6kdk3
    backup_vault_name: nightly
    canary: true
  register: restored
  failed_when: restored.failure | length > 0
"""

RETURN = r"""
resource:
  description:
    - What its service tells of it. All have RV(resource.name), RV(resource.state), RV(resource.is_ready) and RV(resource.tags); the rest
      depends on the type.
    - Empty when it does not exist.
  returned: success
  type: dict
  contains:
    name:
      description: Its name or ID.
      returned: when it exists
      type: str
      sample: i-0123456789abcdef0
    state:
      description: Its state, in the words of its service.
      returned: when it exists
      type: str
      sample: running
    is_ready:
      description: Whether it can be used.
      returned: when it exists
      type: bool
      sample: true
    tags:
      description: Its tags.
      returned: when it exists
      type: dict
      sample: {Project: backup}
checks:
  description: All checks, in their order.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: What was checked.
      returned: always
      type: str
      sample: Its encryption is as it should be
    result:
      description: V(passed), V(failed), or V(left out) where it could not be checked.
      returned: always
      type: str
      sample: passed
    reason:
      description: Why it failed or was left out.
      returned: always
      type: str
      sample: ""
failure:
  description: The reason of the first check that failed; empty when none did.
  returned: success
  type: str
  sample: "the canary is lost: the restored resource holds no marker"
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.clients import client_factory
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_checks import Expected, check_restored, first_failure, to_results
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import result_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_origin import origin_of
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn


def expected_of(client: ClientFactory, params: dict[str, Any]) -> Expected:
    """What the module's options, and the recovery point that they name, expect.

    Raises:
        AnsibleBackupError: an ARN cannot be right, or AWS Backup did not answer.
    """
    for name in ("resource_arn", "source_resource_arn", "recovery_point_arn"):
        if params[name] is not None:
            check_arn(name, params[name])
    origin: Facts = {}
    if params["recovery_point_arn"] is not None:
        origin = origin_of(client, *(params[name] for name in ("resource_arn", "backup_vault_name", "recovery_point_arn", "metadata")))
    return Expected(
        source_resource_arn=params["source_resource_arn"],
        origin=origin,
        subnet_id=params["subnet_id"],
        security_group_ids=tuple(params["security_group_ids"]),
        is_isolated=params["isolated"],
        has_canary=params["canary"],
        canary_sha256=params["canary_sha256"],
        has_file=params["file"],
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "resource_arn": {"required": True},
            "source_resource_arn": {},
            "recovery_point_arn": {},
            "backup_vault_name": {},
            "metadata": {"type": "dict", "default": {}},
            "source_region": {},
            "subnet_id": {},
            "security_group_ids": {"type": "list", "elements": "str", "default": []},
            "isolated": {"type": "bool", "default": False},
            "canary": {"type": "bool", "default": False},
            "canary_sha256": {},
            "file": {"type": "bool", "default": True},
            "wait_timeout": {"type": "int", "default": 900},
        },
        required_together=[("recovery_point_arn", "backup_vault_name")],
        supports_check_mode=True,
    )
    try:
        client, source_client = client_factory(module), client_factory(module, module.params["source_region"])
        expected = expected_of(client, module.params)
        facts, checks = check_restored(client, source_client, module.params["resource_arn"], expected, module.params["wait_timeout"])
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, resource=result_of(facts), checks=to_results(checks), failure=first_failure(checks))


if __name__ == "__main__":
    main()
