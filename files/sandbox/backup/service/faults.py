"""How a call fails."""

from __future__ import annotations

import socket
import time
from typing import Any, NoReturn

from ...request_handler import NO_LINGER
from ..errors import ServiceUnavailableException, ThrottlingException
from .behaviour import FaultRule
from .behaviours import RATE_EXCEEDED


def strike(fault: FaultRule, environ: dict[str, Any]) -> NoReturn:
    """Let a call fail.

    Raises:
        ServiceUnavailableException, ThrottlingException: the answer.
        ConnectionAbortedError: there is none; the connection has been closed.
    """
    if fault.kind == "500":
        raise ServiceUnavailableException("The request failed due to a temporary failure of the server.")
    if fault.kind == "throttle":
        raise ThrottlingException(RATE_EXCEEDED)
    if fault.kind == "hang":
        time.sleep(fault.seconds)
    connection: socket.socket = environ["werkzeug.socket"]
    # Closed without lingering, the connection is reset.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    connection.shutdown(socket.SHUT_RD)
    raise ConnectionAbortedError("a fault closed the connection")
