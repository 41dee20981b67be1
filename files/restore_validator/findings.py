"""What a check can find; one that finds nothing wrong just ends."""

from __future__ import annotations


class Faulty(Exception):
    """What was restored is not what it should be; the text says why, for people."""


class NotReady(Exception):
    """It cannot be told yet: what was restored is still being made; the text says so, for people."""
