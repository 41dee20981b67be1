"""The control endpoint's part."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Request

from ... import control
from . import behaviours
from .behaviour import Behaviour


@control.route("PUT", "/backup/service")
def set_behaviour(request: Request) -> dict[str, Any]:
    """Let the service behave in a certain way, in one Region or in all."""
    behaviour = Behaviour.read(control.json_body(request))
    behaviours.behave(behaviour)
    return asdict(behaviour)


@control.route("DELETE", "/backup/service")
def end_behaviour(_request: Request) -> dict[str, Any]:
    """Let the service behave well in every Region."""
    behaviours.forget()
    return {"region": "*"}
