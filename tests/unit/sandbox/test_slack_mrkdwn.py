"""mrkdwn as HTML, case by case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sandbox.slack.dates import clock_time, format_date, long_day
from sandbox.slack.mrkdwn import plain_to_html, to_html

LINK = 'target="_blank" rel="noopener noreferrer nofollow"'
EXAMPLE = f'<a href="https://example.com" {LINK}>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold*", "<b>bold</b>"),
        ("_italic_", "<i>italic</i>"),
        ("~strike~", "<s>strike</s>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("*bold with `code*` in it*", "<b>bold with <code>code*</code> in it</b>"),
        ("(*bold*),", "(<b>bold</b>),"),
        ("*one* and *two*", "<b>one</b> and <b>two</b>"),
        ("*wrong _order* here_", "<b>wrong _order</b> here_"),
        ("5*3*2", "5*3*2"),
        ("snake_case_name", "snake_case_name"),
        ("* not bold *", "* not bold *"),
        ("**", "**"),
        ("*unclosed", "*unclosed"),
        ("*over\nlines*", "*over<br>lines*"),
        ("`a *b* :tada: <c>`", "<code>a *b* :tada: &lt;c&gt;</code>"),
        ("`unclosed", "`unclosed"),
    ],
)
def test_formatting(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\ntwo", "one<br>two"),
        ("> quoted *bold*\n> more\nplain", "<blockquote>quoted <b>bold</b><br>more</blockquote>plain"),
        ("&gt; quoted", "<blockquote>quoted</blockquote>"),
        ("a > b", "a &gt; b"),
        ("before\n>>> all\nof this", "before<blockquote>all<br>of this</blockquote>"),
        ("before\n```\na *b*\n  <c> &amp;\n```\nafter", "before<pre>a *b*\n  &lt;c&gt; &amp;</pre>after"),
        ("```a``` and ```b```", "<pre>a</pre> and <pre>b</pre>"),
        ("```unclosed", "```unclosed"),
    ],
)
def test_lines(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<https://example.com>", f"{EXAMPLE}https://example.com</a>"),
        ("<https://example.com|a &lt;label&gt;>", f"{EXAMPLE}a &lt;label&gt;</a>"),
        ("*<https://example.com|bold>*", f"<b>{EXAMPLE}bold</a></b>"),
        ("see https://example.com.", f"see {EXAMPLE}https://example.com</a>."),
        ("<https://example.com/?a=1&amp;b=2|x>", f'<a href="https://example.com/?a=1&amp;b=2" {LINK}>x</a>'),
        ("<mailto:ops@example.com|ops>", "ops"),
        ("<!here> <!channel|channel>", '<span class="mention broadcast">@here</span> <span class="mention broadcast">@channel</span>'),
        ("<@U012ABC> <@W012ABC|ann>", '<span class="mention">@U012ABC</span> <span class="mention">@ann</span>'),
        ("<#C012ABC|general>", '<span class="mention">#general</span>'),
        ("<!subteam^S012|@oncall> <!subteam^S012>", '<span class="mention">@oncall</span> <span class="mention">@S012</span>'),
        ("<!date^1392724800^{date_num}|then>", '<span title="then">2014-02-18</span>'),
        ("<!date^1392724800^{date_num}^https://example.com|then>", f"{EXAMPLE}2014-02-18</a>"),
        ("<!date^soon^{date_num}|then>", '<span title="then">then</span>'),
        ("<!date^1392734382>", "&lt;!date^1392734382&gt;"),
        ("<!unknown>", "&lt;!unknown&gt;"),
    ],
)
def test_references(text: str, html: str) -> None:
    assert to_html(text) == html


def test_bare_addresses_stay_text_where_the_sender_wants_it() -> None:
    assert to_html("https://example.com <https://example.com|x>", autolink=False) == f"https://example.com {EXAMPLE}x</a>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (":white_check_mark: :x: :warning: :rotating_light:", "✅ ❌ ⚠️ 🚨"),
        (":no_such_emoji: 10:30:15 arn:aws:x:y", ":no_such_emoji: 10:30:15 arn:aws❌y"),
    ],
)
def test_emoji(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("&amp;lt; &lt;b&gt; &quot; &amp;amp;", "&amp;lt; &lt;b&gt; &amp;quot; &amp;amp;"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('<img src=x onerror="alert(1)">', "&lt;img src=x onerror=&#34;alert(1)&#34;&gt;"),
        ("<javascript:alert(1)|click>", "&lt;javascript:alert(1)|click&gt;"),
        ("<data:text/html,x|click>", "&lt;data:text/html,x|click&gt;"),
        ("<https:alert(1)|click>", "&lt;https:alert(1)|click&gt;"),
        ('<https://x/" onclick="alert(1)|click>', f'<a href="https://x/&#34; onclick=&#34;alert(1)" {LINK}>click</a>'),
        ("<https://[|click>", "&lt;https://[|click&gt;"),
        ('<!date^1392724800^{date_num}|" onload="x>', '<span title="&#34; onload=&#34;x">2014-02-18</span>'),
        ("*<b>*", "<b>&lt;b&gt;</b>"),
        ("`</code><script>`", "<code>&lt;/code&gt;&lt;script&gt;</code>"),
        ("```</pre><script>```", "<pre>&lt;/pre&gt;&lt;script&gt;</pre>"),
        ("{0} {1!r} %s", "{0} {1!r} %s"),
    ],
)
def test_nothing_from_outside_becomes_markup(text: str, html: str) -> None:
    assert to_html(text) == html


def test_plain_text_has_no_formatting_but_emoji() -> None:
    assert plain_to_html("*a* <b> &lt;\n:x:") == "*a* &lt;b&gt; &lt;<br>❌"
    assert plain_to_html(":x:", emoji=False) == ":x:"


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{date}", "February 18th, 2014"),
        ("{date_long}", "Tuesday, February 18th, 2014"),
        ("{date_short} at {time}", "Feb 18, 2014 at 2:39 PM"),
        ("{date_pretty}", "yesterday"),
        ("{time_secs}", "2:39:42 PM"),
        ("{unknown} {", "{unknown} {"),
    ],
)
def test_dates(template: str, text: str) -> None:
    assert format_date("1392734382", template, datetime(2014, 2, 19, tzinfo=UTC)) == text


def test_date_that_is_none() -> None:
    now = datetime(2014, 2, 19, tzinfo=UTC)
    assert [format_date(stamp, "{date}", now) for stamp in ("", "x", "9" * 30)] == [None, None, None]


def test_day_and_time_as_slack_shows_them() -> None:
    assert [long_day(datetime(2025, 11, day)) for day in (1, 2, 3, 11, 12, 13, 21)] == [
        "Saturday, November 1st",
        "Sunday, November 2nd",
        "Monday, November 3rd",
        "Tuesday, November 11th",
        "Wednesday, November 12th",
        "Thursday, November 13th",
        "Friday, November 21st",
    ]
    assert [clock_time(datetime(2025, 1, 1, hour, 5)) for hour in (0, 9, 12, 23)] == ["12:05 AM", "9:05 AM", "12:05 PM", "11:05 PM"]
