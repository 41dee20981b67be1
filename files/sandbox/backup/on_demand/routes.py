"""The control endpoint's part: it makes the jobs at once and leaves the sending to the sandbox's clock."""

from __future__ import annotations

from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Request

from ... import control
from ...fixes.unknown_regions import known_regions
from ..backend import BackupBackend
from ..events.sending import tell_bus, tell_topic
from ..models import backup_backends
from .kinds import News, news
from .order import Order


@control.route("POST", "/backup/events")
def make_events(request: Request) -> dict[str, Any]:
    """Make events; says about which jobs, and how many messages leave on each route, repeats not counted."""
    order = Order.read(control.json_body(request))
    if order.region not in known_regions():
        raise ValueError(f"there is no Region {order.region}")
    backend: BackupBackend = backup_backends[DEFAULT_ACCOUNT_ID][order.region]
    sent = dict.fromkeys(("sns", "eventbridge"), 0)
    job_ids = []
    with backend.lock:
        for _ in range(order.count):
            made = news(backend, order)
            if made.job_id:
                job_ids.append(made.job_id)
            for route in _send(backend, order, made):
                sent[route] += 1
    return {"job_ids": job_ids, "sent": sent}


def _send(backend: BackupBackend, order: Order, made: News) -> list[str]:
    """Send one event on the order's routes; returns those that it left on."""
    taken = []
    copies = order.repeat + 1
    if "sns" in order.routes and made.notice is not None and tell_topic(backend, order.vault, made.notice, copies):
        taken.append("sns")
    if "eventbridge" in order.routes and made.change is not None:
        tell_bus(backend, made.change, copies)
        taken.append("eventbridge")
    return taken
