"""EFS: the tags of a file system that is named by its ARN, or that is gone.

AWS takes an ID or an ARN, whose slash arrives as %2F.
moto knows no path with that slash and answers with status 404.

AWS refuses with FileSystemNotFound to tell the tags of a file system that does not exist.
moto answers with those that a deleted one had, or with none.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from moto.efs import urls
from moto.efs.exceptions import FileSystemNotFound
from moto.efs.models import EFSBackend

from .methods import wrap

Tags = list[dict[str, str]]


def install() -> None:
    """Route tagging by ARN, and read the tags under the ID they are kept by."""
    urls.url_paths["/2015-02-01/resource-tags/<path:resource_id>"] = urls.response.dispatch
    wrap(EFSBackend, "list_tags_for_resource", _by_id)


def _by_id(list_tags: Callable[[EFSBackend, str], Tags]) -> Callable[[EFSBackend, str], Tags]:
    @functools.wraps(list_tags)
    def tags(backend: EFSBackend, resource_id: str) -> Tags:
        identifier = resource_id.rsplit("/", 1)[-1]
        if identifier.startswith("fs-") and identifier not in backend.file_systems_by_id:
            raise FileSystemNotFound(identifier)
        return list_tags(backend, identifier)

    return tags
