"""What a function's log group holds, and how it is searched."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from sandbox.awslambda.log_filters import TermFilter


def test_lines_of_cold_and_warm_invocations(functions: Any) -> None:
    functions.deploy("print('loading')\ndef handler(event, context):\n    print('one\\ntwo')\n    print('no newline', end='')\n")
    functions.invoke()
    functions.invoke()
    identifier = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    duration = r"Duration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9]\d* MB"
    served = [rf"START RequestId: {identifier} Version: \$LATEST", "one", "two", "no newline", f"END RequestId: {identifier}"]
    expected = [
        r"INIT_START Runtime Version: python:3\.12.*",
        "loading",
        *served,
        rf"REPORT RequestId: {identifier}\t{duration}\tInit Duration: \d+\.\d\d ms\t",
        *served,
        rf"REPORT RequestId: {identifier}\t{duration}\t",
    ]
    lines = functions.log()
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern + "\n", line), line
    streams = functions.sandbox.client("logs").describe_log_streams(logGroupName="/aws/lambda/fn")["logStreams"]
    assert [bool(re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", stream["logStreamName"])) for stream in streams] == [True]


def test_search_by_time_and_page_over_all_streams(functions: Any) -> None:
    logs = functions.sandbox.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/fn")
    now = int(time.time() * 1000)
    for stream, times in {"a": (1000, 3000), "b": (2000, 4000)}.items():
        logs.create_log_stream(logGroupName="/aws/lambda/fn", logStreamName=stream)
        events = [{"timestamp": now + at, "message": f"line {at} of {stream}"} for at in times]
        logs.put_log_events(logGroupName="/aws/lambda/fn", logStreamName=stream, logEvents=events)
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName="/aws/lambda/fn", filterPattern='"line"', startTime=now, PaginationConfig={"PageSize": 1}
    )
    found = [event["message"] for page in pages for event in page["events"]]
    assert found == ["line 1000 of a", "line 2000 of b", "line 3000 of a", "line 4000 of b"]
    assert logs.filter_log_events(logGroupName="/aws/lambda/fn", startTime=now + 600000)["events"] == []


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (None, True),
        ("", True),
        ('"record"', True),
        ('"record" "delivery"', True),
        ('"record" "missing"', False),
        ("record delivery", True),
        ("Record", False),
        ('record -"delivery"', False),
        ("?missing ?delivery", True),
        ("?missing ?absent", False),
        (r'"\"record\":\"notification"', True),
        ('{ $.record = "x" }', True),
    ],
)
def test_filter_patterns(pattern: str | None, matches: bool) -> None:
    assert TermFilter(pattern).matches('{"record":"notification_delivery"}') is matches
