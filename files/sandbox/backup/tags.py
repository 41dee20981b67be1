"""Tags of vaults, plans, report plans and recovery points."""

from __future__ import annotations

from typing import Any

from . import pages
from .backend import BackupBackend
from .errors import InvalidParameterValueException, LimitExceededException, ResourceNotFoundException
from .registry import Params, operation

MOST_TAGS = 50
LONGEST_KEY = 128
LONGEST_VALUE = 256


def check_tags(tags: dict[str, str] | None) -> dict[str, str]:
    """New tags, checked; none is an empty dict.

    Raises:
        InvalidParameterValueException: a key is reserved, or a key or value is too long.
    """
    for key, value in (tags or {}).items():
        if key.lower().startswith("aws:"):
            raise InvalidParameterValueException(f"Invalid tag key {key}: the prefix aws: is reserved")
        if not 1 <= len(key) <= LONGEST_KEY or len(value) > LONGEST_VALUE:
            raise InvalidParameterValueException(
                f"Invalid tag {key}: keys have 1 to {LONGEST_KEY} characters, values at most {LONGEST_VALUE}"
            )
    return tags or {}


@operation("TagResource")
def tag_resource(backend: BackupBackend, params: Params) -> None:
    """Add or change tags."""
    arn = _existing(backend, params)
    tags = check_tags(params.get("Tags"))
    if len({**backend.list_tags(arn), **tags}) > MOST_TAGS:
        raise LimitExceededException(f"More than {MOST_TAGS} tags specified for {arn}")
    backend.tag_resource(arn, tags)


@operation("UntagResource")
def untag_resource(backend: BackupBackend, params: Params) -> None:
    """Remove tags by their keys."""
    backend.untag_resource(_existing(backend, params), params["TagKeyList"])


@operation("ListTags")
def list_tags(backend: BackupBackend, params: Params) -> dict[str, Any]:
    """List tags by key."""
    tags = backend.list_tags(_existing(backend, params))
    keys, token = pages.page(tags, params, key=str)
    return {"Tags": {key: tags[key] for key in keys}, "NextToken": token}


def _existing(backend: BackupBackend, params: Params) -> str:
    arn = params["ResourceArn"]
    if not backend.can_have_tags(arn):
        raise ResourceNotFoundException(f"Could not find resource {arn}")
    return arn
