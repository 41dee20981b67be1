# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with the settings of a deployment, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: setting_problems
version_added: 0.1.0
short_description: Say what is wrong with the settings of a deployment
description:
  - Checks settings that AWS, or a module, would refuse only when half of the stage, or of a restore's place, exists.
  - Numbers may be text, as they are after C(-e).
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  _input:
    description:
      - The settings by their names, C(drill_resource_arns), C(drill_targets), C(extra_tags), C(notifier_routes), C(notifier_vault_events),
        C(restore_metadata_overrides), C(restore_testing_expectations), C(restore_testing_metadata_overrides), C(restore_testing_plan_name),
        C(restore_testing_schedule_expression), C(restore_testing_schedule_timezone), C(restore_testing_selection_window_days),
        C(restore_testing_start_window_hours), C(restore_testing_validation_window_hours), C(vault_completion_window_minutes),
        C(vault_delete_after_days), C(vault_schedule_expression), C(vault_start_window_minutes).
      - Those that are left out are not checked. With C(region) and C(account_id), these are compared with C(drill_resource_arns), and
        whether C(name_prefix) can begin the names of C(drill_targets) is checked.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Stop on a bad setting
  ansible.builtin.fail:
    msg: "{{ problems }}"
  when: problems | length > 0
  vars:
    problems: "{{ {'vault_delete_after_days': vault_delete_after_days} | proven.aws_backup.setting_problems }}"
"""

RETURN = r"""
_value:
  description: One line for each problem, which names the setting. None when the settings are right.
  type: list
  elements: str
  sample:
    - "vault_delete_after_days: 'a week' is no whole number from 1 to 36500, nor -1 (for ever)"
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.drill_targets import (
    name_problems,
    resource_arn_problems,
    target_problems,
    wanted_targets,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_overrides import DECIDED, override_problems
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_testing_settings import (
    expectation_problems,
    is_rate,
    plan_name_problems,
    timezone_problems,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import (
    FOR_EVER,
    LONGEST_RETENTION,
    LONGEST_WINDOW,
    SHORTEST_START_WINDOW,
)
from ansible_collections.proven.aws_backup.plugins.module_utils.vault_notifications import DEPRECATED_EVENTS, EVENTS

CRON = re.compile(r"cron\((\S+ +){5}\S+\)")
ROUTES = ("sns", "eventbridge")
MOST_EXTRA_TAGS = 40
"""AWS allows 50 tags of a resource; the stage has some of its own (https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html)."""
LONGEST_KEY = 128
LONGEST_VALUE = 256


def setting_problems(settings: Mapping[str, Any]) -> list[str]:
    """One line for each problem."""
    checks: dict[str, Callable[[Any], Iterator[str]]] = {
        "drill_targets": target_problems,
        "drill_resource_arns": lambda value: resource_arn_problems(value, settings.get("region"), settings.get("account_id")),
        "name_prefix": lambda value: name_problems(value, wanted_targets(settings.get("drill_targets")), settings.get("region", "")),
        "extra_tags": _tags,
        "restore_metadata_overrides": lambda value: override_problems(value, DECIDED),
        "notifier_routes": lambda value: _names(value, ROUTES),
        "notifier_vault_events": lambda value: _names(value, sorted({*EVENTS, *DEPRECATED_EVENTS})),
        "vault_schedule_expression": _schedule,
        "vault_start_window_minutes": lambda value: _minutes(value, SHORTEST_START_WINDOW),
        "vault_completion_window_minutes": lambda value: _minutes(value, _number(settings.get("vault_start_window_minutes")) or 0, 1),
        "vault_delete_after_days": _days,
        "restore_testing_plan_name": plan_name_problems,
        "restore_testing_schedule_expression": lambda value: iter(()) if is_rate(value) else _schedule(value),
        "restore_testing_schedule_timezone": timezone_problems,
        "restore_testing_start_window_hours": lambda value: _whole(value, 1, 168, "hours"),
        "restore_testing_selection_window_days": lambda value: _whole(value, 1, 365, "days"),
        "restore_testing_validation_window_hours": lambda value: _whole(value, 0, 168, "hours"),
        "restore_testing_metadata_overrides": lambda value: override_problems(value, {}),
        "restore_testing_expectations": expectation_problems,
    }
    return [f"{name}: {problem}" for name, check in checks.items() if name in settings for problem in check(settings[name])]


def _number(value: Any) -> int | None:
    """A whole number, also when it is text; None for anything else."""
    return int(value) if not isinstance(value, bool) and re.fullmatch(r"-?\d{1,18}", str(value)) else None


def _days(value: Any) -> Iterator[str]:
    days = _number(value)
    if days is None or not (days == FOR_EVER or 1 <= days <= LONGEST_RETENTION):
        yield f"{value!r} is no whole number from 1 to {LONGEST_RETENTION}, nor {FOR_EVER} (for ever)"


def _minutes(value: Any, shortest: int, more: int = 0) -> Iterator[str]:
    minutes = _number(value)
    if minutes is None or not shortest + more <= minutes <= LONGEST_WINDOW:
        than = "more than the start window, " if more else ""
        yield f"{value!r} is no whole number from {shortest + more} to {LONGEST_WINDOW} ({than}in minutes)"


def _whole(value: Any, least: int, most: int, unit: str) -> Iterator[str]:
    number = _number(value)
    if number is None or not least <= number <= most:
        yield f"{value!r} is no whole number from {least} to {most} (in {unit})"


def _schedule(value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not CRON.fullmatch(value):
        yield f"{value!r} is no cron expression of six fields, such as cron(0 5 * * ? *)"
    elif (value[5:-1].split()[2] == "?") == (value[5:-1].split()[4] == "?"):
        yield f"{value!r} must have ? as either the day of the month (third field) or the day of the week (fifth field)"


def _names(value: Any, known: tuple[str, ...] | list[str]) -> Iterator[str]:
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
    if not isinstance(names, list):
        yield f"{value!r} is no list; known are {', '.join(known)}"
        return
    if not names:
        yield f"the list is empty; known are {', '.join(known)}"
    for name in names:
        if name not in known:
            yield f"{name!r} is not known; known are {', '.join(known)}"


def _tags(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{value!r} is no dictionary of keys and values"
        return
    if len(value) > MOST_EXTRA_TAGS:
        yield f"{len(value)} tags are too many; {MOST_EXTRA_TAGS} fit beside the stage's own"
    for key, text in value.items():
        if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY or key.lower().startswith("aws:"):
            yield f"{key!r} is no key of 1 to {LONGEST_KEY} characters that does not start with aws:"
        if isinstance(text, (Mapping, list)) or text is None or len(str(text)) > LONGEST_VALUE:
            yield f"the value of {key!r} is no text of at most {LONGEST_VALUE} characters"


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names and functions."""
        return {"setting_problems": setting_problems}
