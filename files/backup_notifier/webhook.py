"""The webhook's URL: a secret read from SSM while the function runs, so that it can change without a deployment."""

from __future__ import annotations

import os
import re
import time
from typing import Any

SECONDS_KEPT = 300.0
_FORM = re.compile(
    r"https://hooks\.slack(-gov)?\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]+"
    r"|http://(127\.0\.0\.1|localhost):\d{1,5}/[\w./-]+"
)


class WebhookError(Exception):
    """The webhook cannot be had now; the text says why and never holds its value."""


class Webhook:
    """The webhook's URL, kept for a few minutes."""

    def __init__(self) -> None:
        self._url = ""
        self._read_at = 0.0

    def url(self) -> str:
        """The URL, read again when it was read more than SECONDS_KEPT ago.

        Raises:
            WebhookError: see renewed.
        """
        if self._url and time.monotonic() - self._read_at < SECONDS_KEPT:
            return self._url
        return self.renewed()

    def renewed(self) -> str:
        """The URL as it is in SSM now.

        Raises:
            WebhookError: there is no such parameter, it may not be read, SSM does not answer, or it holds no webhook.
        """
        self._url = ""
        self._url = _read(os.environ.get("WEBHOOK_PARAMETER", ""))
        self._read_at = time.monotonic()
        return self._url


def _read(parameter: str) -> str:
    if not parameter:
        raise WebhookError("WEBHOOK_PARAMETER is not set: it must name the SSM parameter that holds the Slack webhook")
    # Only a cold start and a rotation need the SDK, which takes most of a cold start's time to import.
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        value = _ssm().get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"].strip()
    except ClientError as error:
        raise WebhookError(_explain(error.response["Error"], parameter)) from error
    except BotoCoreError as error:
        raise WebhookError(f"SSM parameter {parameter} cannot be read: {type(error).__name__}") from error
    if not _FORM.fullmatch(value):
        raise WebhookError(f"SSM parameter {parameter} holds no Slack webhook: https://hooks.slack.com/services/T.../B.../... is expected")
    return value


def _ssm() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client("ssm", config=Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2}))


def _explain(error: dict[str, str], parameter: str) -> str:
    code = error.get("Code", "")
    remedies = {
        "ParameterNotFound": "it does not exist in this account and Region: create it as a SecureString",
        "AccessDeniedException": "the function's role needs ssm:GetParameter on it, and kms:Decrypt on its key",
    }
    return f"SSM parameter {parameter} cannot be read ({code}): {remedies.get(code, error.get('Message', ''))}"
