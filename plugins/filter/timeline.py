# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Points in time as a timeline, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: timeline
version_added: 0.1.0
short_description: Turn named points in time into a timeline
description:
  - Takes a dictionary of event names and ISO 8601 times, and returns the events in their order in time, with the seconds
    that passed since the first of them and since the one before.
  - Events without a time are left out.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  _input:
    description: Event names and their times; a time without an offset is UTC.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show how long each step of a backup job took
  ansible.builtin.debug:
    msg: "{{ {'created': job.creation_date, 'completed': job.completion_date} | proven.aws_backup.timeline }}"
"""

RETURN = r"""
_value:
  description: The events in their order in time.
  type: list
  elements: dict
  sample:
    - event: created
      time: "2026-11-23T21:00:00.000+00:00"
      seconds: 0.0
      seconds_since_previous: 0.0
    - event: completed
      time: "2026-11-23T21:03:00.500+00:00"
      seconds: 180.5
      seconds_since_previous: 180.5
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from ansible.errors import AnsibleFilterError


def timeline(times: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The events of times, ordered, with the seconds between them.

    Raises:
        AnsibleFilterError: times is no mapping, or a value is no ISO 8601 time.
    """
    if not isinstance(times, Mapping):
        raise AnsibleFilterError(f"timeline takes a dictionary of event names and times, not {type(times).__name__}")
    moments = sorted(((_moment(name, value), name) for name, value in times.items() if value), key=lambda pair: pair[0])
    return [
        {
            "event": name,
            "time": moment.isoformat(timespec="milliseconds"),
            "seconds": round((moment - moments[0][0]).total_seconds(), 3),
            "seconds_since_previous": round((moment - before).total_seconds(), 3),
        }
        for (before, _name), (moment, name) in pairwise(moments[:1] + moments)
    ]


def _moment(name: str, value: Any) -> datetime:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError as error:
        raise AnsibleFilterError(f"the time of {name} is not ISO 8601: {value}") from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names and functions."""
        return {"timeline": timeline}
