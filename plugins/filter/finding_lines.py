# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings of a preflight as lines of text, as a filter."""

from __future__ import annotations

DOCUMENTATION = r"""
name: finding_lines
version_added: 0.1.0
short_description: Write the findings of a preflight as a table
description:
  - Writes a line for each finding, with a second one for its remedy, those first that one has to look at first.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  _input:
    description: The findings, as M(proven.aws_backup.backup_preflight_info) and M(proven.aws_backup.notification_target_info) return them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show what was found
  ansible.builtin.debug:
    msg: "{{ preflight.findings | proven.aws_backup.finding_lines }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
  sample:
    - "result   check   subject"
    - "failed   opt-in  DynamoDB: AWS Backup is not opted in to it in us-west-2"
    - "                 -> aws backup update-region-settings --region us-west-2 --resource-type-opt-in-preference DynamoDB=true"
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import ORDER

HEADS = ("result", "check", "subject")


def finding_lines(findings: Iterable[Mapping[str, str]]) -> list[str]:
    """The table, with its head."""
    ordered = sorted(findings, key=lambda finding: ORDER.index(finding["result"]))
    widths = [max(len(row[index]) for row in [HEADS, *((each["result"], each["check"]) for each in ordered)]) for index in (0, 1)]
    return [line for lines in [_cells(*HEADS, widths=widths), *(_lines(each, widths) for each in ordered)] for line in lines]


def _lines(finding: Mapping[str, str], widths: list[int]) -> Iterator[str]:
    yield from _cells(finding["result"], finding["check"], f"{finding['subject']}: {finding['reason']}", widths=widths)
    if finding["remedy"]:
        yield from _cells("", "", f"-> {finding['remedy']}", widths=widths)


def _cells(*cells: str, widths: list[int]) -> Iterator[str]:
    result, check, rest = cells
    yield f"{result:<{widths[0]}}  {check:<{widths[1]}}  {rest}"


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names and functions."""
        return {"finding_lines": finding_lines}
