# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: whether a notification's receivers can be reached, and know us, found out without posting anything.

Nothing here tells a secret: of a URL only the host is named.
"""

from __future__ import annotations

import contextlib
import json
import time
from urllib.parse import urlsplit

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Finding, Result
from ansible_collections.proven.aws_backup.plugins.module_utils.slack_api import LOOPBACK, Slack, SlackRefusal

with contextlib.suppress(ImportError):  # The module reports the missing library.
    import requests

CHECK = "receiver"
TOO_MANY = 429

REFUSES_EMPTY = ("no_text", "missing_text_or_fallback_or_attachments", "invalid_payload")
"""What Slack says about a message without anything in it, which it says only of webhooks that it knows."""

NEW_WEBHOOK = "make a new one under Incoming Webhooks of the Slack app, and give its URL"
WEBHOOK_REMEDIES = {
    "action_prohibited": "ask the workspace's administrators to let the app post",
    "channel_is_archived": f"unarchive the channel, or {NEW_WEBHOOK}",
}


def check_receiver(name: str, kind: str, secret: str, slack_api_url: str, timeout: float) -> Finding:
    """Whether a target can be reached, and takes what we would send.

    Args:
        kind: slack_webhook, slack_bot, teams_webhook or https_webhook.
        slack_api_url: the address of Slack's Web API, for a bot.
        secret: a URL, a token, or of an https_webhook JSON with url and hmac_key.
        timeout: seconds for connecting, and for an answer.
    """
    if kind == "slack_bot":
        return _bot(name, secret, slack_api_url, timeout)
    url = _url(kind, secret)
    parts = urlsplit(url)
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        return Finding(CHECK, name, "failed", "its secret holds no https:// URL (it is not shown)", f"see docs/notifier.md for {kind}")
    look = _slack_webhook if kind == "slack_webhook" else _webhook
    try:
        return look(name, url, timeout)
    except requests.RequestException as error:
        # The text of the exception repeats the URL; its kind says enough.
        return _unreachable(name, parts.hostname, type(error).__name__)


def _url(kind: str, secret: str) -> str:
    if kind != "https_webhook":
        return secret
    try:
        return str(json.loads(secret)["url"])
    except (ValueError, TypeError, KeyError):
        return ""


def _unreachable(name: str, host: str, why: str) -> Finding:
    """Other machines than this one may reach it: the function runs in AWS, but here on the sandbox."""
    if host in LOOPBACK:
        return Finding(CHECK, name, "failed", f"nobody answers on {host} ({why})", "check the URL's port, or start what listens there")
    remedy = "check the URL; when only this machine may not reach it, set preflight_asks_receivers to false"
    return Finding(CHECK, name, "warning", f"{host} cannot be reached from here ({why})", remedy)


def _slack_webhook(name: str, url: str, timeout: float) -> Finding:
    """An empty message is refused, and tells whether the webhook is known."""
    response = requests.post(url, json={}, timeout=timeout, allow_redirects=False)
    word = response.text.strip()[:80]
    if response.status_code == 400 and word in REFUSES_EMPTY:
        return Finding(CHECK, name, "passed", "Slack knows the webhook; nothing was posted")
    if response.status_code in (403, 404, 410):
        said = word if word.isidentifier() else f"HTTP {response.status_code}"
        return Finding(CHECK, name, "failed", f"Slack does not take messages there: {said}", WEBHOOK_REMEDIES.get(word, NEW_WEBHOOK))
    return _unclear(name, response.status_code)


def _webhook(name: str, url: str, timeout: float) -> Finding:
    """Asked by HEAD, which starts no workflow and delivers nothing."""
    status = requests.head(url, timeout=timeout, allow_redirects=False).status_code
    if status in (404, 410):
        reason = f"it answers HTTP {status}, to HEAD: there may be nothing at this URL"
        return Finding(CHECK, name, "warning", reason, "check the URL, unless it knows POST only")
    if status >= 500 or status == TOO_MANY:
        return _unclear(name, status)
    return Finding(CHECK, name, "passed", f"it can be reached (HTTP {status} to HEAD); nothing was posted")


def _unclear(name: str, status: int) -> Finding:
    return Finding(CHECK, name, "unknown", f"it answers HTTP {status}", "try again later")


def _bot(name: str, token: str, slack_api_url: str, timeout: float) -> Finding:
    try:
        Slack(token, slack_api_url, time.monotonic() + timeout, timeout).call("auth.test", {})
    except SlackRefusal as error:
        reason, _label, remedy = str(error.message).partition(". Remedy: ")
        return Finding(CHECK, name, "failed", reason, remedy)
    except AnsibleBackupError as error:
        host = urlsplit(slack_api_url).hostname or ""
        result: Result = "failed" if host in LOOPBACK or "malformed" in str(error.message) else "warning"
        reason = str(error.message).removesuffix(". Raise wait_timeout")
        return Finding(CHECK, name, result, reason, "check the token and the target's api_url")
    return Finding(CHECK, name, "passed", "Slack knows the bot's token; nothing was posted")
