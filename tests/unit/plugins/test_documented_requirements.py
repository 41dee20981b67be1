"""What each module needs, as ansible-doc tells it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

MODULES = {path.stem: path for path in (ROOT / "plugins/modules").glob("*.py")}
LIBRARIES = {"boto3 >= 1.34.0", "botocore >= 1.34.0"}


@pytest.fixture(scope="module")
def documented() -> dict[str, list[str]]:
    """The requirements of each module, by its short name."""
    names = [f"proven.aws_backup.{name}" for name in MODULES]
    command = [str(Path(sys.executable).with_name("ansible-doc")), "--json", "--type", "module", *names]
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True).stdout
    docs: dict[str, Any] = json.loads(answer)
    return {name: docs[f"proven.aws_backup.{name}"]["doc"].get("requirements", []) for name in MODULES}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_each_module_says_which_python_it_needs(documented: dict[str, list[str]], module: str) -> None:
    assert [needed for needed in documented[module] if needed.startswith("python ")] == ["python >= 3.11"]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules_that_talk_to_aws_say_which_libraries_they_need(documented: dict[str, list[str]], module: str) -> None:
    expected = LIBRARIES if "AnsibleAWSModule" in MODULES[module].read_text() else set()
    assert {needed for needed in documented[module] if "boto" in needed} == expected
