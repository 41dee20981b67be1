# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One way to call AWS: retried when it asks for patience, failing with an error that says what was tried on what."""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

with contextlib.suppress(ImportError):  # AnsibleAWSModule reports the missing library.
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

RAISE = object()
"""Value of missing that makes a missing resource an error like any other."""

MISSING_CODES = ("ResourceNotFoundException",)
TRANSIENT_CODES = ["ThrottlingException", "ServiceUnavailableException"]

HINTS = {
    "AccessDeniedException": "check the caller's IAM permissions; AWS Backup also answers this for a vault that is not in this Region",
    "ExpiredTokenException": "the credentials have expired, get new ones",
    "InvalidClientTokenId": "check the access key",
    "InvalidSignatureException": "check the secret key, the Region and this machine's clock",
    "ResourceNotFoundException": "check the names and the Region",
    "UnauthorizedOperation": "check the caller's IAM permissions",
    "UnrecognizedClientException": "check the access key",
    "ThrottlingException": "too many calls to AWS in this account and Region, try again later",
}


class FailingModule(Protocol):
    """What an AnsibleAWSModule offers to end a module with a failure."""

    def fail_json(self, **result: Any) -> NoReturn:
        """Fail with the keys of result, among them msg."""

    def fail_json_aws(self, exception: BaseException, msg: str | None = None, **result: Any) -> NoReturn:
        """Fail with msg and what AWS said."""


class AnsibleBackupError(AnsibleAWSError):
    """Something failed; kwargs are the result keys that go with the failure."""


def aws_call(
    description: str, missing: Any = RAISE, missing_codes: tuple[str, ...] = MISSING_CODES
) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Decorate a function that makes one AWS API call.

    Throttling and short unavailability are retried with a jittered backoff.

    Args:
        description: what the call does, after "Failed to"; {name} stands for the argument of that name.
        missing: what to return when AWS answers with one of missing_codes; RAISE makes that an error.
        missing_codes: error codes that mean "there is no such thing".

    Raises:
        AnsibleBackupError: the call failed; its exception is the one of botocore.
    """

    def decorate(func: Callable[..., Result]) -> Callable[..., Result]:
        signature = inspect.signature(func)
        retried = AWSRetry.jittered_backoff(retries=8, delay=1, max_delay=20, catch_extra_error_codes=TRANSIENT_CODES)(func)

        @functools.wraps(func)
        def call(*args: Any, **kwargs: Any) -> Result:
            try:
                return retried(*args, **kwargs)
            except (ClientError, BotoCoreError) as error:
                if missing is not RAISE and error_code(error) in missing_codes:
                    return copy.copy(missing)
                arguments = signature.bind(*args, **kwargs).arguments
                raise AnsibleBackupError(message=f"Failed to {description.format(**arguments)}", exception=error) from error

        return call

    return decorate


def error_code(error: BaseException | None) -> str | None:
    """The AWS error code of a botocore error or of an AnsibleAWSError around one; None when it has none."""
    if isinstance(error, AnsibleAWSError):
        error = error.exception
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else None


def error_text(error: BaseException | None) -> str:
    """The message AWS sent with a botocore error or with an AnsibleAWSError around one; empty when there is none."""
    if isinstance(error, AnsibleAWSError):
        error = error.exception
    return error.response["Error"].get("Message", "") if isinstance(error, ClientError) else ""


def hint(error: BaseException | None) -> str | None:
    """How to mend a botocore error, where that can be said in general."""
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        return "give access_key and secret_key, a profile, or set them in the environment"
    if "cannot be assumed" in error_text(error):
        return "the role must exist and trust backup.amazonaws.com"
    return HINTS.get(error_code(error) or "")


def fail(module: FailingModule, error: AnsibleAWSError) -> NoReturn:
    """End the module with an error that was raised on the way: what failed on what, how to mend it, what AWS said."""
    if error.exception is None:
        module.fail_json(msg=error.message, **error.kwargs)
    advice = hint(error.exception)
    module.fail_json_aws(error.exception, msg=f"{error.message} ({advice})" if advice else error.message, **error.kwargs)
