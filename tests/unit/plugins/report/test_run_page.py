"""The page of one run."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.plugin_utils import report_pages
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import write_report

from tests import report_samples as samples
from tests.html_page import Element, read_page
from tests.unit.plugins.report.conftest import Write

ATTACK = "</script></style></svg><script>alert(1)</script><img src=x onerror=alert(1)>\" onload='alert(1)' {{ 7 * 7 }} $\\frac{"


def rows(card: Element) -> dict[str, str]:
    """The names and values of a card's tables."""
    return {row.one("dt").text: row.one("dd").text for table in card.all("dl", class_="table") for row in table.all("div")}


def test_verdict_comes_first(write: Write) -> None:
    page = write(samples.report("test_restore", [samples.restored("ec2"), samples.lost("dynamodb")]))
    verdict = page.one(class_="verdict")
    assert "failed" in verdict.attributes["class"].split()
    assert verdict.one("h1").text == "✕ Restore test failed"
    assert [line.text for line in verdict.all("p")] == [
        "dynamodb: The marker is missing in what was restored: the item proven-canary is not in the table.",
        "1 of 2 targets passed in 7 min.",
    ]
    assert page.one("head").one("title").text == "Restore test failed: sandbox-us-west-2"
    assert {row.one("dt").text: row.one("dd").text for row in page.one("dl", class_="facts").all("div")} == {
        "Where": "sandbox (not AWS)",
        "Account": "123456789012",
        "Region": "us-west-2",
        "Vault": "proven-backup-dev",
        "Name prefix": "proven-backup-dev",
        "Started": "27 Nov 2026, 19:21:09 UTC",
    }


@pytest.mark.parametrize(("region", "told"), [("eu-west-1", "eu-west-1"), ("us-west-2", None)])
def test_another_region_is_named(write: Write, region: str, told: str | None) -> None:
    page = write(samples.report("test_restore", [samples.restored("ec2")], restore_region=region))
    facts = {row.one("dt").text: row.one("dd").text for row in page.one("dl", class_="facts").all("div")}
    assert facts.get("Restored in") == told


def test_one_line_tells_of_each_target(write: Write) -> None:
    page = write(samples.report("test_restore", [samples.restored("ec2"), samples.lost("dynamodb"), samples.restored("s3")]))
    lines = [line.text for line in page.one(id="overview").all("li")]
    assert lines == [
        "ec2 8.0 GiB job 3 min 1 s RPO 3 min 51 s RTO 2 min 50 s ✓ passed",
        "dynamodb 2.4 KiB job 3 min 55 s RPO 5 min RTO 3 min 41 s ✕ failed "
        "The marker is missing in what was restored: the item proven-canary is not in the table.",
        "s3 14.0 MiB job 3 min 1 s RPO 3 min 51 s RTO 2 min 50 s ✓ passed",
    ]
    links = [link.attributes["href"] for link in page.one(id="overview").all("a")]
    assert links == ["#target-1", "#target-2", "#target-3"]


def test_reasons_of_several_targets_are_a_line_each(write: Write) -> None:
    page = write(samples.report("test_restore", [samples.lost("dynamodb"), samples.late("s3")]))
    assert [line.text for line in page.one(class_="verdict").all("p")] == [
        "dynamodb: The marker is missing in what was restored: the item proven-canary is not in the table.",
        "s3: RPO exceeded: it was old. RTO exceeded: it took long.",
        "0 of 2 targets passed in 7 min.",
    ]


@pytest.mark.parametrize("told", [{"backup_size_in_bytes": 0}, {}])
def test_size_that_aws_does_not_tell_is_a_dash(write: Write, dest: Path, told: dict[str, int]) -> None:
    target = samples.restored("dynamodb")
    for member in ("recovery_point", "backup_job"):
        target[member] = {name: value for name, value in target[member].items() if name != "backup_size_in_bytes"} | told
    target["restore_job"] |= told
    page = write(samples.report("test_restore", [target, samples.restored("s3")]))
    assert [line.text.split("job")[0] for line in page.one(id="overview").all("li")] == ["dynamodb size - ", "s3 14.0 MiB "]
    assert rows(page.one(id="target-1"))["Size"] == "- (AWS tells none)"
    history = read_page((dest / "index.html").read_text(encoding="utf-8"))
    titles = [[title.text.split(":")[0] for title in card.all("h3")] for card in history.all("section", class_="series")]
    assert titles == [["Recovery time (RTO)", "Backup job"], ["Recovery time (RTO)", "Backup job", "Size"]]


