"""The files of a report: what is written, and when."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import ReportError, write_report

from tests import report_samples as samples

# Put together here, so that no scanner takes them for real ones.
WEBHOOK = "https://hooks.slack.com" + "/services/T00000000/B00000000/abcdefghijklmnop"
TOKEN = "xoxb-" + "123456789012-abcdefghijkl"
TEAMS = "https://prod-1.westus.logic.azure.com" + "/workflows/abc/triggers/manual?sig=secret"


@pytest.fixture
def report() -> dict[str, Any]:
    return samples.report("test_restore", [samples.restored("ec2")])


def files(dest: Path) -> dict[str, tuple[bytes, int]]:
    """Each file's content and when it was changed."""
    return {str(path.relative_to(dest)): (path.read_bytes(), path.stat().st_mtime_ns) for path in dest.rglob("*") if path.is_file()}


def test_one_call_writes_everything(dest: Path, report: dict[str, Any]) -> None:
    written = write_report(report, dest, check_mode=False)
    run = report["run"]
    assert set(files(dest)) == {f"{run}/report.json", f"{run}/report.xml", f"{run}/index.html", "index.html"}
    assert {str(path.relative_to(dest)) for path in written.changed} == set(files(dest))
    assert json.loads((dest / run / "report.json").read_text()) == report
    assert {path.stat().st_mode & 0o777 for path in dest.rglob("*") if path.is_file()} == {0o644}


def test_second_time_nothing_is_touched(dest: Path, report: dict[str, Any]) -> None:
    write_report(report, dest, check_mode=False)
    before = files(dest)
    assert write_report(report, dest, check_mode=False).changed == []
    assert files(dest) == before


def test_changed_report_replaces_what_differs(dest: Path, report: dict[str, Any]) -> None:
    write_report(report, dest, check_mode=False)
    written = write_report({**report, "verdict": "failed", "reason": "Too late."}, dest, check_mode=False)
    assert len(written.changed) == 4
    assert '"verdict": "passed"' in written.json_before
    assert '"verdict": "failed"' in written.json_after
    assert "Too late." in (dest / "index.html").read_text()


def test_check_mode_writes_nothing_and_tells_the_same(dest: Path, report: dict[str, Any]) -> None:
    planned = write_report(report, dest, check_mode=True)
    assert not dest.exists()
    assert planned.changed == write_report(report, dest, check_mode=False).changed
    before = files(dest)
    assert write_report(report, dest, check_mode=True).changed == []
    assert len(write_report({**report, "verdict": "failed"}, dest, check_mode=True).changed) == 4
    assert files(dest) == before


@pytest.mark.parametrize("run", ["", "..", "../x", "/etc", "a/b", ".hidden", "a\n", "a b", None, 5, "x" * 201])
def test_run_is_a_name_of_a_folder(dest: Path, report: dict[str, Any], run: Any) -> None:
    with pytest.raises(ReportError, match=r"^report\.run names the folder of the report: give letters"):
        write_report({**report, "run": run}, dest, check_mode=False)
    assert not dest.exists()


@pytest.mark.parametrize("verdict", ["", "ok", None, True, ["passed"]])
def test_verdict_is_needed(dest: Path, report: dict[str, Any], verdict: Any) -> None:
    with pytest.raises(ReportError, match=r"^report\.verdict must be passed or failed, not "):
        write_report({**report, "verdict": verdict}, dest, check_mode=False)


@pytest.mark.parametrize("secret", [WEBHOOK, TOKEN, TEAMS])
def test_known_secrets_are_in_no_file(dest: Path, report: dict[str, Any], secret: str) -> None:
    report["reason"] = f"POST {secret} failed"
    report["targets"][0]["message"]["text"] = secret
    report["targets"][0]["notification"]["error"] = f"<{secret}>"
    write_report(report, dest, check_mode=False)
    assert not [name for name, (content, _time) in files(dest).items() if secret[-12:].encode() in content]
    assert "POST ******** failed" in (dest / report["run"] / "report.json").read_text()


def test_hosts_that_report_at_the_same_time_are_all_in_the_history(dest: Path) -> None:
    runs = [samples.report("test_backup", [], samples.START + timedelta(minutes=minute)) for minute in range(6)]
    threads = [threading.Thread(target=write_report, args=(run, dest, False)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    history = (dest / "index.html").read_text()
    assert [run["run"] for run in runs if run["run"] not in history] == []
