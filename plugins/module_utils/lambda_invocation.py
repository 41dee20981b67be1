# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Lambda function: its settings, and handing it one event and waiting until it has handled it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call

if TYPE_CHECKING:
    from botocore.client import BaseClient

LONGEST_REASON = 300
LONGEST_TIMEOUT = 900


class FunctionError(Exception):
    """The function ran, or began to, and did not handle the event; the text is what it said."""


@aws_call("read the settings of the function {function_name}", missing=None)
def get_function_configuration(client: BaseClient, function_name: str) -> dict[str, Any] | None:
    """A function's settings; None when there is no such function."""
    return client.get_function_configuration(FunctionName=function_name)


@aws_call("invoke the function {function_name}")
def _invoke(client: BaseClient, function_name: str, payload: str) -> tuple[str | None, bytes]:
    answer = client.invoke(FunctionName=function_name, InvocationType="RequestResponse", Payload=payload.encode())
    return answer.get("FunctionError"), answer["Payload"].read()


def invoke(client: BaseClient, function_name: str, payload: str) -> None:
    """Hand a function one event and wait until it has handled it.

    Args:
        client: a Lambda client that waits longer than the function may take, and does not try again by itself.
        function_name: the function.
        payload: the event, as JSON.

    Raises:
        AnsibleBackupError: the function was not invoked.
        FunctionError: it failed.
    """
    failed, answer = _invoke(client, function_name, payload)
    if failed:
        raise FunctionError(_reason(answer))


def connection_config() -> dict[str, Any]:
    """What makes a Lambda client wait for the longest function there can be, and invoke it once only."""
    return {"read_timeout": LONGEST_TIMEOUT + 10, "tcp_keepalive": True, "retries": {"mode": "standard", "total_max_attempts": 1}}


def _reason(answer: bytes) -> str:
    """What a function said that failed: its error's kind and message, in one line."""
    try:
        error = json.loads(answer)
    except ValueError:
        error = None
    if not isinstance(error, dict):
        error = {"errorMessage": answer.decode("utf-8", "replace")}
    parts = [str(error[name]) for name in ("errorType", "errorMessage") if error.get(name)]
    return " ".join(": ".join(parts).split())[:LONGEST_REASON] or "it failed without saying why"
