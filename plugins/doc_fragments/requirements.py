# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What modules need on the machine that runs them; amazon.aws.boto3 names a Python that is too old for ours."""

    DOCUMENTATION = r"""
options: {}
requirements:
  - python >= 3.11
"""

    AWS = r"""
options: {}
requirements:
  - python >= 3.11
  - boto3 >= 1.34.0
  - botocore >= 1.34.0
"""
