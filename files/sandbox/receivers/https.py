"""An HTTPS endpoint that checks signatures: POST /receivers/https/<token>."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time

from werkzeug.wrappers import Request, Response

from ..slack import json_text
from .store import received

KEY = b"SandboxSigningKey01"
MOST_SECONDS_APART = 300


def receive(token: str, request: Request, body: bytes) -> Response:
    """Take a JSON document whose signature is right: 200, else 401; both are kept."""
    try:
        document = json_text.parse(body)
    except ValueError:
        return answer(400, "not JSON")
    problem = signature_problem(request.headers.get("X-Signature-Timestamp", ""), request.headers.get("X-Signature", ""), body)
    received["https"].add(token, document, not problem, problem)
    return answer(401, problem) if problem else answer(200)


def signature_problem(timestamp: str, signature: str, body: bytes) -> str:
    """What is wrong with a signature, v1=<HMAC-SHA256 of "timestamp.body">; empty when it is right."""
    if not timestamp or not signature:
        return "no X-Signature-Timestamp or no X-Signature"
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(time.time() - int(timestamp)) > MOST_SECONDS_APART:
        return f"X-Signature-Timestamp is not within {MOST_SECONDS_APART} seconds of now"
    expected = "v1=" + hmac.new(KEY, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(expected.encode(), signature.encode()) else "X-Signature does not match"


def answer(status: int, error: str = "", headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    body = {"error": error} if error else {"received": True}
    return Response(json.dumps(body), status=status, content_type="application/json", headers=headers)


def rate_limited(seconds: int) -> Response:
    """The answer to a document that came too soon."""
    return answer(429, "too many requests", {"Retry-After": str(seconds)})
