# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of the notifier's targets that are to be stored, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: notifier_secrets
version_added: 0.1.0
short_description: Choose which secrets of the notifier's targets to store
description:
  - Of the given secrets, returns those of targets whose secret is an SSM parameter below a path, as text; a dictionary becomes JSON.
  - Empty ones, and those of targets whose secret is elsewhere, are left out.
author:
  - proven.aws_backup contributors (!UNKNOWN)
positional: targets, parameter_prefix
options:
  _input:
    description: The secrets, by the names of their targets.
    type: dict
    required: true
  targets:
    description: The targets, each with its C(secret).
    type: list
    elements: dict
    required: true
  parameter_prefix:
    description: The path of the parameters, with the slash at its end.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Count what is to be stored
  ansible.builtin.debug:
    msg: "{{ secrets | proven.aws_backup.notifier_secrets(targets, '/backup/notifier/') | length }}"
"""

RETURN = r"""
_value:
  description: The secrets to store, by the names of their targets.
  type: dict
"""

import json
from collections.abc import Callable, Mapping
from typing import Any


def notifier_secrets(secrets: Any, targets: Any, parameter_prefix: str) -> dict[str, str]:
    """The secrets to store, as text."""
    given = secrets if isinstance(secrets, Mapping) else {}
    names = [target["name"] for target in targets or [] if _is_ours(target, parameter_prefix)]
    return {name: _text(given[name]) for name in names if given.get(name)}


def _is_ours(target: Any, parameter_prefix: str) -> bool:
    return (
        isinstance(target, Mapping)
        and isinstance(target.get("name"), str)
        and str(target.get("secret")).startswith(f"ssm:{parameter_prefix}")
    )


def _text(secret: Any) -> str:
    if isinstance(secret, Mapping):
        return json.dumps({str(key): str(value) for key, value in secret.items()})
    return str(secret)


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names and functions."""
        return {"notifier_secrets": notifier_secrets}
