"""What HTTP statuses mean, whoever answers. The errors are as long as the answers, for the outlet to scrub before it cuts them."""

from __future__ import annotations

from ..delivery import Cause, Delivery
from ..post import Reply

_LATER = {408, 425, 429}


def accepted(reply: Reply) -> Delivery:
    """The target took the message."""
    return Delivery("accepted", reply.status)


def unexpected(reply: Reply) -> Delivery:
    """The status says yes and the body does not: something else answered."""
    return Delivery("retry", reply.status, error=f"unexpected answer: {reply.text or '(empty)'}")


def limited(reply: Reply, text: str = "") -> Delivery:
    """The target takes no more for now."""
    return Delivery("retry", reply.status, error=text or reply.text or "(empty answer)", cause="limit", retry_after=reply.retry_after)


def refused(reply: Reply, revoked: set[int], malformed: set[int]) -> Delivery:
    """A status from 300 up. Those in revoked are about the secret, those in malformed about the message."""
    status = reply.status or 0
    if status == 429:
        return limited(reply)
    error = reply.text or "(empty answer)"
    if status < 400:
        return Delivery("rejected", status, error="redirect not followed")
    if status >= 500 or status in _LATER:
        return Delivery("retry", status, error=error, retry_after=reply.retry_after)
    return rejected(reply, error, "secret" if status in revoked else "message" if status in malformed else "")


def rejected(reply: Reply, error: str, cause: Cause) -> Delivery:
    """The target will not take this message."""
    return Delivery("rejected", reply.status, error=error, cause=cause)
