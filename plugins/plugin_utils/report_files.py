# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a report in its folder, and the history beside it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_history import read_runs
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_junit import junit
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_pages import history_page, run_page
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_values import plain
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_view import run_of

RUN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")


class ReportError(Exception):
    """A report cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class Written:
    """What was written, or would be in check mode: paths that differ, the JSON before and after, what was left out of the history."""

    changed: list[Path]
    json_before: str
    json_after: str
    problems: list[str]


def write_report(report: Mapping[str, Any], dest: Path, check_mode: bool) -> Written:
    """Bring a run's folder and the history in dest up to date.

    Raises:
        ReportError: the report lacks what names it.
        OSError: a file cannot be read or written.
    """
    report = plain(report)
    name = checked_name(report)
    run, folder = run_of(report), dest / name
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    before = _text(folder / "report.json")
    files = {folder / "report.json": text, folder / "report.xml": junit(run), folder / "index.html": run_page(run)}
    with _alone(dest, check_mode):
        changed = [path for path, content in files.items() if _bring(path, content, check_mode)]
        runs, problems = read_runs(dest)
        history = dest / "index.html"
        if (check_mode and changed) or _bring(history, history_page(runs), check_mode):
            changed.append(history)
    return Written(changed, before or "", text, problems)


def checked_name(report: Mapping[str, Any]) -> str:
    """The run's name, which is the name of its folder.

    Raises:
        ReportError: it is missing or no name of a folder, or there is no verdict.
    """
    name = report.get("run")
    if not isinstance(name, str) or not RUN.fullmatch(name):
        raise ReportError(f"report.run names the folder of the report: give letters, digits, dots, dashes and underscores, not {name!r}.")
    if report.get("verdict") not in ("passed", "failed"):
        raise ReportError(f"report.verdict must be passed or failed, not {report.get('verdict')!r}.")
    return name


def _bring(path: Path, content: str, check_mode: bool) -> bool:
    """Give a file its content in one step, unless it has it; returns whether it had not."""
    if _text(path) == content:
        return False
    if not check_mode:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".", encoding="utf-8", delete=False) as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    return True


def _text(path: Path) -> str | None:
    """A file's text; None when there is none, or something else than text."""
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError):
        return None


@contextlib.contextmanager
def _alone(dest: Path, check_mode: bool) -> Iterator[None]:
    """Keep the reports of other hosts out of the folder meanwhile, so that none is missing in the history."""
    if check_mode:
        yield
        return
    dest.mkdir(mode=0o755, parents=True, exist_ok=True)
    handle = os.open(dest, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
