"""Clients of the AWS SDK. Nothing is imported before the first one is wanted; boto3, which adds nothing here, never is."""

from __future__ import annotations

import threading
from typing import Any

READ_TIMEOUT = 2.0

_lock = threading.Lock()
_session: Any = None
_clients: dict[tuple[str, str, float], Any] = {}


def client(service: str, region: str, read_timeout: float = READ_TIMEOUT) -> Any:
    """The client of a service in a Region (empty: the function's own), which gives up soon; kept between invocations.

    Args:
        read_timeout: seconds for which each try waits for an answer.
    """
    global _session
    # Making a client is not safe for threads; using one is.
    with _lock:
        found = _clients.get((service, region, read_timeout))
        if found is None:
            import botocore.session
            from botocore.config import Config

            _session = _session or botocore.session.get_session()
            config = Config(connect_timeout=1, read_timeout=read_timeout, retries={"mode": "standard", "total_max_attempts": 3})
            found = _session.create_client(service, region_name=region or None, config=config)
            _clients[service, region, read_timeout] = found
        return found
