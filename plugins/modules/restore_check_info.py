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
  - Waits until a restored resource is ready, and checks that it is like its source, that it is shut off as wanted, and that the marker
    of M(proven.aws_backup.backup_canary) is in it, byte for byte.
  - Compares of an EC2 instance its type, its architecture, the sizes of its volumes and their encryption; of an EBS volume its size, type
    and encryption; of an RDS instance or an Aurora cluster engine, version, encryption and, of the instance, size; of a DynamoDB
    table the key schema and the encryption; of an EFS file system the performance mode and the encryption; of an S3 bucket the
    versioning and the encryption. A source that does not exist any more is compared with nothing.
  - Does not fail when a check does. See RV(failure).
notes:
  - Needs what describes the resource and its source, for example C(ec2:DescribeInstances) and C(ec2:DescribeVolumes), of a bucket
    C(s3:GetBucketPublicAccessBlock) among others, and what
    M(proven.aws_backup.backup_canary) needs to read the marker.
options:
  resource_arn:
    description: The restored resource.
    type: str
    required: true
  source_resource_arn:
    description: What was backed up. Without it, nothing is compared.
    type: str
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
  wait_timeout:
    description: Seconds for the resource to become ready.
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
      sample: Its encryption is the source's
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
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_checks import Expected, check_restored, first_failure, to_results
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import result_of
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn


def expected_of(params: dict[str, Any]) -> Expected:
    """What the module's options expect.

    Raises:
        AnsibleBackupError: an ARN cannot be right.
    """
    for name in ("resource_arn", "source_resource_arn"):
        if params[name] is not None:
            check_arn(name, params[name])
    return Expected(
        source_resource_arn=params["source_resource_arn"],
        subnet_id=params["subnet_id"],
        security_group_ids=tuple(params["security_group_ids"]),
        is_isolated=params["isolated"],
        has_canary=params["canary"],
        canary_sha256=params["canary_sha256"],
    )


def main() -> None:
    """Run the module."""
    module = AnsibleAWSModule(
        argument_spec={
            "resource_arn": {"required": True},
            "source_resource_arn": {},
            "source_region": {},
            "subnet_id": {},
            "security_group_ids": {"type": "list", "elements": "str", "default": []},
            "isolated": {"type": "bool", "default": False},
            "canary": {"type": "bool", "default": False},
            "canary_sha256": {},
            "wait_timeout": {"type": "int", "default": 900},
        },
        supports_check_mode=True,
    )
    try:
        expected = expected_of(module.params)
        client, source_client = client_factory(module), client_factory(module, module.params["source_region"])
        facts, checks = check_restored(client, source_client, module.params["resource_arn"], expected, module.params["wait_timeout"])
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, resource=result_of(facts), checks=to_results(checks), failure=first_failure(checks))


if __name__ == "__main__":
    main()
