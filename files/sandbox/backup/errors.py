"""AWS Backup's exceptions and what they look like on the wire."""

from __future__ import annotations

import json


class BackupError(Exception):
    """An answer that is an error; the class's name is the error's code.

    Attributes:
        status: HTTP status of the answer.
        fault: who is to blame, as AWS says it.
    """

    status = 400
    fault = "Client"

    def __init__(self, message: str, code: str | None = None, context: str | None = None, **members: str | None) -> None:
        """Keep what the answer says.

        Args:
            message: the text for people.
            code: the service's own number, such as ERROR_9101, where it is known.
            context: what the message is about, such as a count.
            members: further members of this exception, by their name in the model.
        """
        super().__init__(message)
        self.message = message
        self._members = {"Code": code, "Message": message, "Type": self.fault, "Context": context, **members}

    def response(self) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of the answer."""
        name = type(self).__name__
        body = {key: value for key, value in self._members.items() if value is not None}
        return self.status, {"Content-Type": "application/json", "x-amzn-ErrorType": name}, json.dumps({"__type": name, **body})


class AccessDeniedException(BackupError):
    """The caller may not do this, or the vault does not exist: AWS does not tell which."""

    status = 403


class AlreadyExistsException(BackupError):
    """The required resource already exists."""


class InvalidParameterValueException(BackupError):
    """Something is wrong with a parameter's value."""


class InvalidRequestException(BackupError):
    """The request cannot be met in the present state."""


class InvalidResourceStateException(BackupError):
    """The service is already doing something to the recovery point."""


class LimitExceededException(BackupError):
    """A quota has been reached."""


class MissingParameterValueException(BackupError):
    """A required parameter is missing."""


class ResourceNotFoundException(BackupError):
    """What the action needs does not exist."""


class SerializationException(BackupError):
    """The request cannot be read."""


class ServiceUnavailableException(BackupError):
    """The service failed."""

    status = 500
    fault = "Server"


class ThrottlingException(BackupError):
    """Too many calls."""


class UnknownOperationException(BackupError):
    """No operation has this method and path."""

    status = 404


class NotImplementedException(BackupError):
    """AWS has this operation, the sandbox has not."""

    status = 501
    fault = "Server"


def named(code: str, message: str) -> BackupError:
    """An error by its name, with status 400 if it is none of the above."""
    known = {kind.__name__: kind for kind in BackupError.__subclasses__()}
    return known.get(code, type(code, (BackupError,), {}))(message)
