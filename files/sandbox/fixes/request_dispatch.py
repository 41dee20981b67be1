"""Every service: finding the service that a request is for.

moto lists its own folder on the disk for each request, one request at a time: longer than most requests take by themselves.
Its folder does not change while it runs.
"""

from __future__ import annotations

from moto import backends


def install() -> None:
    """List the folder once."""
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
