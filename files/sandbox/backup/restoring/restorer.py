"""What the restores of all types of resources have in common."""

from __future__ import annotations

import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from ..backend import BackupBackend
from ..errors import InvalidParameterValueException
from ..permissions import Need
from ..records import Resource
from .content import Content, with_altered_tags
from .order import RestoreOrder

REQUEST_ID = "aws:backup:request-id"
Metadata = Mapping[str, str]


class RestoreFailed(Exception):
    """A restore job fails; the text is its status message."""


class Restorer(ABC):
    """Takes and restores the resources of a type.

    Attributes:
        keys: the metadata that a restore can be told, or that may be sent back as it was got.
        required: those that it must be told.
    """

    keys: ClassVar[frozenset[str]]
    required: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """What a backup of a resource, which exists, holds."""

    @abstractmethod
    def metadata(self, content: Content) -> dict[str, str | None]:
        """What is known of the original, for a restore."""

    @abstractmethod
    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """What the role of a restore must be allowed, each on a resource."""

    @abstractmethod
    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Make a resource with these tags; returns its ARN.

        Raises:
            RestoreFailed: that cannot be done.
        """

    def read(self, metadata: Metadata) -> Metadata:
        """Metadata with its keys spelt as in the attribute keys."""
        return metadata

    def check(self, metadata: Metadata) -> None:
        """Check the metadata of a request.

        Raises:
            InvalidParameterValueException: AWS Backup would not start a restore with it.
        """
        given = self.read(metadata)
        unknown = sorted(set(given) - self.keys - {REQUEST_ID})
        if unknown:
            raise InvalidParameterValueException(f"Invalid restore metadata. Unrecognized key(s): {', '.join(unknown)}")
        missing = [key for key in self.required if not given.get(key)]
        if missing:
            raise InvalidParameterValueException(f"Invalid restore metadata. Missing required key(s): {', '.join(missing)}")

    def altered(self, content: Content) -> Content:
        """A content that differs from the original in its data and in its tags."""
        return with_altered_tags(content)


def with_request_id(metadata: Mapping[str, str | None]) -> dict[str, str | None]:
    """Metadata as AWS Backup returns it, with what tells the request that made it."""
    return {**metadata, REQUEST_ID: str(uuid.uuid4())}


def truth(value: bool) -> str:
    """True and false as metadata has them."""
    return "true" if value else "false"


def is_true(metadata: Metadata, key: str) -> bool:
    """Whether metadata says true."""
    return metadata.get(key, "").lower() == "true"


def parsed(metadata: Metadata, key: str) -> Any:
    """A value of metadata that is JSON; None when there is none.

    Raises:
        RestoreFailed: it is something else.
    """
    text = metadata.get(key)
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        raise RestoreFailed(f"Invalid value for {key}: it must be JSON") from None


def as_tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags in the form of most services."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]
