"""Authorization of what Lambda functions call: by the policies of their roles, before moto answers.

Only callers that register here are checked, which is every function's process; a user's calls are let through unread.
"""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from ..resource_policy import role_allows, role_denies
from ..role_policies import policies_of
from . import callers, calls, needs, refusals, sessions, simulation

__all__ = ["install", "refusal", "sessions"]


def install() -> None:
    """Extend moto; called once before the first request."""
    simulation.install()


def refusal(environ: dict[str, Any]) -> Response | None:
    """The answer to a call that the caller's role may not make; None for every other request."""
    credential = callers.credential(environ)
    caller = callers.find(credential.access_key) if credential else None
    if credential is None or caller is None:
        return None
    call = calls.read(environ, credential)
    policies = policies_of(caller.role_arn)
    for need in needs.needs(call):
        if not role_allows(policies, *need):
            return refusals.refuse(call, caller, *need, explicitly=role_denies(policies, *need))
    return None
