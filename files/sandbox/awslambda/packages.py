"""What the Lambda runtime brings itself, as a folder of links: nothing else of the virtual environment is seen."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import tempfile
import threading
from pathlib import Path

FOLDER_PREFIX = "sandbox-lambda-"
CHILD = Path(__file__).parent / "child"
SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
CLIENT = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
_lock = threading.RLock()


def has_client() -> bool:
    """Whether AWS's own runtime client is installed here and wanted (SANDBOX_LAMBDA_RUNTIME=python refuses it)."""
    if os.environ.get("SANDBOX_LAMBDA_RUNTIME") == "python":
        return False
    return all(importlib.util.find_spec(name) is not None for name in CLIENT)


def base_folder() -> Path:
    """This process's folder for everything functions need on disk; see remove_all."""
    with _lock:
        return _base_folder()


@functools.cache
def _base_folder() -> Path:
    _remove_leftovers()
    return Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-"))


def runtime_folder() -> Path:
    """A folder holding links to the runtime's modules, made once, however many environments start at the same time."""
    with _lock:
        return _runtime_folder()


@functools.cache
def _runtime_folder() -> Path:
    folder = base_folder() / "runtime"
    folder.mkdir()
    for name in SDK + CLIENT:
        source = _location(name)
        if source is not None:
            (folder / source.name).symlink_to(source)
    loop = CHILD / "python_loop.py"
    (folder / loop.name).symlink_to(loop)
    return folder


def remove_all() -> None:
    """Remove what base_folder made; a later call of it makes a new one."""
    shutil.rmtree(base_folder(), ignore_errors=True)
    _base_folder.cache_clear()
    _runtime_folder.cache_clear()


def _remove_leftovers() -> None:
    """Remove the folders of sandboxes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*-*"):
        pid = folder.name.removeprefix(FOLDER_PREFIX).split("-")[0]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (ValueError, PermissionError):
            continue


def _location(name: str) -> Path | None:
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        return None
    origin = Path(found.origin)
    return origin.parent if found.submodule_search_locations else origin
