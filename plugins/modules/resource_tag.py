#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: resource_tag
version_added: 0.1.0
short_description: Tag resources of any service by their ARNs
description:
  - Sets tags on resources, all at once, through the Resource Groups Tagging API. It is meant for what has tags in AWS and none
    in its own Ansible module, such as alarms and EventBridge rules.
  - Tags that are not named are left alone.
notes:
  - That API lags behind the services. What a resource is tagged with is therefore read from its own service, if it is one of those
    that M(proven.aws_backup.resource_tag_info) knows. A resource of another service that was tagged seconds ago may be tagged again,
    and be reported as changed.
  - Needs the permission C(tag:TagResources), those of M(proven.aws_backup.resource_tag_info) for the services it knows,
    C(tag:GetResources) for others, and the permission of each service to tag the resource, for example
    C(cloudwatch:TagResource).
options:
  resource_arns:
    description: The ARNs of the resources, up to 100.
    type: list
    elements: str
    required: true
  tags:
    description: The tags to set.
    type: dict
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - proven.aws_backup.requirements.aws
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - A resource that does not exist yet counts as one that would be tagged.
  diff_mode:
    support: full
    details:
      - Shows the tags that were named, for each resource.
  idempotent:
    support: partial
    details:
      - Full for the services that M(proven.aws_backup.resource_tag_info) knows. Others as soon as the tagging API has caught up.
seealso:
  - module: proven.aws_backup.tagged_resource_info
  - module: amazon.aws.ec2_tag
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Tag an alarm
  proven.aws_backup.resource_tag:
    resource_arns:
      - arn:aws:cloudwatch:us-west-2:123456789012:alarm:undelivered
    tags:
      Project: backup
      Stage: dev
"""

RETURN = r"""
resources:
  description: The resources and those of their tags that were named, as they are after the module ran.
  returned: success
  type: list
  elements: dict
  contains:
    resource_arn:
      description: The ARN of the resource.
      returned: always
      type: str
      sample: arn:aws:cloudwatch:us-west-2:123456789012:alarm:undelivered
    tags:
      description: The named tags.
      returned: always
      type: dict
      sample: {"Project": "backup", "Stage": "dev"}
tagged_resource_arns:
  description: The resources that were tagged, or would be. After a failure to tag, those that were tagged before it.
  returned: success, and on failure once tagging began
  type: list
  elements: str
  sample: ["arn:aws:cloudwatch:us-west-2:123456789012:alarm:undelivered"]
"""

from functools import cache
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.resource_tags import READERS, read_tags
from ansible_collections.proven.aws_backup.plugins.module_utils.tagged_resources import get_tags, tag_resources
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_arn, require

MOST_RESOURCES = 100


def read_all_tags(module: AnsibleAWSModule, arns: list[str]) -> dict[str, dict[str, str]]:
    """The tags of each resource, from its own service where that is known, since the tagging API lags behind.

    Raises:
        AnsibleBackupError: the tags cannot be read.
    """
    client = cache(module.client)
    known = [arn for arn in arns if arn.split(":")[2] in READERS]
    others = [arn for arn in arns if arn not in known]
    found = {arn: read_tags(client, arn) or {} for arn in known}
    return found | (get_tags(client("resourcegroupstaggingapi"), others) if others else {})


def ensure(module: AnsibleAWSModule) -> dict[str, Any]:
    """Tag what lacks a tag and return the module's result.

    Raises:
        AnsibleBackupError: an option cannot be right, or a resource cannot be tagged.
    """
    arns = list(dict.fromkeys(module.params["resource_arns"]))
    tags = {str(key): str(value) for key, value in module.params["tags"].items()}
    require(len(arns) <= MOST_RESOURCES, f"resource_arns: {len(arns)} resources, AWS takes {MOST_RESOURCES} at once")
    require(tags, "tags is empty: name at least one tag")
    for arn in arns:
        check_arn("resource_arns", arn)
    found = read_all_tags(module, arns)
    before = {arn: {key: found[arn][key] for key in tags if key in found.get(arn, {})} for arn in arns}
    after = dict.fromkeys(arns, tags)
    lacking = [arn for arn in arns if before[arn] != tags]
    if lacking and not module.check_mode:
        tag_resources(module.client("resourcegroupstaggingapi"), lacking, tags)
    resources = [{"resource_arn": arn, "tags": tags} for arn in arns]
    return {"changed": bool(lacking), "resources": resources, "tagged_resource_arns": lacking, "diff": {"before": before, "after": after}}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "resource_arns": {"type": "list", "elements": "str", "required": True},
            "tags": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    try:
        result = ensure(module)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
