#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: notification_target_info
version_added: 0.1.0
short_description: Find out whether the notifier's targets can be reached, without posting anything
description:
  - A Slack webhook is sent an empty message, which Slack refuses, and says of a revoked or unknown webhook that it is one.
  - A Slack bot's token is tried with C(auth.test).
  - Other webhooks are asked with C(HEAD), which starts no workflow and delivers nothing. Only that somebody answers is known then.
  - Returns one finding for each target that has a secret. No secret and no URL is part of one.
notes:
  - Asks from the machine it runs on. The notifier runs in AWS, so that a target that cannot be reached is only a V(warning), unless it is
    on this machine.
requirements:
  - requests
options:
  targets:
    description: The targets, as in the settings of the notifier.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the target.
        type: str
        required: true
      type:
        description: What it is.
        type: str
        required: true
        choices: [slack_webhook, slack_bot, teams_webhook, https_webhook]
      api_url:
        description: Of a bot, the address of Slack's Web API. Another one is for GovSlack, and for tests.
        type: str
        default: https://slack.com/api
  secrets:
    description:
      - The secrets by the targets' names. A URL, the token of a bot, or of an C(https_webhook) JSON with C(url) and C(hmac_key).
      - A target without one is not looked at.
    type: dict
    required: true
  request_timeout:
    description: Seconds that one target may take. They are asked side by side.
    type: int
    default: 10
extends_documentation_fragment:
  - proven.aws_backup.requirements
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
seealso:
  - module: proven.aws_backup.backup_preflight_info
author:
  - proven.aws_backup contributors (@proven)
"""

EXAMPLES = r"""
- name: Look whether Slack still knows the webhook
  proven.aws_backup.notification_target_info:
    targets:
      - name: slack
        type: slack_webhook
    secrets:
      slack: "{{ slack_webhook_url }}"
  register: receivers
"""

RETURN = r"""
findings:
  description: What was found, V(failed) first, then V(unknown), V(warning) and V(passed).
  returned: always
  type: list
  elements: dict
  contains:
    check:
      description: Always V(receiver).
      returned: always
      type: str
      sample: receiver
    subject:
      description: The target's name.
      returned: always
      type: str
      sample: slack
    result:
      description: V(failed), V(unknown) when it could not be looked at, V(warning) or V(passed).
      returned: always
      type: str
      sample: failed
    reason:
      description: Why.
      returned: always
      type: str
      sample: "Slack does not take messages there: no_service"
    remedy:
      description: How to mend it, in one line; empty when there is nothing to mend.
      returned: always
      type: str
      sample: make a new one under Incoming Webhooks of the Slack app, and give its URL
"""

import json
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import ORDER, Finding
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight_receivers import check_receiver
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_timeout

try:
    # It is used below module_utils; whether it is there has to be known before.
    import requests  # noqa: F401 pylint: disable=unused-import
except ImportError:
    REQUESTS_PROBLEM: str | None = traceback.format_exc()
else:
    REQUESTS_PROBLEM = None

KINDS = ["slack_webhook", "slack_bot", "teams_webhook", "https_webhook"]
AT_A_TIME = 8


def find(params: dict[str, Any]) -> list[Finding]:
    """What is found about every target that has a secret, those first that one has to look at first.

    Raises:
        AnsibleBackupError: an option cannot be right.
    """
    check_timeout("request_timeout", params["request_timeout"])
    secrets = params["secrets"]
    known = [target for target in params["targets"] if secrets.get(target["name"])]

    def look(target: dict[str, str]) -> Finding:
        secret = secrets[target["name"]]
        text = secret if isinstance(secret, str) else json.dumps(secret)
        return check_receiver(target["name"], target["type"], text, target["api_url"], params["request_timeout"])

    with ThreadPoolExecutor(AT_A_TIME) as pool:
        findings = list(pool.map(look, known))
    return sorted(findings, key=lambda finding: ORDER.index(finding.result))


def main() -> None:
    target = {
        "name": {"type": "str", "required": True},
        "type": {"type": "str", "required": True, "choices": KINDS},
        "api_url": {"type": "str", "default": "https://slack.com/api"},
    }
    module = AnsibleModule(
        argument_spec={
            "targets": {"type": "list", "elements": "dict", "required": True, "options": target},
            "secrets": {"type": "dict", "required": True, "no_log": True},
            "request_timeout": {"type": "int", "default": 10},
        },
        supports_check_mode=True,
    )
    if REQUESTS_PROBLEM:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_PROBLEM)
    try:
        findings = find(module.params)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, findings=[asdict(finding) for finding in findings])


if __name__ == "__main__":
    main()
