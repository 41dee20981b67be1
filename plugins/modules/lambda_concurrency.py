#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lambda_concurrency
version_added: 0.1.0
short_description: Manage the reserved concurrency of a Lambda function
description:
  - Reserves a share of the account's concurrent executions for a function, which is also the most that it may run at a time.
notes:
  - Needs the permissions C(lambda:GetFunctionConcurrency), and C(lambda:PutFunctionConcurrency) for O(state=present) or
    C(lambda:DeleteFunctionConcurrency) for O(state=absent).
options:
  state:
    description:
      - V(present) reserves O(reserved_concurrent_executions).
      - V(absent) reserves nothing, so that the function takes what the account has left. A function that does not exist is no error then.
    type: str
    choices: [present, absent]
    default: present
  function_name:
    description: The name of the function.
    type: str
    required: true
  reserved_concurrent_executions:
    description:
      - How many executions to reserve. Required when O(state=present).
      - V(0) keeps the function from running at all.
      - AWS keeps 100 executions of the account unreserved. New accounts have fewer in all, and can reserve nothing.
    type: int
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
      - A function that does not exist counts as one without a reservation, since an earlier task may have to create it.
  diff_mode:
    support: full
  idempotent:
    support: full
seealso:
  - module: amazon.aws.lambda
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Let the function run ten times at a time at most
  proven.aws_backup.lambda_concurrency:
    function_name: backup-notifier
    reserved_concurrent_executions: 10

- name: Reserve nothing any more
  proven.aws_backup.lambda_concurrency:
    state: absent
    function_name: backup-notifier
"""

RETURN = r"""
reserved_concurrent_executions:
  description: The reservation after the module ran, null when there is none.
  returned: success
  type: int
  sample: 10
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require


@aws_call("read the reserved concurrency of the function {function_name}", missing={})
def get_function_concurrency(client: Any, function_name: str) -> dict[str, Any]:
    """ReservedConcurrentExecutions, when some are reserved; empty for a function that does not exist."""
    return client.get_function_concurrency(FunctionName=function_name)


@aws_call("reserve {reserved} executions for the function {function_name}")
def put_function_concurrency(client: Any, function_name: str, reserved: int) -> None:
    """Reserve executions for a function."""
    client.put_function_concurrency(FunctionName=function_name, ReservedConcurrentExecutions=reserved)


@aws_call("remove the reserved concurrency of the function {function_name}", missing=None)
def delete_function_concurrency(client: Any, function_name: str) -> None:
    """Reserve nothing for a function any more."""
    client.delete_function_concurrency(FunctionName=function_name)


def ensure(module: AnsibleAWSModule, client: Any) -> dict[str, Any]:
    """Bring the reservation to what is wanted and return the module's result.

    Raises:
        AnsibleBackupError: the number cannot be right, or a call failed.
    """
    name = module.params["function_name"]
    after = module.params["reserved_concurrent_executions"] if module.params["state"] == "present" else None
    require(after is None or after >= 0, f"reserved_concurrent_executions: {after} is less than 0")
    before = get_function_concurrency(client, name).get("ReservedConcurrentExecutions")
    changed = before != after
    if changed and not module.check_mode:
        if after is None:
            delete_function_concurrency(client, name)
        else:
            put_function_concurrency(client, name, after)
    key = "reserved_concurrent_executions"
    return {"changed": changed, key: after, "diff": {"before": {key: before}, "after": {key: after}}}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "state": {"choices": ["present", "absent"], "default": "present"},
            "function_name": {"required": True},
            "reserved_concurrent_executions": {"type": "int"},
        },
        required_if=[("state", "present", ["reserved_concurrent_executions"])],
        supports_check_mode=True,
    )
    try:
        result = ensure(module, module.client("lambda"))
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
