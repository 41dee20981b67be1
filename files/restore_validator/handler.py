"""The Lambda function: it looks at what a test restore brought back, and says whether it is good."""

from __future__ import annotations

import time
from typing import Any, Protocol

from backup_notifier.aws import AwsError

from . import checks, log, restored, settings, verdicts
from .findings import Faulty, NotReady
from .restored import Restored
from .settings import Settings

# Kept back for telling and for raising, in seconds.
RESERVE = 15.0
SUCCESSFUL, FAILED = "SUCCESSFUL", "FAILED"
_PASSING = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "Unavailable",
        "Unreachable",
    }
)


class Context(Protocol):
    """The part of Lambda's context that is used."""

    def get_remaining_time_in_millis(self) -> int:
        """The time until Lambda ends this invocation."""


def handler(event: Any, context: Context) -> dict[str, str]:
    """Validate the test restore that an event tells of.

    Returns: its validation status, or that the event is about none.

    Raises:
        SettingsError: the function's settings are missing or wrong.
        NotReady: what was restored is still being made at the end of this invocation. AWS tries the event twice more.
        AwsError: AWS failed in passing, and nothing was said of the restore yet; or a FAILED was said because of it.
        Exception: the check itself is at fault; FAILED was said before.
    """
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - RESERVE
    if not restored.is_meant(event):
        log.ignored(event)
        return {"validation_status": "ignored"}
    try:
        function = settings.load()
    except settings.SettingsError as error:
        log.settings_failed(str(error))
        raise
    found = restored.read(event)
    log.received(found)
    if found.validation_status in verdicts.SETTLED:
        return _settled(found, function)
    return _validate(found, function, deadline)


def _validate(found: Restored, function: Settings, deadline: float) -> dict[str, str]:
    try:
        _wait_for(found, function, deadline)
    except Faulty as fault:
        return _say(found, function, FAILED, str(fault))
    except NotReady as delay:
        log.result(found, "", str(delay), "not_ready")
        raise
    except Exception as error:
        if _is_passing(error):
            log.result(found, "", _explained(error), "failed")
        else:
            _say(found, function, FAILED, f"The check itself failed: {_explained(error)}.")
        raise
    return _say(found, function, SUCCESSFUL, "")


def _wait_for(found: Restored, function: Settings, deadline: float) -> None:
    """Check until it can be told, or the time is over; raises what the last check did."""
    while True:
        try:
            checks.check(found, function.expectation(found.source_arn))
            return
        except NotReady:
            if time.monotonic() + function.poll_seconds > deadline:
                raise
        time.sleep(function.poll_seconds)


def _say(found: Restored, function: Settings, status: str, reason: str) -> dict[str, str]:
    """Tell AWS Backup the result, and people a failure."""
    taken = verdicts.put(found, status, reason)
    log.result(found, status, reason, "put" if taken else "already")
    if status == FAILED:
        verdicts.tell(found, function.notifier_function, status, reason)
    return {"validation_status": status}


def _settled(found: Restored, function: Settings) -> dict[str, str]:
    """Leave a result as it is, since AWS changes none; a failure is told again, in case that the last try did not come so far."""
    status, reason = found.validation_status, found.validation_message
    log.result(found, status, reason, "already")
    if status == "TIMED_OUT":
        reason = reason or "The validation window ended before anything was said of the restore."
    if status != SUCCESSFUL:
        verdicts.tell(found, function.notifier_function, status, reason)
    return {"validation_status": status}


def _is_passing(error: Exception) -> bool:
    """Whether another try may well end otherwise."""
    if not isinstance(error, AwsError):
        return False
    status = error.details.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return error.code in _PASSING or status >= 500


def _explained(error: Exception) -> str:
    """What went wrong, without anything that may be in an unexpected exception's text."""
    return str(error) if isinstance(error, AwsError) else type(error).__name__
