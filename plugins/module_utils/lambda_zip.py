# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder, and files made up for it, as a zip whose bytes depend on nothing but the files' names, contents and executable bits."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
UNIX = 3


class PackageError(Exception):
    """The folder cannot be packaged; the message says why and what to do about it."""


@dataclass(frozen=True, order=True)
class Member:
    """One file of the package: its name inside the zip, whether it is executable, and its content."""

    name: str
    executable: bool
    content: bytes

    @property
    def mode(self) -> int:
        """The permissions the file gets: 0755 or 0644, whatever the umask of the machine that packages it."""
        return 0o755 if self.executable else 0o644


def clean_prefix(prefix: str | None, folder: Path) -> PurePosixPath:
    """The folder inside the zip below which the files go: the source folder's name unless a prefix is given ("" for the top).

    Raises:
        PackageError: the prefix leaves the zip.
    """
    cleaned = PurePosixPath(folder.name if prefix is None else prefix)
    if cleaned.is_absolute() or ".." in cleaned.parts:
        raise PackageError(f"prefix must be a folder inside the zip, such as python/lib, not {prefix!r}.")
    return cleaned


def read_members(folder: Path, prefix: PurePosixPath, exclude: Sequence[str]) -> list[Member]:
    """Read every file below a folder that no pattern excludes, sorted by name.

    Raises:
        PackageError: the folder is missing, is no folder or holds no file to package, or something in it cannot be packaged.
        OSError: something in it cannot be read.
    """
    if not folder.exists():
        raise PackageError(f"path {folder} does not exist on this host.")
    if not folder.is_dir():
        raise PackageError(f"path {folder} is not a folder: give the folder that holds the function's code.")
    members = sorted(_read_member(file, folder, prefix) for file in _walk(folder, folder, exclude))
    if not members:
        patterns = ", ".join(exclude) or "nothing"
        raise PackageError(f"path {folder} holds no file to package (excluded: {patterns}).")
    return members


def content_members(content: Mapping[str, object]) -> list[Member]:
    """Files that exist nowhere but in the package, from their paths inside the zip and their texts.

    Raises:
        PackageError: a path is not that of a file inside the zip, or what goes there is no text.
    """
    return [Member(_clean_path(path), False, _clean_text(path, text)) for path, text in content.items()]


def merge(members: Sequence[Member], additions: Sequence[Member]) -> list[Member]:
    """All members of a package, sorted by name.

    Raises:
        PackageError: two have the same name, or one has the name of another one's folder.
    """
    merged = sorted([*members, *additions])
    names = [member.name for member in merged]
    folders = {str(folder) for name in names for folder in PurePosixPath(name).parents}
    for name in sorted(member.name for member in additions):
        if names.count(name) > 1:
            raise PackageError(f"content {name!r} is in the package already: choose another path, or exclude the file.")
    for name in names:
        if name in folders:
            raise PackageError(f"{name!r} would be a file and a folder of the package at once: choose another path for the content.")
    return merged


def build(members: Sequence[Member]) -> bytes:
    """The zip of these members, in their order.

    Files are stored, not compressed: the same input compresses to other bytes with another zlib (zlib-ng, other releases),
    and code that did not change would be uploaded again from another machine. A function's own code is small enough.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for member in members:
            info = zipfile.ZipInfo(member.name, EARLIEST_ZIP_DATE)
            info.create_system = UNIX
            info.external_attr = (stat.S_IFREG | member.mode) << 16
            archive.writestr(info, member.content)
    return buffer.getvalue()


def describe_zip(data: bytes | None) -> str:
    """What a zip holds, one line for each file: permissions, CRC-32, size in bytes, name; empty for no zip or for bytes that are none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data or b"")) as archive:
            files = sorted(archive.infolist(), key=lambda info: info.filename)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return ""
    return "".join(f"{info.external_attr >> 16 & 0o777:04o} {info.CRC:08x} {info.file_size} {info.filename}\n" for info in files)


def _clean_path(path: str) -> str:
    parts = path.split("/")
    if {"", ".", ".."} & set(parts) or "\\" in path or "\0" in path:
        raise PackageError(f"content {path!r} must be the path of a file inside the zip, such as settings.json or lib/data.txt.")
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise PackageError(f"content {path!r} is a path that is not UTF-8: choose another one.") from error
    return path


def _clean_text(path: str, text: object) -> bytes:
    if not isinstance(text, str):
        raise PackageError(f"content {path!r} must be text, not {type(text).__name__}: end its expression with to_json or string.")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise PackageError(f"content {path!r} is text that cannot be written as UTF-8.") from error


def _walk(folder: Path, top: Path, exclude: Sequence[str]) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        path = Path(entry.path)
        if _is_excluded(path.relative_to(top), exclude):
            continue
        if entry.is_symlink():
            raise PackageError(f"{path} is a symbolic link, which Lambda would not follow: replace it by the file itself or exclude it.")
        if entry.is_dir():
            yield from _walk(path, top, exclude)
        elif entry.is_file():
            yield path
        else:
            raise PackageError(f"{path} is neither a file nor a folder: remove or exclude it.")


def _is_excluded(path: Path, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(path.as_posix() if "/" in pattern else path.name, pattern) for pattern in patterns)


def _read_member(file: Path, top: Path, prefix: PurePosixPath) -> Member:
    name = str(prefix / file.relative_to(top).as_posix())
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise PackageError(f"{os.fsencode(file)!r} has a name that is not UTF-8: rename or exclude it.") from error
    return Member(name, bool(file.stat().st_mode & stat.S_IXUSR), file.read_bytes())
