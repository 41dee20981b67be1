"""What the benchmark of backup_vault_purge counts as a failure."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    """The benchmark, which is a script of its own."""
    spec = importlib.util.spec_from_file_location("vault_purge_benchmark", ROOT / "benchmarks" / "vault_purge.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("scenario", "count", "floor", "facts", "problems"),
    [
        ("100 a second", 5000, 50.0, {"seconds": 52.4}, []),
        ("100 a second", 5000, 50.0, {"seconds": 52.6}, ["{}: 52.6 s is 1.052 times the floor, more than 1.05"]),
        ("100 a second", 500, 5.0, {"seconds": 9.0}, []),
        ("10 a second", 500, 50.0, {"seconds": 52.6}, ["{}: 52.6 s is 1.052 times the floor, more than 1.05"]),
        ("unthrottled", 5000, 33.3, {"seconds": 38.0}, []),
        ("unthrottled", 5000, 33.3, {"seconds": 38.6}, ["{}: 38.6 s is 1.159 times the floor, more than 1.15"]),
        ("unthrottled", 50, 0.3, {"seconds": 1.0, "left": 3}, ["{}: 3 left"]),
        ("unthrottled", 50, 0.3, {"seconds": 1.0, "left": 0, "failed": True}, ["{}: it failed, 0 left"]),
        ("unthrottled", 50, 0.3, {"seconds": 1.0, "left": 1, "name": "counted first"}, ["{}: 1 left"]),
        ("unthrottled", 5000, 33.3, {"seconds": 45.0, "left": 0, "name": "counted first"}, []),
        ("unthrottled", 5000, 33.3, {"seconds": 300.0, "left": 7, "failed": True, "name": "boto3 loop"}, []),
    ],
)
def test_a_row_that_misses_its_goal_is_named(
    benchmark: ModuleType, scenario: str, count: int, floor: float, facts: dict[str, Any], problems: list[str]
) -> None:
    row = benchmark.Row(**{"scenario": scenario, "count": count, "name": "backup_vault_purge", **facts})
    rows = [benchmark.Row(scenario, count, "floor", floor), row]
    where = f"{scenario}, {count} recovery points, {row.name}"
    assert benchmark.problems(rows) == [problem.format(where) for problem in problems]
