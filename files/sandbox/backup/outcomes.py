"""Control: how the next backup jobs of a resource are to end."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Request

from .. import control
from .records import Outcome

EVERY_RESOURCE = "*"
STATES = ("COMPLETED", "PARTIAL", "FAILED", "EXPIRED", "ABORTED")

_outcomes: dict[str, Outcome] = {}


def outcome_for(resource_arn: str) -> Outcome:
    """How a job that starts now is to end: as set for its resource, else for every resource, else well."""
    return _outcomes.get(resource_arn) or _outcomes.get(EVERY_RESOURCE) or Outcome()


@control.route("PUT", "/backup/outcomes")
def set_outcome(request: Request) -> dict[str, Any]:
    """Set the outcome of one resource's jobs (or of every resource's, with "*")."""
    body = control.json_body(request)
    resource_arn = body.pop("resource_arn", None)
    if not resource_arn:
        raise ValueError("resource_arn is required: an ARN, or * for every resource")
    _outcomes[resource_arn] = _outcome(body)
    return {"resource_arn": resource_arn, **vars(_outcomes[resource_arn])}


@control.route("DELETE", "/backup/outcomes")
def clear_outcomes(_request: Request) -> dict[str, Any]:
    """Let every job end well again."""
    forget_outcomes()
    return {"outcomes": {}}


@control.on_reset
def forget_outcomes() -> None:
    """Forget every outcome that was set."""
    _outcomes.clear()


def _outcome(body: dict[str, Any]) -> Outcome:
    known = Outcome.__dataclass_fields__
    unknown = sorted(set(body) - set(known))
    if unknown:
        raise ValueError(f"unknown members: {', '.join(unknown)}; known: resource_arn, {', '.join(known)}")
    outcome = Outcome(**body)
    if outcome.state not in STATES:
        raise ValueError(f"state must be one of {', '.join(STATES)}, not {outcome.state}")
    return outcome
