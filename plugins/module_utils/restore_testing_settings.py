# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the settings of restore testing, each problem with what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import available_timezones

from ansible_collections.proven.aws_backup.plugins.module_utils.drill_targets import ARNS
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_testing import NAME

RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)")
EXPECTED_OF = re.compile(r"arn:aws[\w-]*:(?:dynamodb:[\w-]+:\d{12}:table/[\w.-]+|s3:::[a-z0-9.-]+)")
EXPECTATIONS: dict[str, type] = {"may_be_empty": bool, "canary": bool, "items": list, "objects": dict}
"""What may be expected of a table or bucket, and how it is given."""


def plan_name_problems(value: Any) -> Iterator[str]:
    """Of restore_testing_plan_name."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        yield f"{value!r} is not 1 to 50 letters, digits or underscores"


def is_rate(value: Any) -> bool:
    """Whether it is a schedule such as rate(1 day)."""
    return isinstance(value, str) and RATE.fullmatch(value) is not None


def timezone_problems(value: Any) -> Iterator[str]:
    """Of restore_testing_schedule_timezone; a machine that knows no time zones finds none."""
    known = available_timezones()
    if known and value not in known:
        yield f"{value!r} is no time zone, such as Etc/UTC or Europe/Berlin"


def expectation_problems(value: Any) -> Iterator[str]:
    """Of restore_testing_expectations."""
    if not isinstance(value, Mapping):
        yield f"{value!r} is no dictionary of ARNs and what is expected"
        return
    for arn, expected in value.items():
        if not isinstance(arn, str) or not EXPECTED_OF.fullmatch(arn):
            yield f"{arn!r} is no ARN of a table or bucket, such as {ARNS['dynamodb']} or {ARNS['s3']}"
        if not isinstance(expected, Mapping):
            yield f"what is expected of {arn} is no dictionary of {', '.join(EXPECTATIONS)}"
            continue
        for name, given in expected.items():
            if name not in EXPECTATIONS:
                yield f"{name!r} of {arn} is not known; known are {', '.join(EXPECTATIONS)}"
            elif not isinstance(given, EXPECTATIONS[name]):
                yield f"{name} of {arn} is {given!r}, no {EXPECTATIONS[name].__name__}"
