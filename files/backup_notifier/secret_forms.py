"""What a target's secret must look like. Nothing here tells a secret."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit

# For tests and the sandbox only: nothing leaves the machine.
_LOOPBACK = r"http://(?:127\.0\.0\.1|localhost):\d{1,5}/[\w./-]+"
_SLACK = re.compile(rf"https://hooks\.slack(?:-gov)?\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]+|{_LOOPBACK}")
_TOKEN = re.compile(r"xox[be](?:\.xoxb)?-[A-Za-z0-9-]{10,}")
_HTTPS = re.compile(rf"https://[A-Za-z0-9.-]+(?::\d{{1,5}})?/[!-~]*|{_LOOPBACK}")
_SHORTEST_KEY = 16
# What is shorter is no secret by itself, and would be found in any text.
_SHORTEST_PART = 4
_SHORTEST_SEGMENT = 8

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
    """Everything in a secret that must not be told, in every spelling in which a receiver may repeat it, longest first."""
    url, key = (_webhook(value) if kind == "https_webhook" else None) or (value, "")
    found = {value} if kind == "slack_bot" else {value, url, key, *_of_url(url)}
    spellings = {spelling for part in found for spelling in _spellings(part) if len(spelling) >= _SHORTEST_PART}
    return sorted(spellings, key=len, reverse=True)


def _of_url(url: str) -> Iterator[str]:
    """Path and query, whole and in pieces. A well-formed URL has neither user nor password."""
    place = urlsplit(url)
    yield from (f"{place.path}?{place.query}", place.path, place.query)
    *segments, last = place.path.split("/")
    yield last
    yield from (segment for segment in segments if len(segment) >= _SHORTEST_SEGMENT)
    for pair in place.query.split("&"):
        yield pair.partition("=")[2] or pair


def _spellings(part: str) -> set[str]:
    """A part as it stands, decoded, encoded anew, and each of these as HTML and as JSON write it."""
    plain = unquote(part)
    encoded = {part, quote(plain), quote(plain, safe="")}
    encoded |= {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), each) for each in encoded}
    written = {plain, *encoded}
    return written | {html.escape(each) for each in written} | {each.replace("/", "\\/") for each in written}


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
