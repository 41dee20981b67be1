# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The targets that the setting drill_targets names, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: wanted_targets
version_added: 0.1.0
short_description: The targets to back up that a setting names
description:
  - Returns the targets in an order of their own, each once. A list may be a text with commas, as it is after C(-e), and V(all) stands for
    all of them.
  - What is no target is left out; the filter P(proven.aws_backup.setting_problems#filter) tells of it.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  _input:
    description: The names V(ec2), V(ebs), V(rds), V(rds_mysql), V(aurora), V(dynamodb), V(efs), V(s3), or V(all).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Show what is backed up
  ansible.builtin.debug:
    msg: "{{ 's3,ec2' | proven.aws_backup.wanted_targets }}"
"""

RETURN = r"""
_value:
  description: The names of the targets.
  type: list
  elements: str
  sample: [ec2, s3]
"""

from collections.abc import Callable
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.drill_targets import wanted_targets


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names and functions."""
        return {"wanted_targets": wanted_targets}
