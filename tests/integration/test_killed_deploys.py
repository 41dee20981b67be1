"""deploy.yml killed between any two of its changes, and cleaned up: nothing is left, wherever that was.

Each boundary has a stage of its own in one sandbox. One deploy.yml brings every stage to its boundary and is killed there; one
cleanup.yml removes them all.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible_collections.proven.aws_backup.plugins.module_utils.leftover_search import find_leftovers
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import Leftover, Stage

from tests.conftest import ACCOUNT, ROOT
from tests.integration.conftest import Playbooks
from tests.integration.test_closed_loop import CREATED, deployed_things

pytestmark = pytest.mark.playbook

REGION = "us-west-2"
BY_RULE = [
    *CREATED[: CREATED.index("Alarms | Create their topic")],
    "EventBridge | Let the rule invoke the function",
    "EventBridge | Create the rule, with the function as its target",
]
"""What deploy.yml changes with the route eventbridge besides, up to its last change that is new with it."""

BOUNDARIES = {f"after{changes:02}": CREATED[:changes] for changes in range(1, len(CREATED) + 1)} | {
    f"rule{changes:02}": BY_RULE[:changes] for changes in (len(BY_RULE) - 1, len(BY_RULE))
}
"""By stage: the changes after which it is killed."""

Audit = Callable[[str], list[Leftover]]

FORKS = {"ANSIBLE_FORKS": "3"}
KILLED = {**FORKS, "ANSIBLE_STRATEGY": "killed_after", "ANSIBLE_STRATEGY_PLUGINS": str(ROOT / "tests/integration/strategy_plugins")}


@pytest.fixture(scope="module")
def inventory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sandbox's inventory with a host for each boundary."""
    folder = tmp_path_factory.mktemp("inventory")
    hosts = {
        stage: {
            "stage": stage,
            "killed_after": len(changes),
            "notifier_routes": ["sns", "eventbridge"] if stage.startswith("rule") else ["sns"],
        }
        for stage, changes in BOUNDARIES.items()
    }
    (folder / "hosts.yml").write_text(json.dumps({"deployment_targets": {"hosts": hosts}}))
    for name in ("aws.cfg", "group_vars"):
        (folder / name).symlink_to(ROOT / "inventories/sandbox" / name)
    return folder


def changes_of(output: str, host: str) -> list[str]:
    """The tasks that changed something on a host."""
    tasks = re.findall(r"^TASK \[(?:\S+ : )?(.*?)\] \**$(.*?)(?=^TASK|\Z)", output, flags=re.DOTALL | re.MULTILINE)
    return [name for name, result in tasks if re.search(rf"^changed: \[{host}\]", result, flags=re.MULTILINE)]


@pytest.fixture(scope="module")
def audit(playbooks: Playbooks) -> Audit:
    """Says what the audit finds of a stage."""
    client = functools.cache(functools.partial(playbooks.sandbox.client, region=REGION))

    def find(stage: str) -> list[Leftover]:
        return [each for each in find_leftovers(client, stage_called(stage)) if not each.is_ending]

    return find


def stage_called(stage: str) -> Stage:
    """What tells a stage from all others."""
    name, scope = f"proven-backup-{stage}", f"{REGION}:{ACCOUNT}"
    arns = [
        f"backup:{scope}:backup-vault:{name}",
        f"kms:{scope}:alias/{name}",
        f"lambda:{scope}:function:{name}-notifier",
        f"logs:{scope}:log-group:/aws/lambda/{name}-notifier",
        f"sns:{scope}:{name}-events",
        f"sns:{scope}:{name}-alarms",
        f"sqs:{scope}:{name}-undelivered",
        f"dynamodb:{scope}:table/{name}-notifications",
        f"events:{scope}:rule/{name}-events",
    ]
    tags = {"Project": "proven-backup", "Stage": stage, "ManagedBy": "proven.aws_backup"}
    return Stage(
        tags,
        tuple(f"arn:aws:{arn}" for arn in arns),
        backup_vault_name=name,
        backup_plan_name=name,
        iam_path_prefix=f"/proven-backup/{stage}/",
    )


def test_nothing_is_left_of_a_deploy_that_was_killed_anywhere(playbooks: Playbooks, inventory: Path, audit: Audit) -> None:
    playbooks.run("sandbox").succeeded()
    killed = playbooks.run("deploy", "-i", str(inventory), env=KILLED, region=REGION)
    assert killed.exit_code == -9, killed.output
    for stage, changes in BOUNDARIES.items():
        assert changes_of(killed.output, stage) == changes
        assert audit(stage) != []

    cleaned = playbooks.run("cleanup", "-i", str(inventory), env=FORKS, cleanup_keep_sandbox=True, region=REGION).succeeded()
    assert cleaned.output.count(f"Nothing of ours is left in {REGION}.") == len(BOUNDARIES)
    assert {stage: audit(stage) for stage in BOUNDARIES} == {stage: [] for stage in BOUNDARIES}
    assert deployed_things(playbooks) == []
