# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options of modules about jobs: filters of lists, and what goes with the start of one."""

    DOCUMENTATION = r"""
options:
  created_before:
    description: List the jobs created before this time, ISO 8601, UTC unless it says otherwise.
    type: str
  created_after:
    description: List the jobs created after this time, ISO 8601, UTC unless it says otherwise.
    type: str
  completed_before:
    description: List the jobs that ended before this time, ISO 8601, UTC unless it says otherwise.
    type: str
  completed_after:
    description: List the jobs that ended after this time, ISO 8601, UTC unless it says otherwise.
    type: str
  parent_job_id:
    description: List the jobs that belong to this composite job.
    type: str
  account_id:
    description: List the jobs of this account of the organization; V(*) is for all its accounts. For the management account only.
    type: str
"""

    MESSAGE_CATEGORY = r"""
options:
  message_category:
    description: List the jobs with this message category, for example V(ACCESS_DENIED) or V(SUCCESS).
    type: str
"""

    START = r"""
options:
  role_propagation_timeout:
    description:
      - Seconds to try again for when AWS Backup can't assume the role. A new role takes a while until all of AWS knows it.
      - 120 by default.
    type: int
"""
