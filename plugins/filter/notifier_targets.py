# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The notifier's targets with the places of their secrets, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: notifier_targets
version_added: 0.1.0
short_description: Say of each target of the notifier where its secret is
description:
  - Gives each target that names no secret the SSM parameter that is called like the target, below a path.
  - Whatever is no target is left as it is, for the check of the settings to find.
author:
  - proven.aws_backup contributors (!UNKNOWN)
positional: parameter_prefix
options:
  _input:
    description: The targets.
    type: list
    elements: dict
    required: true
  parameter_prefix:
    description: The path of the parameters, with the slash at its end.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Show where the secrets are
  ansible.builtin.debug:
    msg: "{{ [{'name': 'slack', 'type': 'slack_webhook'}] | proven.aws_backup.notifier_targets('/backup/notifier/') }}"
"""

RETURN = r"""
_value:
  description: The targets, each with its C(secret).
  type: list
  elements: dict
  sample:
    - name: slack
      type: slack_webhook
      secret: ssm:/backup/notifier/slack
"""

from collections.abc import Callable, Mapping
from typing import Any


def notifier_targets(targets: Any, parameter_prefix: str) -> Any:
    """The targets, each with a secret."""
    if not isinstance(targets, list):
        return targets
    return [_with_secret(target, parameter_prefix) for target in targets]


def _with_secret(target: Any, parameter_prefix: str) -> Any:
    if not isinstance(target, Mapping) or target.get("secret") or not isinstance(target.get("name"), str):
        return target
    return {**target, "secret": f"ssm:{parameter_prefix}{target['name']}"}


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names and functions."""
        return {"notifier_targets": notifier_targets}
