# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lifecycle of a recovery point, as an option of modules and as AWS takes it."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict, snake_dict_to_camel_dict
from ansible_collections.amazon.aws.plugins.module_utils.transformation import scrub_none_parameters

LIFECYCLE_ARGUMENT: dict[str, Any] = {
    "type": "dict",
    "options": {
        "delete_after_days": {"type": "int"},
        "move_to_cold_storage_after_days": {"type": "int"},
        "opt_in_to_archive_for_supported_resources": {"type": "bool"},
    },
}
"""The option lifecycle in a module's argument_spec."""


def lifecycle_parameter(option: dict[str, Any] | None) -> dict[str, Any] | None:
    """The option lifecycle as AWS's parameter; None when nothing is set in it."""
    return snake_dict_to_camel_dict(scrub_none_parameters(option or {}), capitalize_first=True) or None


def lifecycle_option(parameter: dict[str, Any] | None) -> dict[str, Any]:
    """A lifecycle as AWS describes it, in the words of the option; empty for None."""
    known = LIFECYCLE_ARGUMENT["options"]
    return {name: value for name, value in camel_dict_to_snake_dict(parameter or {}).items() if name in known}
