"""Who calls: the access keys that were given out, and the role sessions behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from .. import control

CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")


@dataclass(frozen=True)
class Caller:
    """A session of a role; arn is the session's own, as error messages tell it."""

    role_arn: str
    arn: str


@dataclass(frozen=True)
class Credential:
    """What a signed request says of its signature."""

    access_key: str
    region: str
    service: str


_callers: dict[str, Caller] = {}


def register(access_key: str, caller: Caller) -> None:
    """Have every call with this access key authorized from now on."""
    _callers[access_key] = caller


def find(access_key: str) -> Caller | None:
    """The session that an access key belongs to, None when it is somebody else's."""
    return _callers.get(access_key)


@control.on_reset
def forget() -> None:
    """Forget every access key."""
    _callers.clear()


def credential(environ: dict[str, Any]) -> Credential | None:
    """The credential of a signed request or of a presigned URL, None of any other."""
    signature = environ.get("HTTP_AUTHORIZATION") or unquote(environ.get("QUERY_STRING", ""))
    found = CREDENTIAL.search(signature)
    return Credential(*found.groups()) if found else None
