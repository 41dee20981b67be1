# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Which recovery points a purge takes, and how fast."""

    DOCUMENTATION = r"""
options:
  older_than_days:
    description:
      - Take only recovery points that were created more than this many days ago.
      - With this and the following options, only what meets all of them is touched, and an empty list is met by nothing. The vault stays,
        so O(delete_vault) must be V(false). A nested recovery point goes when the composite one goes that it belongs to.
    type: float
  resource_arns:
    description: Take only recovery points of these resources, and stop only their jobs.
    type: list
    elements: str
  resource_types:
    description: Take only recovery points of these types of resources, such as V(EBS), and stop only their jobs.
    type: list
    elements: str
  backup_plan_ids:
    description: Take only recovery points that these plans made, and stop only their jobs.
    type: list
    elements: str
  statuses:
    description: Take only recovery points in these states, and stop no jobs.
    type: list
    elements: str
    choices: [COMPLETED, PARTIAL, DELETING, EXPIRED, AVAILABLE, STOPPED, CREATING]
  recovery_point_tags:
    description: Take only recovery points that carry these tags, and stop no jobs. AWS is asked for the tags of each.
    type: dict
  keep_newest:
    description: Spare so many of the newest complete recovery points of each resource, and stop no jobs.
    type: int
"""

    SPEED = r"""
options:
  rate_limits:
    description: How many calls a second are made; by default AWS's quotas. When AWS throttles, there are fewer, and no error.
    type: dict
    suboptions:
      delete_recovery_point:
        description: Deletions of recovery points.
        type: float
        default: 10
      list:
        description: Calls of each operation that lists something.
        type: float
        default: 20
      other:
        description: Calls of each other operation.
        type: float
        default: 5
      total:
        description: All calls together.
        type: float
        default: 50
  workers:
    description:
      - How many requests are under way at a time. The deletions a second times the seconds that one takes are needed, and half as many
        more keep it steady.
    type: int
    default: 6
"""
