"""Calls of AWS, as the notifier makes them, with more patience: nobody waits for a validation."""

from __future__ import annotations

from typing import Any

from backup_notifier import aws

READ_TIMEOUT = 10.0
"""Seconds for which each of three tries waits for an answer."""


def call(service: str, operation: str, parameters: dict[str, Any], region: str) -> dict[str, Any]:
    """Make one call.

    Raises:
        AwsError: it was refused, or failed every time.
    """
    return aws.call(service, operation, parameters, region, READ_TIMEOUT)
