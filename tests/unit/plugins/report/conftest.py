"""Writing reports into a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import write_report

from tests.html_page import Element, read_page

Write = Callable[[dict[str, Any]], Element]


@pytest.fixture
def dest(tmp_path: Path) -> Path:
    """The folder of all reports."""
    return tmp_path / "reports"


@pytest.fixture
def write(dest: Path) -> Write:
    """A function that writes a report and returns its page."""

    def write(report: dict[str, Any]) -> Element:
        write_report(report, dest, check_mode=False)
        return read_page((dest / report["run"] / "index.html").read_text(encoding="utf-8"))

    return write