def test_target_tells_what_was_proven_and_by_what(write: Write) -> None:
    card = write(samples.report("test_restore", [samples.restored("ec2")])).one(id="target-1")
    assert [step.text for step in card.all("ul", class_="steps")[0].all("li")] == [
        "✓ The recovery point is usable",
        "✓ It was restored",
        "- AWS Backup keeps the verdict , left out not for this type",
    ]
    assert [step.text for step in card.all("ul", class_="steps")[1].all("li")] == [
        "✓ It is running",
        "✓ The marker is there, byte for byte",
    ]
    table = rows(card)
    assert table["ARN"] == "arn:aws:backup:us-west-2:123456789012:recovery-point:1eb3b5e7-9eb0-435a-a80b-108b488b0d45"
    assert table["Size"] == "8.0 GiB"
    assert table["Deleted by AWS"] == "28 Nov 2026, 19:21:09 UTC"
    assert table["Backup job"] == "AB1E18FF-9EED-48E3-874B-A115E3C6D0D2 (COMPLETED)"
    assert table["Restore job"] == "D1F3E2A4-52B1-4C0F-8C8E-6B1B0F6B7C21 (COMPLETED)"
    assert table["AWS's validation"] == "SUCCESSFUL"
    assert table["Alert"] == "read back from the channel"
    assert table["Receiver"] == "slack (slack_webhook), HTTP 200"
    assert json.loads(card.one("pre").text)["record"] == "notification_delivery"
    message = card.one(class_="message")
    assert message.attributes["style"] == "border-left-color: #2eb67d"
    assert message.all("p")[0].text == "✅ Backup completed: EC2 proven-backup-dev · us-west-2 · account 123456789012"
    assert rows(card)["Job ID"] == "AB1E18FF-9EED-48E3-874B-A115E3C6D0D2"


@pytest.mark.parametrize(
    ("rto", "limits", "told", "is_over"),
    [
        (170, {"rto_seconds": 900}, "2 min 50 s RTO , from request to verified limit 15 min", False),
        (900, {"rto_seconds": 900}, "15 min RTO , from request to verified limit 15 min", False),
        (901, {"rto_seconds": 900}, "15 min 1 s RTO , from request to verified over the limit of 15 min", True),
        (170, {"rto_seconds": None}, "2 min 50 s RTO , from request to verified no limit is set", None),
        (0, {}, "0 s RTO , from request to verified no limit is set", None),
    ],
)
def test_figure_stands_against_its_limit(write: Write, rto: float, limits: dict[str, Any], told: str, is_over: bool | None) -> None:
    target = {**samples.restored("ec2"), "rpo_seconds": None, "rto_seconds": rto}
    limit = write(samples.report("test_restore", [target], limits=limits)).one(class_="limit")
    assert limit.text == told
    # Without a limit there is no bar, since it would be part of nothing.
    assert ["over" in bar.attributes["class"].split() for bar in limit.all(class_="bar")] == ([] if is_over is None else [is_over])


def test_timeline_has_a_mark_for_each_phase(write: Write) -> None:
    card = write(samples.report("test_restore", [samples.lost("ec2")])).one(id="target-1")
    wide, narrow = card.all("svg")
    for picture in (wide, narrow):
        assert picture.attributes["role"] == "img"
        assert picture.attributes["aria-label"].startswith("Phases of ec2: backup job 3 min 55 s, alert 0.5 s, copy 1 min 6 s, ")
        tips = [tip.text for tip in picture.all("title")]
        assert len(tips) == 6
        assert tips[4] == "check: 14 s, failed, from 19:29:37 to 19:29:51 UTC"
        texts = [text.text for text in picture.all("text")]
        assert {"backup job", "alert", "copy", "restore", "check", "removal", "failed after 14 s"} <= set(texts)
    assert float(wide.attributes["viewbox"].split()[2]) == 768
    assert float(narrow.attributes["viewbox"].split()[2]) == 320


def test_picture_takes_its_colours_and_font_from_the_page(write: Write) -> None:
    for picture in write(samples.report("test_restore", [samples.lost("ec2")])).all("svg"):
        styles = " ".join(element.attributes.get("style", "") for element in picture.walk())
        assert "#" not in styles.replace("url(#", "")
        assert {"var(--mark)", "var(--failed)", "var(--ink)", "var(--muted)", "var(--track)"} <= set(styles.replace(";", " ").split())
        for text in picture.all("text"):
            assert "12px" in text.attributes["style"]
            assert "var(--font)" in text.attributes["style"]
            assert "DejaVu" not in text.attributes["style"]


def test_phase_long_before_the_others_leaves_them_room(write: Write) -> None:
    target = samples.restored("ec2")
    target["phases"][0] |= {"start": samples.moment(-86400), "end": samples.moment(-86200)}
    card = write(samples.report("test_restore", [target])).one(id="target-1")
    assert len(card.all("svg")[0].all("title")) == 5
    assert "backup job 26 Nov 2026, 19:21:09 UTC 3 min 20 s ✓ passed" in card.one("ul", class_="lines").text


