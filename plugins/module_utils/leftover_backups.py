# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWS Backup has left of a stage: its plan, jobs, recovery points, and the AMIs and snapshots that it made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.jobs import BACKUP_JOB, list_backup_jobs
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, Leftover, Stage
from ansible_collections.proven.aws_backup.plugins.module_utils.recovery_points import list_recovery_points_by_backup_vault
from ansible_collections.proven.aws_backup.plugins.module_utils.restore_testing import get_plan
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import find_backup_vault

GIB = 1024**3

VALUES_PER_FILTER = 200
"""The most values that EC2 takes in one filter."""

SOURCE_TAG = "aws:backup:source-resource"
"""AWS Backup's tag of the snapshots it makes; its value ends with the ID of what was backed up (seen in public code)."""

Describe = Callable[[Any, list[dict[str, Any]]], list[dict[str, Any]]]


def find_plans(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The plan, by its name."""
    plans = _list_backup_plans(client("backup"))
    return [Leftover(plan["BackupPlanArn"], "has the plan's name") for plan in plans if plan["BackupPlanName"] == stage.backup_plan_name]


def find_restore_testing_plan(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The restore testing plan, by its name."""
    plan = get_plan(client("backup"), stage.restore_testing_plan_name)
    return [Leftover(plan["RestoreTestingPlanArn"], "has the restore testing plan's name")] if plan else []


def find_recovery_points(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The recovery points in the vault, whatever their status."""
    backup = client("backup")
    if stage.backup_vault_name is None or find_backup_vault(backup, stage.backup_vault_name) is None:
        return []
    points = list_recovery_points_by_backup_vault(backup, stage.backup_vault_name)
    return [_recovery_point(point, stage.backup_vault_name) for point in points]


def find_jobs_and_their_backups(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The vault's jobs that have not ended, and the AMIs and snapshots that those of the last 30 days left in EC2.

    AWS goes on listing the jobs of a vault that is gone, so they tell of backups that lost their vault and carry no tags.
    """
    jobs = list_backup_jobs(client("backup"), backup_vault_name=stage.backup_vault_name)
    active = [_job(job) for job in jobs if not BACKUP_JOB.is_ended(job)]
    made = {job["RecoveryPointArn"].rsplit("/", 1)[-1] for job in jobs if "/" in job.get("RecoveryPointArn", "")}
    backed_up = {job["ResourceArn"].rsplit("/", 1)[-1] for job in jobs}
    return active + (_find_in_ec2(client("ec2"), made, backed_up) if jobs else [])


def find_tagged_backups(client: ClientFactory, stage: Stage) -> list[Leftover]:
    """The AMIs and snapshots with the stage's tags, as EC2 knows them at this moment."""
    ec2 = client("ec2")
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in stage.tags.items()]
    images = [_image(ec2, image) for image in _describe_images(ec2, filters)]
    return images + [_snapshot(ec2, snapshot) for snapshot in _describe_snapshots(ec2, filters)]


def _find_in_ec2(ec2: Any, made: set[str], backed_up: set[str]) -> list[Leftover]:
    """What there is of these backups, and of what AWS Backup made of these resources, each by its ID."""
    images = [
        *_describe_each(_describe_images, ec2, "image-id", (name for name in made if name.startswith("ami-"))),
        *_describe_each(_describe_images, ec2, "name", (f"AwsBackup_{name}_*" for name in backed_up if name.startswith("i-"))),
    ]
    snapshots = [
        *_describe_each(_describe_snapshots, ec2, "snapshot-id", (name for name in made if name.startswith("snap-"))),
        *(
            snapshot
            for snapshot in _describe_snapshots(ec2, [{"Name": "tag-key", "Values": [SOURCE_TAG]}])
            if boto3_tag_list_to_ansible_dict(snapshot["Tags"])[SOURCE_TAG].rsplit("/", 1)[-1] in backed_up
        ),
    ]
    return [_image(ec2, image) for image in images] + [_snapshot(ec2, snapshot) for snapshot in snapshots]


def _describe_each(describe: Describe, ec2: Any, name: str, values: Iterable[str]) -> list[dict[str, Any]]:
    wanted = sorted(values)
    starts = range(0, len(wanted), VALUES_PER_FILTER)
    return [each for start in starts for each in describe(ec2, [{"Name": name, "Values": wanted[start : start + VALUES_PER_FILTER]}])]


@aws_call("list the backup plans")
def _list_backup_plans(client: Any) -> list[dict[str, Any]]:
    return client.get_paginator("list_backup_plans").paginate().build_full_result()["BackupPlansList"]


@aws_call("describe the account's own AMIs")
def _describe_images(client: Any, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return client.get_paginator("describe_images").paginate(Owners=["self"], Filters=filters).build_full_result()["Images"]


@aws_call("describe the account's own snapshots")
def _describe_snapshots(client: Any, filters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return client.get_paginator("describe_snapshots").paginate(OwnerIds=["self"], Filters=filters).build_full_result()["Snapshots"]


def _recovery_point(point: dict[str, Any], backup_vault_name: str) -> Leftover:
    why = f": {point['StatusMessage']}" if point.get("StatusMessage") else ""
    gib = (point.get("BackupSizeInBytes") or 0) / GIB
    size = f"{gib:.1f} GiB" if gib >= 0.1 else "less than 0.1 GiB"
    price = f"{size} at about 0.05 USD per GiB and month, whatever its status" if gib else None
    reason = f"is in the vault {backup_vault_name}, {point.get('Status', 'status unknown')}{why}"
    return Leftover(point["RecoveryPointArn"], reason, known_type="backup:recovery-point", known_cost=price)


def _job(job: dict[str, Any]) -> Leftover:
    arn = f"{job['BackupVaultArn'].split(':backup-vault:')[0]}:backup-job:{job['BackupJobId']}"
    return Leftover(arn, f"backs up {job['ResourceArn']} into the vault, {job['State']}")


def _image(ec2: Any, image: dict[str, Any]) -> Leftover:
    return Leftover(_ec2_arn(ec2, "image", image["ImageId"]), _made_by(image))


def _snapshot(ec2: Any, snapshot: dict[str, Any]) -> Leftover:
    price = f"at most {0.05 * snapshot['VolumeSize']:.2f} USD a month ({snapshot['VolumeSize']} GiB)"
    return Leftover(_ec2_arn(ec2, "snapshot", snapshot["SnapshotId"]), _made_by(snapshot), known_cost=price)


def _made_by(backup: dict[str, Any]) -> str:
    tags = boto3_tag_list_to_ansible_dict(backup.get("Tags", []))
    if SOURCE_TAG in tags or backup.get("Name", "").startswith("AwsBackup_") or "AWS Backup" in backup.get("Description", ""):
        return "was made by AWS Backup, which alone can delete it"
    return "is a backup of the stage"


def _ec2_arn(ec2: Any, kind: str, identifier: str) -> str:
    """The ARN of an AMI or a snapshot, which names no account."""
    return f"arn:{ec2.meta.partition}:ec2:{ec2.meta.region_name}::{kind}/{identifier}"
