"""The operations the sandbox offers, by their name in AWS Backup's model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .backend import BackupBackend

Params = dict[str, Any]
Handler = Callable[[BackupBackend, Params], Any]

handlers: dict[str, Handler] = {}


def operation(name: str) -> Callable[[Handler], Handler]:
    """Register a handler: it gets the backend (locked) and the parameters, and returns the output's members or None."""

    def register(handler: Handler) -> Handler:
        handlers[name] = handler
        return handler

    return register
