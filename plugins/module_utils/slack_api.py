# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calling a method of Slack's Web API that reads: repeated while Slack asks for patience, failing with an error that says what to do."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import growing_pause
from ansible_collections.proven.aws_backup.plugins.module_utils.validation import require

with contextlib.suppress(ImportError):  # The module reports the missing library.
    import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LOOPBACK = ("127.0.0.1", "::1", "localhost")
RATE_LIMITED = 429
RETRY_AFTER_BY_DEFAULT = 30.0
PER_PAGE = 200
TRANSIENT = ("fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable", "team_added_to_org")
BAD_TOKEN = "check the token: the Bot User OAuth Token (xoxb-...) under OAuth & Permissions of the app"
REMEDIES = {
    "account_inactive": f"the app or its user was removed from the workspace; {BAD_TOKEN}",
    "channel_not_found": "give the channel's ID such as C0123456789, not its name; invite the app if the channel is private",
    "enterprise_is_restricted": "the organization does not let this token in, ask its administrators",
    "invalid_auth": BAD_TOKEN,
    "missing_scope": "add the scope channels:history (groups:history for private channels) to the app and install it again",
    "not_allowed_token_type": BAD_TOKEN,
    "not_authed": BAD_TOKEN,
    "not_in_channel": "invite the app to the channel (/invite @app)",
    "ratelimited": "Slack allows no more calls now, try again later",
    "team_access_not_granted": "the token does not reach the channel's workspace, ask the organization's administrators",
    "token_expired": f"the token has expired; {BAD_TOKEN}",
    "token_revoked": f"the token was revoked; {BAD_TOKEN}",
    "unknown_method": "check api_url",
}


class SlackRefusal(AnsibleBackupError):
    """Slack answered ok: false; word is its error."""

    def __init__(self, message: str, word: str) -> None:
        super().__init__(message=message)
        self.word = word


@dataclass(frozen=True)
class _Answer:
    """An answer that is good, or that a later try may better.

    Attributes:
        body: what Slack said; empty when it should be asked again.
        problem: why it should be asked again.
        pause: seconds that Slack wants to be left alone; None when it does not say.
    """

    body: dict[str, Any]
    problem: str = ""
    pause: float | None = None


class Slack:
    """Calls with one token, until a deadline on time.monotonic()'s clock."""

    def __init__(self, token: str, api_url: str, deadline: float, request_timeout: float) -> None:
        """Check what can be checked without asking Slack.

        Raises:
            AnsibleBackupError: token or api_url cannot be right.
        """
        require(token and token.isascii() and token.isprintable() and " " not in token, f"token: malformed (it is not shown); {BAD_TOKEN}")
        parts = urlsplit(api_url)
        require(
            parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)),
            f"api_url: {api_url!r} is not an https:// URL; http:// is for this machine only, since the token must not be read on the way",
        )
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._deadline = deadline
        self._request_timeout = request_timeout

    def pages(self, method: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        """The messages of a method that returns them page by page; arguments that are None are left out.

        Raises:
            AnsibleBackupError: a call failed.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        cursor = ""
        while True:
            page = self.call(method, {"limit": PER_PAGE, **given, **({"cursor": cursor} if cursor else {})})
            messages = page.get("messages")
            yield from (message for message in (messages if isinstance(messages, list) else []) if isinstance(message, dict))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What a method answers, asked again while Slack cannot be reached, is out of order, or wants a pause.

        Raises:
            SlackRefusal: Slack says that something is wrong.
            AnsibleBackupError: it has not answered in time, or something else than Slack does.
        """
        started = time.monotonic()
        while True:
            answer = self._ask(method, arguments)
            if answer.body:
                return answer.body
            now = time.monotonic()
            pause = growing_pause(now - started) if answer.pause is None else answer.pause
            if now + pause > self._deadline:
                asked = f", and wants to be left alone for {answer.pause:.0f} s" if answer.pause else ""
                raise AnsibleBackupError(message=f"Slack does not answer {method} in time: {answer.problem}{asked}. Raise wait_timeout")
            time.sleep(pause)

    def _ask(self, method: str, arguments: Mapping[str, Any]) -> _Answer:
        timeout = max(0.5, min(self._request_timeout, self._deadline - time.monotonic()))
        try:
            # No redirects: the token is for Slack alone. The header is set by auth, or else a ~/.netrc would replace it.
            response = requests.get(
                f"{self._api_url}/{method}", params=arguments, auth=self._authorize, timeout=timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            # The text of the exception repeats the request; its kind says enough.
            return _Answer({}, f"no connection to {urlsplit(self._api_url).netloc} ({type(error).__name__})")
        return self._judge(method, response)

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request

    def _judge(self, method: str, response: requests.Response) -> _Answer:
        body = _json(response)
        if response.status_code == RATE_LIMITED or response.status_code >= 500 or body.get("error") in TRANSIENT:
            return _Answer({}, f"HTTP {response.status_code} {body.get('error') or ''}".rstrip(), _pause(response))
        if "ok" not in body:
            raise AnsibleBackupError(
                message=f"{self._api_url} answers {method} with HTTP {response.status_code}, and not as Slack: check api_url"
            )
        if body["ok"] is not True:
            raise SlackRefusal(_refusal(method, body), str(body.get("error")))
        return _Answer(body)


def _json(response: requests.Response) -> dict[str, Any]:
    """The object in an answer; empty when there is none."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _pause(response: requests.Response) -> float | None:
    asked = response.headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    return RETRY_AFTER_BY_DEFAULT if response.status_code == RATE_LIMITED else None


def _refusal(method: str, body: Mapping[str, Any]) -> str:
    word = str(body.get("error"))
    remedy = REMEDIES.get(word, f"see https://docs.slack.dev/reference/methods/{method}")
    scopes = f" (needed: {body['needed']}; the token has: {body.get('provided')})" if body.get("needed") else ""
    metadata = body.get("response_metadata")
    details = metadata.get("messages") if isinstance(metadata, dict) else None
    said = f" ({'; '.join(str(detail) for detail in details)})" if isinstance(details, list) and details else ""
    return f"Slack refuses {method}: {word}{scopes}{said}. Remedy: {remedy}"
