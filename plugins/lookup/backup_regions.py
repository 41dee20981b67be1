# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Regions where AWS Backup is offered, as a lookup."""

from __future__ import annotations

DOCUMENTATION = r"""
name: backup_regions
version_added: 0.1.0
short_description: List the Regions where AWS Backup is offered
description:
  - Returns the names of the Regions where AWS Backup has an endpoint, sorted within each partition.
  - The answer comes from the endpoint data of the installed botocore. No call to AWS is made and no credentials are needed,
    so a Region younger than that botocore is missing, and a Region the account has not opted in to is listed.
author:
  - proven.aws_backup contributors (!UNKNOWN)
options:
  partitions:
    description: The partitions whose Regions to list, in this order.
    type: list
    elements: str
    choices: [aws, aws-cn, aws-us-gov]
    default: [aws, aws-cn, aws-us-gov]
requirements:
  - botocore on the control node
"""

EXAMPLES = r"""
- name: Refuse a Region that AWS Backup does not know
  ansible.builtin.assert:
    that: region in query('proven.aws_backup.backup_regions')
    fail_msg: "AWS Backup is not offered in {{ region }}."

- name: List the Regions of AWS GovCloud
  ansible.builtin.debug:
    msg: "{{ query('proven.aws_backup.backup_regions', partitions=['aws-us-gov']) }}"
"""

RETURN = r"""
_raw:
  description: The names of the Regions.
  type: list
  elements: str
  sample: [eu-central-1, us-east-1, us-west-2]
"""

from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

try:
    import botocore.session as botocore_session
except ImportError:
    botocore_session = None


def backup_regions(partitions: list[str]) -> list[str]:
    """The Regions where AWS Backup is offered.

    Raises:
        AnsibleLookupError: botocore is not installed.
    """
    if botocore_session is None:
        raise AnsibleLookupError("The backup_regions lookup needs botocore on the control node: install it with pip install botocore.")
    session = botocore_session.Session()
    return [region for partition in partitions for region in sorted(session.get_available_regions("backup", partition_name=partition))]


class LookupModule(LookupBase):
    """query('proven.aws_backup.backup_regions')"""

    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[str]:
        """Return the Regions; terms are refused, because there is nothing to look up by name."""
        if terms:
            raise AnsibleLookupError(f"The backup_regions lookup takes no terms, only partitions=[...]; it was given {terms}.")
        self.set_options(var_options=variables, direct=kwargs)
        return backup_regions(self.get_option("partitions"))
