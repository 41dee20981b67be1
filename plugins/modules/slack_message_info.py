#!/usr/bin/python
# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: slack_message_info
version_added: 0.1.0
short_description: Read a message back from a Slack channel
description:
  - Looks for a message in a channel, by its ID or by what it says, and returns it as Slack shows it to everybody. That a message was
    accepted says that Slack took it; that it can be read back says that it is there.
  - Needs the token of an app that is in the channel and has the scope C(channels:history), or C(groups:history) for private channels.
  - Waits as long as Slack asks when it gets too many requests (C(Retry-After)), within O(wait_timeout). Slack allows about 50 requests a
    minute to apps made for one workspace and to those in its Marketplace, but 1 a minute to others.
  - Without O(ts) and O(thread_ts), the channel is read from O(start_time) on, with the threads of those messages that contain O(text).
requirements:
  - requests
options:
  token:
    description: The token of the app, V(xoxb-...).
    type: str
    required: true
  channel:
    description: The ID of the channel, such as V(C0123456789). Slack does not take a name here.
    type: str
    required: true
  ts:
    description: The ID of the message, as Slack returned it when the message was posted.
    type: str
  thread_ts:
    description: The ID of the message in whose thread the message is.
    type: str
  text:
    description:
      - A text that the message contains, in its text, blocks or attachments, in upper or lower case. The ID of a job, for example.
    type: str
  colors:
    description: Colours such as V(#e01e5a), one of which the bar beside the message must have.
    type: list
    elements: str
    default: []
  start_time:
    description:
      - The earliest time at which the message can have been posted, in ISO 8601, and in UTC unless it says otherwise.
      - One hour before now by default.
    type: str
  wait:
    description: Whether to wait for the message. The module then fails when it does not come within O(wait_timeout).
    type: bool
    default: false
  wait_timeout:
    description: Seconds to spend on all of that, the pauses that Slack asks for included.
    type: int
    default: 120
  request_timeout:
    description: Seconds that one request may take.
    type: int
    default: 10
  api_url:
    description: The address of Slack's Web API. Another one is for GovSlack, and for tests.
    type: str
    default: https://slack.com/api
extends_documentation_fragment:
  - proven.aws_backup.requirements
  - proven.aws_backup.attributes
  - proven.aws_backup.attributes.info_module
seealso:
  - module: proven.aws_backup.backup_notification_info
  - name: conversations.history
    description: The method of Slack's Web API, its scopes and its limits.
    link: https://docs.slack.dev/reference/methods/conversations.history
author:
  - proven.aws_backup contributors (!UNKNOWN)
"""

EXAMPLES = r"""
- name: Prove that a message about this job is in the channel
  proven.aws_backup.slack_message_info:
    token: "{{ slack_bot_token }}"
    channel: C0123456789
    text: "{{ started.backup_job.backup_job_id }}"
    start_time: "{{ started.backup_job.creation_date }}"
    wait: true

- name: Read the message that the notifier says it has posted
  proven.aws_backup.slack_message_info:
    token: "{{ slack_bot_token }}"
    channel: "{{ delivery.channel }}"
    ts: "{{ delivery.ts }}"
    thread_ts: "{{ delivery.thread_ts }}"
  register: message
"""

RETURN = r"""
found:
  description: Whether there is such a message.
  returned: always
  type: bool
  sample: true
messages:
  description: The messages that were looked for, oldest first, each with the keys that Slack returns, and some more.
  returned: always
  type: list
  elements: dict
  contains: &message
    ts:
      description: The ID of the message in its channel.
      returned: always
      type: str
      sample: "1764017467.000200"
    thread_ts:
      description: The ID of the first message of its thread, null when it is in none.
      returned: always
      type: str
      sample: "1764017464.000100"
    time:
      description: When it was posted, in ISO 8601.
      returned: always
      type: str
      sample: "2026-11-24T20:51:07.000+00:00"
    text:
      description: Its text, which people with blocks or attachments in it see in notifications only.
      returned: always
      type: str
      sample: "Backup failed: EC2 instance i-012f345df6789012d"
    colors:
      description: The colours of the bars beside its attachments, as rrggbb.
      returned: always
      type: list
      elements: str
      sample: [e01e5a]
    attachments:
      description: Its attachments.
      returned: when it has any
      type: list
      elements: dict
    blocks:
      description: Its blocks.
      returned: when it has any
      type: list
      elements: dict
    bot_id:
      description: Which bot posted it.
      returned: when a bot did
      type: str
      sample: B0123456789
    edited:
      description: When, and by whom, it was edited last.
      returned: when it was
      type: dict
      sample: {"user": "U0123456789", "ts": "1764017470.000000"}
others:
  description: The messages that fit but for the colour, oldest first.
  returned: always
  type: list
  elements: dict
  contains: *message
searched:
  description: How many messages were looked at.
  returned: always
  type: int
  sample: 12
"""

import time
import traceback
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, fail
from ansible_collections.proven.aws_backup.plugins.module_utils.notifications import EARLIEST_BY_DEFAULT
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import growing_pause, wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.slack_api import Slack
from ansible_collections.proven.aws_backup.plugins.module_utils.slack_messages import Found, Search, normal_colour, search_messages
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import check_timeout, parse_time, require

try:
    # It is used below module_utils; whether it is there has to be known before.
    import requests  # noqa: F401 pylint: disable=unused-import
except ImportError:
    REQUESTS_PROBLEM: str | None = traceback.format_exc()
else:
    REQUESTS_PROBLEM = None

SHORTEST_PAUSE = 1.5
"""Seconds between two looks: about 50 requests a minute are allowed, and a look at a channel with threads is several."""

LONGEST_PAUSE = 10.0


def to_search(params: dict[str, Any]) -> Search:
    """What the module's options look for.

    Raises:
        AnsibleBackupError: an option is malformed.
    """
    for option in ("wait_timeout", "request_timeout"):
        check_timeout(option, params[option])
    for option in ("ts", "thread_ts"):
        require(
            not params[option] or _is_ts(params[option]), f"{option}: {params[option]!r} is no ID of a message such as 1764017467.000200"
        )
    return Search(
        channel=params["channel"],
        start=parse_time("start_time", params["start_time"]) or datetime.now(UTC) - EARLIEST_BY_DEFAULT,
        ts=params["ts"] or None,
        thread_ts=params["thread_ts"] or None,
        text=params["text"] or "",
        colours=tuple(normal_colour(colour) for colour in params["colors"]),
    )


def find(params: dict[str, Any]) -> dict[str, Any]:
    """Look for the message, wait for it where wanted, and return the module's result.

    Raises:
        AnsibleBackupError: Slack cannot be asked, or the message is not there although that was waited for.
    """
    search = to_search(params)
    slack = Slack(params["token"], params["api_url"], time.monotonic() + params["wait_timeout"], params["request_timeout"])
    waited = wait_until(
        lambda: search_messages(slack, search),
        lambda found: bool(found.messages),
        params["wait_timeout"] if params["wait"] else 0,
        lambda _found, age: min(max(growing_pause(age), SHORTEST_PAUSE), LONGEST_PAUSE),
    )
    found = waited.value
    result = {"found": bool(found.messages), "messages": found.messages, "others": found.others, "searched": found.searched}
    if params["wait"] and not found.messages:
        raise AnsibleBackupError(message=f"{describe(search)} after {waited.seconds:.0f} seconds: {explain(search, found)}", **result)
    return result


def describe(search: Search) -> str:
    """That what was looked for is not there."""
    what = f"with {search.text!r}" if search.text else f"{search.ts or 'in the thread ' + str(search.thread_ts)}"
    return f"No message {what} in the channel {search.channel}"


def explain(search: Search, found: Found) -> str:
    """Why the message is not there, and what to look at next."""
    if found.others:
        seen = "; ".join(f"{message['text'].strip()[:120]!r} in {', '.join(message['colors']) or 'no colour'}" for message in found.others)
        return f"the wrong message arrived: {seen}, where {' or '.join(search.colours)} was expected"
    since = "" if search.ts or search.thread_ts else f" since {search.start.isoformat(timespec='seconds')}"
    return f"{found.searched} messages were looked at{since}. Check that the notifier posts to this channel"


def _is_ts(text: str) -> bool:
    seconds, _dot, fraction = text.partition(".")
    return seconds.isdecimal() and len(seconds) <= 10 and (fraction.isdecimal() or not fraction)


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "token": {"required": True, "no_log": True},
            "channel": {"required": True},
            "ts": {},
            "thread_ts": {},
            "text": {},
            "colors": {"type": "list", "elements": "str", "default": []},
            "start_time": {},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 120},
            "request_timeout": {"type": "int", "default": 10},
            "api_url": {"default": "https://slack.com/api"},
        },
        required_one_of=[("ts", "thread_ts", "text")],
        supports_check_mode=True,
    )
    if REQUESTS_PROBLEM:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_PROBLEM)
    try:
        result = find(module.params)
    except AnsibleBackupError as error:
        fail(module, error)
    module.exit_json(changed=False, **result)


if __name__ == "__main__":
    main()