def test_what_comes_from_aws_is_only_text(write: Write, dest: Path) -> None:
    def attacked(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: attacked(item) for name, item in value.items()}
        if isinstance(value, list):
            return [attacked(item) for item in value]
        return ATTACK if isinstance(value, str) and not value.startswith(("2026-", "passed", "failed")) else value

    report = attacked(samples.report("test_restore", [samples.lost("ec2")], reason="x")) | {"run": "attacked"}
    page = write({**report, "leftovers": [ATTACK], "left_out": [ATTACK], "scenarios": [{"scenario": ATTACK, "brought_about": ATTACK}]})
    history = read_page((dest / "index.html").read_text(encoding="utf-8"))
    for read in (page, history):
        assert not read.all("script")
        assert not read.all("img")
        assert not [element for element in read.walk() if any(name.startswith("on") for name in element.attributes)]
        assert "49" not in read.one("body").text.replace("{{ 7 * 7 }}", "")
    assert " ".join(ATTACK.split()) in page.one(class_="verdict").text
    assert page.all("svg")


@pytest.mark.parametrize("colour", ["red; background: url(//evil)", "2eb67", "#2eb67d\n", ATTACK, None, 5])
def test_colour_of_a_message_is_a_colour(write: Write, colour: Any) -> None:
    target = samples.restored("ec2")
    target["message"]["attachments"][0]["color"] = colour
    assert "style" not in write(samples.report("test_restore", [target])).one(class_="message").attributes


def test_page_needs_nothing_and_runs_nothing(write: Write) -> None:
    page = write(samples.report("test_restore", [samples.restored("ec2")]))
    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
    assert policy.startswith("default-src 'none';")
    assert page.one("meta", name="viewport").attributes["content"] == "width=device-width, initial-scale=1"
    targets = {element.attributes[name] for element in page.walk() for name in ("href", "src") if name in element.attributes}
    assert {target for target in targets if not target.startswith("#")} == {"data:,", "../index.html", "report.json", "report.xml"}


def test_scenarios_of_a_drill_are_told(write: Write) -> None:
    job = samples.restored("ec2")["backup_job"] | {"state": "FAILED", "status_message": "You are not authorized."}
    times = {"creation_date": samples.moment(0), "completion_date": samples.moment(4)}
    scenario = {
        "scenario": "failed",
        "verdict": "passed",
        "reason": "",
        "brought_about": "A job with a role that may not back up",
        "expected": {"state": "FAILED", "severity": "failure"},
        "backup_job": {**job, **times},
        "grade": "accepted",
        "evidence": {"accepted": [{"timestamp": samples.moment(5), "http_status": 200}]},
    }
    not_reached = {"scenario": "expired", "verdict": "not reached", "reason": "", "grade": "none", "notifications": []}
    page = write(
        samples.report("test_backup", [], scenarios=[scenario, not_reached], left_out=["partial"], leftovers=["A volume is left."])
    )
    assert "1 of 2 scenarios passed" in page.one(class_="verdict").text
    assert [line.text for line in page.one(id="overview").all("li")] == [
        "failed 8.0 GiB job 4 s ✓ passed",
        "expired ○ not reached",
        "partial - left out",
        "Left behind ✕ failed A volume is left.",
    ]
    card = page.one(id="target-1")
    assert [tip.text for tip in card.all("svg")[0].all("title")] == [
        "backup job: 4 s, failed, from 19:21:09 to 19:21:13 UTC",
        "alert: 1 s, from 19:21:13 to 19:21:14 UTC",
    ]
    assert rows(card)["Backup job"] == "AB1E18FF-9EED-48E3-874B-A115E3C6D0D2 (FAILED, You are not authorized.)"
    assert rows(card)["Brought about"] == "A job with a role that may not back up"


def test_report_may_lack_everything_else(write: Write) -> None:
    page = write({"run": "bare", "verdict": "failed"})
    assert page.one("h1").text == "✕ Test failed"
    assert not page.all(class_="card")


@pytest.mark.parametrize("wrong", [None, 5, "text", [], ["text", None, 7], {}, {"a": 1}, [{}], [[]], float("inf"), True])
def test_members_of_another_kind_do_no_harm(write: Write, monkeypatch: pytest.MonkeyPatch, wrong: Any) -> None:
    report = samples.report("test_restore", [samples.restored("ec2")])
    changed = copy.deepcopy(report)
    for phase, member in zip(changed["targets"][0]["phases"], ("phase", "start", "end", "result"), strict=False):
        phase[member] = wrong
    write(changed)
    monkeypatch.setattr(report_pages, "HAS_MATPLOTLIB", False)
    for name in set(report) - {"run", "verdict"}:
        write({**report, name: wrong})
    for name in report["targets"][0]:
        changed = copy.deepcopy(report)
        changed["targets"][0][name] = wrong
        write(changed)


def test_without_matplotlib_the_phases_are_text(dest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_pages, "HAS_MATPLOTLIB", False)
    report = samples.report("test_restore", [samples.restored("ec2")])
    write_report(report, dest, check_mode=False)
    page = read_page((dest / report["run"] / "index.html").read_text(encoding="utf-8"))
    assert not page.all("svg")
    assert len(page.one(id="target-1").one("ul", class_="lines").all("li")) == 6
    assert "pip install matplotlib" in page.one("footer").text
    history = read_page((dest / "index.html").read_text(encoding="utf-8"))
    assert not history.all("svg")
    assert "Recovery time (RTO): 2 min 50 s" in history.one("main").text
    assert "pip install matplotlib" in history.one("footer").text
