"""What can be set on a sandbox, at its start and while it runs."""

from __future__ import annotations

import math
import threading
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

HOST = "127.0.0.1"
DEFAULT_PORT = 5566


@dataclass(frozen=True)
class Settings:
    """A sandbox's settings.

    Attributes:
        time_scale: AWS seconds that pass in one real second (60: an AWS minute lasts a second).
        job_seconds: AWS seconds a backup job takes from CREATED to COMPLETED.
        delete_seconds: AWS seconds a recovery point stays in DELETING.
        event_seconds: AWS seconds from a change in AWS Backup to its event on the event bus.
        slack_messages_per_second: real messages a second that one webhook, channel or receiver takes before it answers 429.
        slack_burst: messages it takes at once before the rate applies.
        lambda_concurrency: execution environments one function may run side by side; further invocations wait.
        lambda_idle_seconds: AWS seconds after which an unused execution environment ends.
    """

    time_scale: float = 60.0
    job_seconds: float = 180.0
    delete_seconds: float = 60.0
    event_seconds: float = 5.0
    slack_messages_per_second: float = 1.0
    slack_burst: int = 10
    lambda_concurrency: int = 4
    lambda_idle_seconds: float = 900.0

    def with_changes(self, changes: dict[str, Any]) -> Settings:
        """Return these settings with some values changed.

        Raises:
            ValueError: a name is unknown or a value is not a positive number.
        """
        types = {field.name: type(getattr(self, field.name)) for field in fields(self)}
        unknown = sorted(set(changes) - set(types))
        if unknown:
            raise ValueError(f"unknown settings: {', '.join(unknown)}; known: {', '.join(sorted(types))}")
        converted = {name: _positive(name, types[name], value) for name, value in changes.items()}
        return replace(self, **converted)


def _positive(name: str, kind: type, value: Any) -> Any:
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} must be a number, not {value!r}") from error
    if not (number > 0 and math.isfinite(number)):
        raise ValueError(f"{name} must be above 0, not {number}")
    return number


class SettingsHolder:
    """The one mutable place that holds the settings in force."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._settings = Settings()

    @property
    def now(self) -> Settings:
        """The settings in force."""
        return self._settings

    def change(self, changes: dict[str, Any]) -> Settings:
        """Apply changes (see Settings.with_changes) and return the settings in force."""
        with self._lock:
            self._settings = self._settings.with_changes(changes)
            return self._settings

    def as_dict(self) -> dict[str, Any]:
        """The settings in force as plain values."""
        return asdict(self._settings)


current = SettingsHolder()
