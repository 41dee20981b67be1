#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_report
version_added: 0.1.0
short_description: Write the report of a backup or restore test
description:
  - Writes a report as a web page, as JSON and as JUnit into a folder of its own, and brings the page up to date that shows the history
    of all reports beside it.
  - The pages are files of their own. They load nothing and run nothing, and everything that came from AWS is escaped. They fit phones
    and follow the reader's light or dark colours.
  - The pictures need matplotlib in the Python that runs Ansible. Without it, the pages say the same in text, and there is a warning.
  - Webhooks of Slack and Teams and tokens of Slack are masked wherever they are in the report.
  - This runs on the controller. No AWS call is made.
options:
  report:
    description:
      - The report. C(run) and C(verdict), which is V(passed) or V(failed), are needed; whatever else is missing is left out of the pages.
      - C(run) names the folder and should be <kind>-<host>-<region>-<YYYYMMDDTHHMMSSZ>. Runs that differ only in their time form a series.
      - Its members are described in C(docs/reports.md).
    type: dict
    required: true
  dest:
    description:
      - The folder of all reports, which is created when it is missing.
      - Files that have their content already are not touched, and the others are replaced in one step.
    type: path
    required: true
requirements:
  - matplotlib >= 3.9, for the pictures
extends_documentation_fragment:
  - proven.aws_backup.attributes
  - proven.aws_backup.requirements
attributes:
  action:
    description: Indicates this has a corresponding action plugin so some parts of the options can be executed on the controller.
    support: full
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the JSON.
  idempotent:
    support: full
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Write the report of a restore test
  proven.aws_backup.backup_report:
    dest: reports
    report:
      kind: test_restore
      run: test_restore-prod-eu-central-1-20261127T192109Z
      verdict: failed
      reason: "ec2: RTO 1 h 2 min is over the limit of 1 h"
      started: "2026-11-27T19:21:09Z"
      ended: "2026-11-27T20:24:40Z"
      region: eu-central-1
      limits: {rpo_seconds: 86400, rto_seconds: 3600}
      targets:
        - target: ec2
          verdict: failed
          reason: RTO 1 h 2 min is over the limit of 1 h
          rpo_seconds: 21600
          rto_seconds: 3720
          phases:
            - {phase: restore, start: "2026-11-27T19:21:12Z", end: "2026-11-27T20:20:00Z", result: passed}
            - {phase: check, start: "2026-11-27T20:20:00Z", end: "2026-11-27T20:23:12Z", result: passed}
  register: written

- name: Say where it is
  ansible.builtin.debug:
    var: written.html
"""

RETURN = r"""
path:
  description: The folder of the report.
  returned: success
  type: str
  sample: /srv/reports/test_restore-prod-eu-central-1-20261127T192109Z
html:
  description: The page.
  returned: success
  type: str
  sample: /srv/reports/test_restore-prod-eu-central-1-20261127T192109Z/index.html
json:
  description: The report as JSON.
  returned: success
  type: str
  sample: /srv/reports/test_restore-prod-eu-central-1-20261127T192109Z/report.json
junit:
  description: The report as JUnit, with a test case for each link of the chain, each check, and each limit.
  returned: success
  type: str
  sample: /srv/reports/test_restore-prod-eu-central-1-20261127T192109Z/report.xml
history:
  description: The page of all reports.
  returned: success
  type: str
  sample: /srv/reports/index.html
pictures:
  description: Whether the pages have pictures.
  returned: success
  type: bool
  sample: true
left_out:
  description: Why other reports in the folder are not in the history, one text each. Each of them is a warning, too.
  returned: success
  type: list
  elements: str
  sample: []
"""
