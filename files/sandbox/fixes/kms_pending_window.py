"""KMS: the waiting period of ScheduleKeyDeletion.

AWS takes 7 to 30 days and refuses anything else with ValidationException.
moto answers with success, without a date, and deletes nothing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.kms.exceptions import ValidationException
from moto.kms.responses import KmsResponse

from .methods import wrap

DAYS = range(7, 31)


def install() -> None:
    """Make moto refuse a waiting period outside of DAYS."""
    wrap(KmsResponse, "schedule_key_deletion", _checked)


def _checked(operation: Callable[[KmsResponse], str]) -> Callable[[KmsResponse], str]:
    @functools.wraps(operation)
    def answer(response: KmsResponse) -> str:
        window = response._get_param("PendingWindowInDays", max(DAYS))
        if window not in DAYS:
            raise ValidationException(f"PendingWindowInDays must be between {min(DAYS)} and {max(DAYS)}, not {window}")
        return operation(response)

    return answer
