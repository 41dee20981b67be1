"""What galaxy.yml, meta/runtime.yml and the requirement files say must agree with each other and with the plugins."""

from __future__ import annotations

from typing import Any

import yaml

from tests.conftest import ROOT

MODULES = ROOT / "plugins" / "modules"


def load(path: str) -> Any:
    """A YAML file of the repository."""
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_the_action_group_holds_exactly_the_modules_that_connect_to_aws() -> None:
    """module_defaults reaches a module only through the group."""
    connecting = {path.stem for path in MODULES.glob("*.py") if "import AnsibleAWSModule" in path.read_text(encoding="utf-8")}
    assert set(load("meta/runtime.yml")["action_groups"]["aws"]) == connecting


def test_requirements_name_the_collections_that_galaxy_installs() -> None:
    required = {entry["name"]: entry["version"] for entry in load("requirements.yml")["collections"]}
    assert required == load("galaxy.yml")["dependencies"]
