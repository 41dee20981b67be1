"""Control: how the next jobs of a resource are to end."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from .. import control
from .records import Outcome

EVERY_RESOURCE = "*"
BACKUP, COPY, RESTORE = "backup_job", "copy_job", "restore_job"
STATES = {
    BACKUP: ("COMPLETED", "PARTIAL", "FAILED", "EXPIRED", "ABORTED"),
    COPY: ("COMPLETED", "PARTIAL", "FAILED"),
    RESTORE: ("COMPLETED", "FAILED", "ABORTED"),
}
MEMBERS = {
    BACKUP: ("state", "status_message", "message_category", "hold", "undeletable"),
    COPY: ("state", "status_message", "message_category", "hold"),
    RESTORE: ("state", "status_message", "hold", "content"),
}
"""What can be said of the jobs of a kind."""

CONTENTS = ("lost", "altered")

_outcomes: dict[tuple[str, str], Outcome] = {}


def outcome_for(kind: str, *arns: str) -> Outcome:
    """How a job of a kind that starts now is to end: as set for the first of its ARNs that has an outcome, else for all, else well."""
    found = (_outcomes.get((kind, arn)) for arn in (*arns, EVERY_RESOURCE))
    return next((outcome for outcome in found if outcome), Outcome())


@control.route("PUT", "/backup/outcomes")
def set_outcome(request: Request) -> dict[str, Any]:
    """Set the outcome of one resource's jobs of a kind (or of every resource's, with "*")."""
    body = control.json_body(request)
    resource_arn, kind = body.pop("resource_arn", None), body.pop("kind", BACKUP)
    if not resource_arn:
        raise ValueError("resource_arn is required: an ARN, or * for every resource")
    if kind not in STATES:
        raise ValueError(f"kind must be one of {', '.join(STATES)}, not {kind}")
    outcome = _outcomes[(kind, resource_arn)] = _outcome(kind, body)
    return {"kind": kind, "resource_arn": resource_arn, **{name: getattr(outcome, name) for name in MEMBERS[kind]}}


@control.route("DELETE", "/backup/outcomes")
def clear_outcomes(_request: Request) -> dict[str, Any]:
    """Let every job end well again."""
    forget_outcomes()
    return {"outcomes": {}}


@control.on_reset
def forget_outcomes() -> None:
    """Forget every outcome that was set."""
    _outcomes.clear()


def _outcome(kind: str, body: dict[str, Any]) -> Outcome:
    unknown = sorted(set(body) - set(MEMBERS[kind]))
    if unknown:
        raise ValueError(f"unknown members: {', '.join(unknown)}; known: kind, resource_arn, {', '.join(MEMBERS[kind])}")
    outcome = Outcome(**body)
    if outcome.state not in STATES[kind]:
        raise ValueError(f"state must be one of {', '.join(STATES[kind])}, not {outcome.state}")
    if outcome.content not in (None, *CONTENTS):
        raise ValueError(f"content must be one of {', '.join(CONTENTS)}, not {outcome.content}")
    return outcome
