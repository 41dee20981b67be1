"""What a target's secret must look like. Nothing here tells a secret."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

# For tests and the sandbox only: nothing leaves the machine.
_LOOPBACK = r"http://(?:127\.0\.0\.1|localhost):\d{1,5}/[\w./-]+"
_SLACK = re.compile(rf"https://hooks\.slack(?:-gov)?\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]+|{_LOOPBACK}")
_TOKEN = re.compile(r"xox[be](?:\.xoxb)?-[A-Za-z0-9-]{10,}")
_HTTPS = re.compile(rf"https://[A-Za-z0-9.-]+(?::\d{{1,5}})?/[!-~]*|{_LOOPBACK}")
_SHORTEST_KEY = 16

_EXPECTED = {
    "slack_webhook": "a Slack webhook: https://hooks.slack.com/services/T.../B.../... is expected",
    "slack_bot": "a bot token: xoxb-... is expected",
    "teams_webhook": "a Teams webhook: an https:// URL is expected",
    "https_webhook": 'a webhook with its key: {"url": "https://...", "hmac_key": "..."} with a key of '
    f"at least {_SHORTEST_KEY} characters is expected",
}


def problem(kind: str, value: str) -> str:
    """What is wrong with the secret of a kind of target, as the end of a sentence; empty when nothing is."""
    return "" if _is_well_formed(kind, value) else f"holds no such thing as {_EXPECTED[kind]}"


def parts(kind: str, value: str) -> list[str]:
    """Everything in a secret that must not be told, longest first."""
    if kind == "slack_bot":
        return [value]
    known = _webhook(value) if kind == "https_webhook" else None
    url, key = known or (value, "")
    place = urlsplit(url)
    found = [value, url, key, f"{place.path}?{place.query}", place.path, place.query, place.path.rpartition("/")[2]]
    return sorted({part for part in found if len(part) > 3}, key=len, reverse=True)


def _is_well_formed(kind: str, value: str) -> bool:
    if kind == "https_webhook":
        known = _webhook(value)
        return bool(known and _HTTPS.fullmatch(known[0]) and len(known[1]) >= _SHORTEST_KEY)
    pattern = {"slack_webhook": _SLACK, "slack_bot": _TOKEN, "teams_webhook": _HTTPS}[kind]
    return bool(pattern.fullmatch(value))


def _webhook(value: str) -> tuple[str, str] | None:
    try:
        known = json.loads(value)
        url, key = known["url"], known["hmac_key"]
    except (ValueError, TypeError, KeyError):
        return None
    return (url, key) if isinstance(url, str) and isinstance(key, str) else None
