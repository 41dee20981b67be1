# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A boto3 client whose every request waits for its turn, and is sent again when AWS throttles it or is out of reach for a moment."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from typing import TYPE_CHECKING, Any

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library.
    from botocore.exceptions import ConnectionError as NoConnectionError
    from botocore.exceptions import HTTPClientError

if TYPE_CHECKING:
    from ansible_collections.proven.aws_backup.plugins.module_utils.pacing import RateLimiter
    from botocore.client import BaseClient
    from botocore.model import OperationModel

THROTTLING_CODES = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
TOO_MANY_REQUESTS = 429

TRIES = 8
"""How often a request is sent while AWS fails or is out of reach, within 15 seconds; a throttled one is sent until its turn is right."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 4.0
"""Seconds until such a request is sent again, at most: doubled from try to try."""


def client_config(connections: int) -> dict[str, Any]:
    """The botocore configuration of a client for so many threads, which leaves it to us to send a request again."""
    # In botocore's legacy mode nobody is asked whether to send a request again whose connection was lost.
    retries = {"mode": "standard", "total_max_attempts": 1}
    return {"retries": retries, "max_pool_connections": connections, "connect_timeout": 5, "read_timeout": 20}


def pace(client: BaseClient, limiter: RateLimiter, at_a_time: int, give_up_at: float) -> None:
    """Have a client's requests wait for their turn, and be sent again when that may help.

    botocore tells its handlers of each request before it is sent and of each answer; its own retries are handlers, too.

    Args:
        limiter: gives the turns.
        at_a_time: how many requests are under way at most. More threads than that use the client well: while some wait for an answer,
            others prepare their request.
        give_up_at: time.monotonic() after which an answer is final, whatever it is.
    """
    service = client.meta.service_model.service_id.hyphenize()
    under_way = threading.Semaphore(at_a_time)

    def before_send(event_name: str, **_other: Any) -> None:
        under_way.acquire()
        limiter.wait(event_name.rsplit(".", 1)[1])

    def response_received(**_other: Any) -> None:
        under_way.release()
        time.sleep(0)  # Who waits for that sends a request now, before this thread reads its answer.

    def needs_retry(operation: OperationModel, attempts: int, response: Any, caught_exception: Exception | None, **_other: Any) -> Any:
        if time.monotonic() >= give_up_at:
            return None
        if _is_throttled(response):
            limiter.slow_down(operation.name)
            return 0.0
        if _is_transient(response, caught_exception) and attempts < TRIES:
            return random.uniform(0, min(FIRST_PAUSE * 2**attempts, LONGEST_PAUSE))
        return None

    client.meta.events.register(f"before-send.{service}", before_send)
    client.meta.events.register(f"response-received.{service}", response_received)
    client.meta.events.register(f"needs-retry.{service}", needs_retry)


def _is_throttled(response: Any) -> bool:
    if response is None:
        return False
    http, parsed = response
    return http.status_code == TOO_MANY_REQUESTS or parsed.get("Error", {}).get("Code") in THROTTLING_CODES


def _is_transient(response: Any, caught_exception: Exception | None) -> bool:
    if response is None:
        return isinstance(caught_exception, (HTTPClientError, NoConnectionError))
    return response[0].status_code >= 500
