"""The page of all runs."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import write_report
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_history import NEWEST, read_runs

from tests import report_samples as samples
from tests.html_page import Element, read_page
from tests.unit.plugins.report.conftest import Write


def history(dest: Path) -> Element:
    return read_page((dest / "index.html").read_text(encoding="utf-8"))


def three_nights(write: Write) -> list[str]:
    """Three restore tests, of which the second failed, and a backup test; returns the runs' names."""
    reports = []
    for night, make in enumerate((samples.restored, samples.lost, samples.restored)):
        start = samples.START + timedelta(days=night)
        reports.append(samples.report("test_restore", [make("ec2", start)], start))
    reports.append(samples.report("test_backup", [samples.backed_up("ec2")]))
    for report in reports:
        write(report)
    return [report["run"] for report in reports]


def test_each_run_is_listed_newest_first_and_leads_to_its_page(write: Write, dest: Path) -> None:
    first, second, third, backup = three_nights(write)
    page = history(dest)
    links = [item.one("a").attributes["href"] for item in page.one(id="runs").all("li")]
    assert links[:2] == [f"./{third}/index.html", f"./{second}/index.html"]
    assert set(links[2:]) == {f"./{first}/index.html", f"./{backup}/index.html"}
    assert all((dest / link).is_file() for link in links)
    assert page.one(id="runs").all("li")[1].text == (
        "28 Nov 2026, 19:21 Restore test sandbox-us-west-2 0 of 1 7 min ✕ failed "
        "ec2: The marker is missing in what was restored: the item proven-canary is not in the table."
    )


def test_newest_verdict_of_each_kind_comes_first_with_those_before(write: Write, dest: Path) -> None:
    three_nights(write)
    restore, backup = history(dest).all("section")[:2]
    assert restore.one("header").text == "Restore test ✓ passed sandbox-us-west-2"
    assert [mark.text for mark in restore.one(class_="strip").all("a")] == ["✓", "✕", "✓"]
    assert backup.one("header").text == "Backup test ✓ passed sandbox-us-west-2"
    assert len(backup.one(class_="strip").all("a")) == 1


def test_figures_of_a_target_over_time(write: Write, dest: Path) -> None:
    three_nights(write)
    card = history(dest).one("section", class_="series")
    assert [title.text for title in card.all("h3")] == ["Recovery time (RTO): 2 min 50 s", "Backup job: 3 min 1 s", "Size: 8.0 GiB"]
    rto, job, size = card.all("svg")
    assert [mark.one("title").text for mark in rto.all("use") if mark.all("title")] == [
        "27 Nov 2026, 19:21: 2.8 min",
        "29 Nov 2026, 19:21: 2.8 min",
        "28 Nov 2026, 19:21: 3.7 min, failed",
    ]
    assert {"27 Nov", "29 Nov", "min", "0"} <= {text.text for text in rto.all("text")}
    assert len(job.all("title")) == len(size.all("title")) == 4
    assert "GiB" in {text.text for text in size.all("text")}


@pytest.mark.parametrize(("limit", "is_drawn"), [(200, True), (86400, False), (None, False)])
def test_limit_is_drawn_where_it_is_in_sight(write: Write, dest: Path, limit: int | None, is_drawn: bool) -> None:
    write(samples.report("test_restore", [samples.restored("ec2")], limits={"rto_seconds": limit}))
    rto = history(dest).one("section", class_="series").all("svg")[0]
    assert ("limit" in {text.text for text in rto.all("text")}) == is_drawn


