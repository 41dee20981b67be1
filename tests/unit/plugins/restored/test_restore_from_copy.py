"""What a restore in another Region is told, as the role's variables have it: nothing that only the Region of the original has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.unit.plugins.plays import play

PLACE = ROOT / "roles" / "restore" / "vars" / "main" / "place.yml"
OF_THE_ROLE = {"SubnetId": "subnet-1"}


@pytest.mark.parametrize(
    ("from_copy", "overrides", "told"),
    [
        (False, {}, {}),
        (True, {}, {"KeyName": None}),
        (True, {"ec2": {"KeyName": "theirs"}}, {"KeyName": "theirs"}),
    ],
)
def test_metadata_of_an_instance(sandbox: Any, tmp_path: Path, from_copy: bool, overrides: dict[str, Any], told: dict[str, Any]) -> None:
    given = {
        "restore_from_copy": from_copy,
        "restore_region": "us-west-2",
        "restore_copy_region": "eu-central-1",
        "restore_metadata_overrides": overrides,
        "__restore_one": {"target": "ec2"},
        "__restore_overrides": {"ec2": OF_THE_ROLE},
    }
    place = yaml.safe_load(PLACE.read_text(encoding="utf-8"))
    role = {name: place[name] for name in ("__restore_place_region", "__restore_bound_to_region", "__restore_metadata")}
    task = {"name": "told", "ansible.builtin.debug": {"msg": "{{ __restore_metadata }}"}, "vars": {**role, **given}, "register": "told"}
    _, results = play(sandbox.connection(), [task], tmp_path)
    assert results["told"]["msg"] == {**OF_THE_ROLE, **told}
