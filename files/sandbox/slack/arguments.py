"""The arguments of a call of Slack's Web API: a JSON object, a form, or the query."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.wrappers import Request

from . import json_text
from .errors import Rejected

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TOKEN = "xoxb-000000000000-000000000000-SandboxBotToken00000001"
JSON_ARGUMENTS = {"blocks": "invalid_blocks_format", "attachments": "invalid_attachments"}
TS = re.compile(r"\d{1,10}(\.\d{1,6})?")


def read(request: Request, body: bytes) -> dict[str, Any]:
    """The arguments as they came; blocks and attachments may be JSON texts, as forms need it.

    Raises:
        Rejected: they cannot be read.
    """
    if request.method != "POST" or not (body or request.form):
        given: dict[str, Any] = request.args.to_dict()
    elif request.mimetype == "application/json":
        given = _object(body)
    elif request.mimetype in FORMS:
        given = request.args.to_dict() | request.form.to_dict()
    else:
        raise Rejected("invalid_post_type" if request.mimetype else "missing_post_type", request.mimetype)
    return {name: _decoded(name, value) for name, value in given.items() if value is not None}


def authenticate(request: Request, arguments: dict[str, Any]) -> None:
    """Check the bot's token, from the Authorization header or a form; a JSON body or a query does not count.

    Raises:
        Rejected: there is none, or another.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        token = str(arguments.get("token", "")) if "token" in request.form else ""
    if not token:
        raise Rejected("not_authed", "no token")
    if token.strip() != TOKEN:
        raise Rejected("invalid_auth", "another token")


def timestamp(arguments: dict[str, Any], name: str, word: str) -> str | None:
    """A ts of the arguments, or None where it is missing or empty.

    Raises:
        Rejected: it is none; word says so.
    """
    text = str(arguments.get(name, ""))
    if text and not TS.fullmatch(text):
        raise Rejected(word, f"{text!r} is no timestamp")
    return text or None


def flag(arguments: dict[str, Any], name: str) -> bool:
    """A yes or no, in any of the ways that Slack reads one."""
    return str(arguments.get(name, "")).lower() in ("true", "1")


def whole(arguments: dict[str, Any], name: str, default: int, most: int) -> int:
    """A number from 1 to most; greater ones are cut, missing ones and 0 stand for the default.

    Raises:
        Rejected: it is no whole number.
    """
    text = str(arguments.get(name) or default)
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Rejected("invalid_arguments", f"must be an integer [json-pointer:/{name}]")
    return min(int(text) or default, most)


def _object(body: bytes) -> dict[str, Any]:
    try:
        given = json_text.parse(body)
    except ValueError as problem:
        raise Rejected("invalid_json", str(problem)) from problem
    if not isinstance(given, dict):
        raise Rejected("json_not_object", type(given).__name__)
    return given


def _decoded(name: str, value: Any) -> Any:
    if name not in JSON_ARGUMENTS or not isinstance(value, str):
        return value
    try:
        return json_text.parse(value)
    except ValueError as problem:
        raise Rejected(JSON_ARGUMENTS[name], str(problem)) from problem