def test_run_that_never_began_is_no_failed_test(write: Write, dest: Path) -> None:
    three_nights(write)
    before = [card.one("header").text for card in history(dest).all("section", class_="series")]
    mistakes = [
        samples.report("test_restore", [], samples.START + timedelta(days=5), reason="foo is no ARN.", verdict="failed"),
        samples.report("test_restore", [samples.unknown("ebs")], samples.START + timedelta(days=4)),
        samples.report("test_restore", [], reason="Not deployed.", verdict="failed", run="test_restore-sandbox-eu-west-1-20261127T192109Z"),
    ]
    for report in mistakes:
        page = write(report)
        assert page.one("h1").text == "✕ Restore test failed"
        assert "No backup or restore is known of this run" in page.one(class_="verdict").text
    page = history(dest)
    cards = page.all("section")
    assert [card.one("header").text for card in cards if card.all(class_="strip")] == [
        "Restore test ○ not begun sandbox-us-west-2",
        "Backup test ✓ passed sandbox-us-west-2",
    ]
    assert [mark.text for mark in cards[0].one(class_="strip").all("a")] == ["✓", "✕", "✓", "○", "○"]
    assert "not-begun" in cards[0].one(class_="reason").attributes["class"].split()
    assert [card.one("header").text for card in page.all("section", class_="series")] == before
    lines = [line.text for line in page.one(id="runs").all("li")]
    assert len(lines) == 7
    assert sum("○ not begun" in line for line in lines) == 3
    assert lines[0] == "2 Dec 2026, 19:21 Restore test sandbox-us-west-2 7 min ○ not begun foo is no ARN."


def test_target_without_a_recovery_point_is_a_failed_test(write: Write, dest: Path) -> None:
    target = samples.unknown("ec2") | {"resource_arn": samples.ARNS["ec2"], "reason": "The vault holds no usable recovery point."}
    page = write(samples.report("test_restore", [target]))
    assert "No backup or restore is known" not in page.one(class_="verdict").text
    assert history(dest).all("section")[0].one("header").text == "Restore test ✕ failed sandbox-us-west-2"


def test_newest_run_without_the_target_leaves_its_history_muted(write: Write, dest: Path) -> None:
    write(samples.report("test_restore", [samples.restored("ec2")]))
    write(samples.report("test_restore", [samples.unknown("ec2")], samples.START + timedelta(days=1)))
    (card,) = history(dest).all("section", class_="series")
    assert card.one("header").text == "ec2 ○ not begun sandbox-us-west-2"


def test_places_are_told_apart(write: Write, dest: Path) -> None:
    for host, region in (("prod", "eu-central-1"), ("prod", "us-west-2"), ("test", "us-west-2")):
        write(samples.report("test_restore", [samples.restored("ec2")], run=f"test_restore-{host}-{region}-20261127T192109Z"))
    cards = history(dest).all("section", class_="series")
    assert [card.one("header").one(class_="muted").text for card in cards] == ["prod-eu-central-1", "prod-us-west-2", "test-us-west-2"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "cannot be read"),
        (b"{", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b"[]", "it has no verdict"),
        (b'{"verdict": "maybe"}', "it has no verdict"),
        (b'{"verdict": ["passed"]}', "it has no verdict"),
    ],
)
def test_broken_report_is_left_out_and_told(dest: Path, content: bytes, why: str) -> None:
    broken = dest / "test_backup-old" / "report.json"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(content)
    report = samples.report("test_backup", [samples.backed_up("ec2")])
    written = write_report(report, dest, check_mode=False)
    (problem,) = written.problems
    assert problem.startswith(f"{broken} was left out of the history, because it")
    assert why in problem
    assert len(history(dest).one(id="runs").all("li")) == 1
    assert broken.read_bytes() == content


def test_folder_with_a_name_like_an_address_is_only_a_folder(write: Write, dest: Path) -> None:
    report = samples.report("test_backup", [samples.backed_up("ec2")])
    write(report)
    (dest / report["run"]).rename(dest / "javascript:alert(1)")
    write(samples.report("test_restore", [samples.restored("ec2")]))
    links = [item.one("a").attributes["href"] for item in history(dest).one(id="runs").all("li")]
    assert "./javascript%3Aalert%281%29/index.html" in links


def test_oldest_runs_are_left_to_their_folders(dest: Path) -> None:
    for number in range(NEWEST + 5):
        folder = dest / f"run-{number:04}"
        folder.mkdir(parents=True)
        (folder / "report.json").write_text(f'{{"verdict": "passed", "started": "2026-01-01T00:{number // 60:02}:{number % 60:02}Z"}}')
    runs, problems = read_runs(dest)
    assert [runs[0].name, runs[-1].name, len(runs), problems] == [f"run-{NEWEST + 4:04}", "run-0005", NEWEST, []]
