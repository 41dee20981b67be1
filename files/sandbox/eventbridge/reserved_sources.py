"""PutEvents refuses sources that start with aws., which moto takes: only AWS's services may publish under these."""

from __future__ import annotations

import json
from typing import Any

from moto.events.responses import EventsHandler

from ..fixes.methods import replace

RESERVED = "aws."
MOST_ENTRIES = 10
REFUSAL = {"ErrorCode": "NotAuthorizedForSourceException", "ErrorMessage": "Not authorized for the source."}


def install() -> None:
    """Answer PutEvents here; what moto's rules forward to another bus is not asked for."""
    replace(EventsHandler, "put_events", put_events)


def put_events(handler: EventsHandler) -> str:
    """Answer PutEvents: one answer an entry, in their order; refused entries do not stop the others."""
    entries = handler._get_param("Entries")
    taken = entries if len(entries) > MOST_ENTRIES else [entry for entry in entries if not _is_reserved(entry)]
    answers = iter(handler.events_backend.put_events(taken))
    results = [REFUSAL if _is_reserved(entry) else next(answers) for entry in entries]
    return json.dumps({"FailedEntryCount": sum("ErrorCode" in result for result in results), "Entries": results})


def _is_reserved(entry: dict[str, Any]) -> bool:
    return str(entry.get("Source") or "").startswith(RESERVED)
