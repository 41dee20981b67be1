"""Callers other than the account's owner: sessions of a role that are held to its policies, for whoever asks for one."""

from __future__ import annotations

from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.sts.models import sts_backends
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request

from .. import control
from ..fixes.sts_missing_roles import exists
from . import callers

REGION = "us-east-1"


@control.route("POST", "/sessions")
def start(request: Request) -> dict[str, Any]:
    """Credentials of a new session of a role; whatever is called with them needs the role's permission.

    Raises:
        BadRequest: there is no such role.
    """
    role_arn = str(control.json_body(request).get("role_arn"))
    if not role_arn.startswith("arn:") or not exists(role_arn):
        raise BadRequest(f"there is no role {role_arn}")
    backend = sts_backends[DEFAULT_ACCOUNT_ID][role_arn.split(":")[1]]
    session = backend.assume_role(REGION, "sandbox", role_arn, "", 3600, "")
    callers.register(session.access_key_id, callers.Caller(role_arn, session.arn))
    return {
        "access_key": session.access_key_id,
        "secret_key": session.secret_access_key,
        "session_token": session.session_token,
        "arn": session.arn,
    }
