"""The plain Python loop answers, fails and logs as AWS's own client does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sandbox.awslambda import packages
from sandbox.awslambda.environment import Environment
from sandbox.awslambda.spec import FunctionSpec, Request

CASES = {
    "answer": "import logging\ndef handler(event, context):\n    print('hello')\n    logging.error('oh')\n    return {'é': event}\n",
    "context": "def handler(event, context):\n    return [context.function_name, context.invoked_function_arn, context.memory_limit_in_mb,"
    " context.function_version, context.client_context.custom, 0 < context.get_remaining_time_in_millis() <= 10000]\n",
    "exception": "def inner():\n    raise KeyError('k')\ndef handler(event, context):\n    inner()\n",
    "marshal": "def handler(event, context):\n    return {1, 2}\n",
    "exit": "import sys\ndef handler(event, context):\n    sys.exit(4)\n",
    "import": "import flask\n",
    "syntax": "def handler(event, context:\n",
    "missing handler": "def other(event, context):\n    pass\n",
    "init": "raise RuntimeError('no')\n",
}


def run(source: str, folder: Path) -> tuple[Any, str | None, list[str]]:
    """Run app.handler once: its answer, its error and its log, without what differs each time."""
    folder.mkdir(exist_ok=True)
    (folder / "app.py").write_text(source)
    spec = FunctionSpec(
        arn="arn:aws:lambda:us-west-2:123456789012:function:fn",
        name="fn",
        version="$LATEST",
        handler="app.handler",
        runtime="python3.11",
        role_arn="arn:aws:iam::123456789012:role/function",
        region="us-west-2",
        account_id="123456789012",
        timeout=10,
        memory_size=128,
        variables=(),
        code_sha256="",
        layer_arns=(),
        code=b"",
    )
    environment = Environment(spec, folder, [])
    try:
        result = environment.invoke(Request(b'{"a": [1]}', spec.arn, '{"custom": {"k": "v"}}', "11111111-1111-4111-8111-111111111111"))
    finally:
        environment.end()
    log = re.sub(r"\d{4}-\d\d-\d\dT\S+Z|\d+(\.\d+)? M?[mB]s?", "-", result.log)
    log = re.sub(r"(LAMBDA_WARNING: Unhandled exception\.).*", r"\1", log)
    return json.loads(result.payload), result.error, [line for line in log.splitlines() if line]


@pytest.fixture(autouse=True)
def _folders() -> Iterator[None]:
    yield
    packages.remove_all()


@pytest.mark.skipif(not packages.has_client(), reason="awslambdaric has no wheel for this platform")
@pytest.mark.parametrize("case", CASES)
def test_same_as_the_client_of_aws(case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = run(CASES[case], tmp_path / "task")
    monkeypatch.setenv("SANDBOX_LAMBDA_RUNTIME", "python")
    assert not packages.has_client()
    assert run(CASES[case], tmp_path / "task") == theirs


def test_loop_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX_LAMBDA_RUNTIME", "python")
    answer, error, _ = run("def handler(event, context):\n    return event\n", tmp_path / "task")
    assert (answer, error) == ({"a": [1]}, None)
