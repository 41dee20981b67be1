"""The reports' pages in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_files import write_report

from tests import chromium
from tests import report_samples as samples
from tests.chromium import CHROMIUM, CHROMIUMS, Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=f"no Chromium is installed; looked for {', '.join(CHROMIUMS)}"),
]

ATTACK = "</title></svg></style><script>window.attacked = 1</script><img src='https://example.com/x' onerror='window.attacked = 1'>"
UNBROKEN = "x" * 400


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser for all tests of this file."""
    with chromium.start(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Addresses of the pages by what they are: run, history, and attacked, a run whose texts are long or hostile."""
    dest = tmp_path_factory.mktemp("reports")
    hostile = samples.lost("ec2")
    hostile |= {"reason": ATTACK + UNBROKEN, "resource_arn": UNBROKEN}
    hostile["message"]["text"] = hostile["recovery_point"]["recovery_point_arn"] = hostile["backup_job"]["status_message"] = (
        ATTACK + UNBROKEN
    )
    hostile["phases"][0]["phase"] = hostile["links"][0]["proof"] = hostile["checks"][0]["name"] = ATTACK + UNBROKEN
    nights = samples.history()[-4:]
    attacked = samples.report("test_restore", [hostile], backup_vault_name=UNBROKEN, run=f"test_restore-{'y' * 150}-20261101T000000Z")
    for report in (*nights, attacked):
        write_report(report, dest, check_mode=False)
    runs = {"run": nights[-2]["run"], "attacked": attacked["run"]}
    return {"history": f"file://{dest}/index.html", **{name: f"file://{dest}/{run}/index.html" for name, run in runs.items()}}


def requests(browser: Browser) -> list[str]:
    """What the page has loaded besides itself."""
    return list(browser.value("performance.getEntriesByType('resource').map(entry => entry.name)"))


@pytest.mark.parametrize("name", ["run", "history", "attacked"])
def test_page_is_whole_in_itself(browser: Browser, pages: dict[str, str], name: str) -> None:
    browser.open(pages[name])
    assert browser.console == []
    assert requests(browser) == []
    assert browser.value("typeof window.attacked") == "undefined"
    assert browser.value("document.querySelectorAll('svg.picture').length") > 0


def test_policy_stops_what_would_have_got_in(browser: Browser, pages: dict[str, str]) -> None:
    browser.open(pages["run"])
    browser.value(f"document.body.append(document.createRange().createContextualFragment({ATTACK!r}))")
    assert browser.value("typeof window.attacked") == "undefined"
    assert "Content Security Policy" in "".join(browser.console)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
@pytest.mark.parametrize("name", ["run", "history", "attacked"])
def test_nothing_is_wider_than_the_screen(browser: Browser, pages: dict[str, str], name: str, width: int) -> None:
    browser.resize(width, 800, phone=width < 600)
    try:
        browser.open(pages[name])
        browser.value("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert browser.value("document.documentElement.scrollWidth") <= width
        cut = "[...document.querySelectorAll('body *')].filter(element => element.scrollWidth > element.clientWidth + 1"
        assert browser.value(f"{cut} && getComputedStyle(element).overflowX !== 'visible').map(element => element.outerHTML)") == []
    finally:
        browser.call("Emulation.clearDeviceMetricsOverride")


@pytest.mark.parametrize(("width", "shown"), [(390, "narrow"), (1280, "wide")])
def test_text_in_a_picture_keeps_its_size(browser: Browser, pages: dict[str, str], width: int, shown: str) -> None:
    browser.resize(width, 800, phone=width < 600)
    try:
        browser.open(pages["run"])
        heights = browser.value(
            f"[...document.querySelectorAll('.{shown} svg')].map(svg => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)"
        )
        hidden = {"narrow": "wide", "wide": "narrow"}[shown]
        assert all(0.95 <= height <= 1.05 for height in heights), heights
        assert browser.style(f".{hidden}", "display") == "none"
    finally:
        browser.call("Emulation.clearDeviceMetricsOverride")


def luminance(colour: str) -> float:
    """The relative luminance of a CSS colour such as rgb(1, 2, 3), as WCAG defines it."""
    channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("scheme", "is_dark"), [("light", False), ("dark", True)])
def test_page_and_pictures_follow_the_colour_scheme(browser: Browser, pages: dict[str, str], scheme: str, is_dark: bool) -> None:
    browser.prefer(scheme)
    browser.open(pages["attacked"])
    card = browser.style(".card", "backgroundColor")
    assert (luminance(browser.style("body", "backgroundColor")) < 0.1) == is_dark
    pairs: dict[str, Any] = {
        "text": (browser.style("main", "color"), card),
        "muted text": (browser.style("h3", "color"), card),
        "reason": (browser.style(".reason", "color"), card),
        "link": (browser.style("summary", "color"), card),
        "verdict": (browser.style(".verdict h1", "color"), browser.style(".verdict", "backgroundColor")),
        "badge": (browser.style(".badge.failed", "color"), browser.style(".badge.failed", "backgroundColor")),
        "label in a picture": (browser.style(".wide svg text", "fill"), card),
    }
    assert {name: round(contrast(*pair), 1) for name, pair in pairs.items() if contrast(*pair) < 4.5} == {}
    bars = browser.value("[...document.querySelectorAll('.wide svg path')].map(path => getComputedStyle(path).fill)")
    assert any(contrast(bar, card) > 3 for bar in bars if bar.startswith("rgb("))
    browser.prefer("light")
