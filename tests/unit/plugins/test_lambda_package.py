"""The module lambda_package: its main(), on real folders."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.modules import lambda_package


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small package with a cache, a nested folder and an executable file."""
    top = tmp_path / "notifier"
    (top / "nested").mkdir(parents=True)
    (top / "__pycache__").mkdir()
    (top / "__pycache__" / "handler.pyc").write_bytes(b"cache")
    (top / "handler.py").write_text("def handler(): ...\n")
    (top / "nested" / "data.json").write_text("{}")
    (top / "run.sh").write_text("#!/bin/sh\n")
    (top / "run.sh").chmod(0o700)
    return top


@pytest.fixture
def args(folder: Path, tmp_path: Path) -> dict[str, Any]:
    return {"path": str(folder), "dest": str(tmp_path / "package.zip")}


def test_packages_the_folder_below_its_own_name(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(lambda_package, args)
    data = Path(args["dest"]).read_bytes()
    names = ["notifier/handler.py", "notifier/nested/data.json", "notifier/run.sh"]
    assert result["changed"]
    assert result["files"] == names
    assert result["dest"] == args["dest"]
    assert result["size"] == len(data)
    assert result["checksum"] == hashlib.sha256(data).hexdigest()
    assert result["code_sha256"] == base64.b64encode(hashlib.sha256(data).digest()).decode()
    with zipfile.ZipFile(args["dest"]) as archive:
        assert archive.namelist() == names
        assert archive.testzip() is None
        assert archive.read("notifier/nested/data.json") == b"{}"
        assert [oct(info.external_attr >> 16) for info in archive.infolist()] == ["0o100644", "0o100644", "0o100755"]


def test_the_bytes_depend_on_nothing_but_the_files(run_module: Any, args: dict[str, Any], folder: Path) -> None:
    assert run_module(lambda_package, args)["changed"]
    inode = Path(args["dest"]).stat().st_ino
    for file in folder.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    (folder / "handler.py").chmod(0o640)
    (folder / "run.sh").chmod(0o755)
    (folder / "__pycache__" / "other.pyc").write_bytes(b"more cache")
    assert not run_module(lambda_package, args)["changed"]
    assert Path(args["dest"]).stat().st_ino == inode, "an unchanged package is not written again"


def test_the_bytes_never_change(run_module: Any, tmp_path: Path) -> None:
    """Another Python, another zlib or another release of the collection must not upload the same code again."""
    source = tmp_path / "fixed"
    source.mkdir()
    (source / "handler.py").write_bytes(b"def handler(event, context):\n    return event\n" * 100)
    (source / "h\u00e9.txt").write_bytes(b"")
    result = run_module(lambda_package, {"path": str(source), "dest": str(tmp_path / "fixed.zip")})
    assert result["checksum"] == "bff1e79c0f662a9e574fb1044d4acd918c212482230a805644d188041ff136c7"


def test_check_mode_predicts_and_writes_nothing(run_module: Any, args: dict[str, Any]) -> None:
    predicted = run_module(lambda_package, args, check=True)
    assert predicted["changed"]
    assert not Path(args["dest"]).exists()
    done = run_module(lambda_package, args)
    assert {key: done[key] for key in ("size", "checksum", "files")} == {key: predicted[key] for key in ("size", "checksum", "files")}
    assert not run_module(lambda_package, args, check=True)["changed"]


def test_check_mode_before_the_folder_of_dest_exists(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    assert run_module(lambda_package, {**args, "dest": str(tmp_path / "later" / "package.zip")}, check=True)["changed"]


def test_diff_names_added_changed_and_removed_files(run_module: Any, args: dict[str, Any], folder: Path) -> None:
    assert run_module(lambda_package, args, diff=True)["diff"]["before"] == ""
    (folder / "handler.py").write_text("def handler(): return 1\n")
    (folder / "run.sh").unlink()
    (folder / "new.py").write_text("")
    diff = run_module(lambda_package, args, diff=True)["diff"]
    before, after = set(diff["before"].splitlines()), set(diff["after"].splitlines())
    assert {line.split()[-1] for line in before - after} == {"notifier/handler.py", "notifier/run.sh"}
    assert {line.split()[-1] for line in after - before} == {"notifier/handler.py", "notifier/new.py"}
    assert "0644 00000000 0 notifier/new.py" in after


@pytest.mark.parametrize(
    ("prefix", "name"), [("", "handler.py"), ("python", "python/handler.py"), ("python/lib/", "python/lib/handler.py")]
)
def test_prefix(run_module: Any, args: dict[str, Any], prefix: str, name: str) -> None:
    assert name in run_module(lambda_package, {**args, "prefix": prefix})["files"]


def test_exclude(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(lambda_package, {**args, "exclude": ["__pycache__", "nested/*.json", "*.sh"]})
    assert result["files"] == ["notifier/handler.py"]
    assert "notifier/__pycache__/handler.pyc" in run_module(lambda_package, {**args, "exclude": []})["files"]


@pytest.mark.parametrize("content", [b"not a zip", b"", b"PK\x03\x04 truncated"])
def test_replaces_what_is_no_package(run_module: Any, args: dict[str, Any], content: bytes) -> None:
    Path(args["dest"]).write_bytes(content)
    result = run_module(lambda_package, args, diff=True)
    assert result["changed"]
    assert result["diff"]["before"] == ""
    assert zipfile.is_zipfile(args["dest"])


def test_what_it_packages_can_be_imported(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "notifier" / "__init__.py").touch()
    run_module(lambda_package, args)
    subprocess.run([sys.executable, "-c", "import notifier.handler"], env={"PYTHONPATH": args["dest"]}, cwd="/", check=True)


SETTINGS = '{"targets": []}\n'


def test_content_goes_to_the_top_whatever_the_prefix(run_module: Any, args: dict[str, Any]) -> None:
    result = run_module(lambda_package, {**args, "content": {"settings.json": SETTINGS, "lib/caf\u00e9.txt": "d\u00e9j\u00e0"}})
    assert result["files"] == [
        "lib/caf\u00e9.txt",
        "notifier/handler.py",
        "notifier/nested/data.json",
        "notifier/run.sh",
        "settings.json",
    ]
    with zipfile.ZipFile(args["dest"]) as archive:
        assert archive.read("settings.json").decode() == SETTINGS
        assert archive.read("lib/caf\u00e9.txt").decode() == "d\u00e9j\u00e0"
        assert archive.getinfo("settings.json").external_attr >> 16 == 0o100644


def test_content_is_as_reproducible_as_files(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    """The same bytes as those of a folder that holds the same files, in whatever order the content is given."""
    whole = tmp_path / "whole"
    (whole / "notifier").mkdir(parents=True)
    (whole / "notifier" / "handler.py").write_text("")
    (whole / "a.txt").write_text("1")
    (whole / "z.txt").write_text("2")
    from_folder = run_module(lambda_package, {**args, "path": str(whole), "prefix": ""})
    part = {**args, "path": str(whole / "notifier"), "dest": str(tmp_path / "part.zip")}
    assert run_module(lambda_package, {**part, "content": {"z.txt": "2", "a.txt": "1"}})["checksum"] == from_folder["checksum"]
    assert not run_module(lambda_package, {**part, "content": {"a.txt": "1", "z.txt": "2"}})["changed"]


def test_check_mode_and_diff_see_changed_content(run_module: Any, args: dict[str, Any]) -> None:
    run_module(lambda_package, {**args, "content": {"settings.json": SETTINGS}})
    before = Path(args["dest"]).read_bytes()
    predicted = run_module(lambda_package, {**args, "content": {"settings.json": "{}"}}, check=True, diff=True)
    assert predicted["changed"]
    assert Path(args["dest"]).read_bytes() == before
    changes = set(predicted["diff"]["before"].splitlines()) ^ set(predicted["diff"]["after"].splitlines())
    assert {line.split()[-1] for line in changes} == {"settings.json"}
    assert SETTINGS not in str(predicted)


def test_no_content_is_the_package_as_it_was(run_module: Any, args: dict[str, Any]) -> None:
    run_module(lambda_package, args)
    assert not run_module(lambda_package, {**args, "content": {}})["changed"]


@pytest.mark.parametrize("path", ["/etc/passwd", "../up.txt", "a/../b", "./settings.json", "a//b", "folder/", "", "a\\b", "a\0b"])
def test_content_outside_the_zip(run_module: Any, args: dict[str, Any], path: str) -> None:
    assert "must be the path of a file inside the zip" in message(run_module, {**args, "content": {path: "text"}})
    assert not Path(args["dest"]).exists()


def test_content_where_a_file_is(run_module: Any, args: dict[str, Any]) -> None:
    assert "'notifier/handler.py' is in the package already" in message(run_module, {**args, "content": {"notifier/handler.py": ""}})


@pytest.mark.parametrize("content", [{"notifier": ""}, {"notifier/handler.py/more.txt": ""}, {"a": "", "a/b": ""}])
def test_content_that_would_be_a_file_and_a_folder(run_module: Any, args: dict[str, Any], content: dict[str, str]) -> None:
    assert "would be a file and a folder of the package at once" in message(run_module, {**args, "content": content})


@pytest.mark.parametrize("text", [{"targets": []}, ["a"], 7, None, True])
def test_content_that_is_no_text(run_module: Any, args: dict[str, Any], text: object) -> None:
    expected = f"content 'settings.json' must be text, not {type(text).__name__}"
    assert expected in message(run_module, {**args, "content": {"settings.json": text}})


def message(run_module: Any, args: dict[str, Any]) -> str:
    result = run_module(lambda_package, args)
    assert result["failed"]
    assert "Traceback" not in result["msg"]
    return str(result["msg"])


def test_missing_path(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    assert message(run_module, {**args, "path": str(tmp_path / "gone")}) == f"path {tmp_path}/gone does not exist on this host."


def test_path_is_a_file(run_module: Any, args: dict[str, Any], folder: Path) -> None:
    assert "is not a folder" in message(run_module, {**args, "path": str(folder / "handler.py")})


def test_nothing_to_package(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "empty" / "__pycache__").mkdir(parents=True)
    expected = f"path {tmp_path}/empty holds no file to package (excluded: __pycache__, *.pyc)."
    assert message(run_module, {**args, "path": str(tmp_path / "empty")}) == expected


@pytest.mark.parametrize("target", ["handler.py", "nested", "/dev/null", "nowhere"])
def test_symbolic_link(run_module: Any, args: dict[str, Any], folder: Path, target: str) -> None:
    (folder / "link").symlink_to(target)
    assert message(run_module, args).startswith(f"{folder}/link is a symbolic link")
    assert not run_module(lambda_package, {**args, "exclude": ["link"]}).get("failed")


def test_socket(run_module: Any, args: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        assert "is neither a file nor a folder" in message(run_module, args)


@pytest.mark.parametrize("name", ["package.zip", "nested/deep/package.zip"])
def test_dest_inside_path(run_module: Any, args: dict[str, Any], folder: Path, name: str) -> None:
    assert "is inside path" in message(run_module, {**args, "dest": str(folder / name)})


def test_dest_is_a_folder(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    assert "is a folder" in message(run_module, {**args, "dest": str(tmp_path)})


def test_folder_of_dest_is_missing(run_module: Any, args: dict[str, Any], tmp_path: Path) -> None:
    assert "does not exist: create it first" in message(run_module, {**args, "dest": str(tmp_path / "no" / "package.zip")})


@pytest.mark.parametrize("prefix", ["../up", "/usr", "a/../../b"])
def test_prefix_outside_the_zip(run_module: Any, args: dict[str, Any], prefix: str) -> None:
    assert message(run_module, {**args, "prefix": prefix}).startswith("prefix must be a folder inside the zip")


def test_name_that_is_not_utf8(run_module: Any, args: dict[str, Any], folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("")
    assert "not UTF-8" in message(run_module, args)


def test_dest_below_a_file(run_module: Any, args: dict[str, Any], folder: Path) -> None:
    (folder.parent / "file").write_text("")
    assert "Not a directory" in message(run_module, {**args, "dest": str(folder.parent / "file" / "package.zip")})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(run_module: Any, args: dict[str, Any], folder: Path) -> None:
    (folder / "handler.py").chmod(0)
    assert f"Permission denied: '{folder}/handler.py'" in message(run_module, args)


def test_null_byte_in_a_path(run_module: Any, args: dict[str, Any]) -> None:
    # ansible-core from 2.21 refuses it by itself.
    assert re.search("null (byte|character)", message(run_module, {**args, "path": "/tmp/\0"}))
