# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a stage that was removed has left behind: what to look for, and what is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ClientFactory = Callable[[str], Any]


@dataclass(frozen=True)
class Stage:
    """What tells the stage's resources from all others in the account and Region.

    Attributes:
        tags: everything of the stage carries all of them.
        resource_arns: the ARNs that its names make, a KMS key's by its alias.
        backup_vault_name, backup_plan_name, restore_testing_plan_name, iam_path_prefix: not looked for when None.
        restore_iam_role_arn, restored_name_prefix: of what was restored to prove its backups; not looked for when None.
    """

    tags: dict[str, str]
    resource_arns: tuple[str, ...] = ()
    backup_vault_name: str | None = None
    backup_plan_name: str | None = None
    restore_testing_plan_name: str | None = None
    iam_path_prefix: str | None = None
    restore_iam_role_arn: str | None = None
    restored_name_prefix: str | None = None


@dataclass(frozen=True)
class Leftover:
    """One resource that is still there.

    Attributes:
        reason: why it is the stage's, or why it stays.
        known_type, known_cost: where the ARN does not tell them.
        is_ending: whether AWS removes it by itself.
        deletion_date: when AWS removes it, in ISO 8601, where AWS says so.
    """

    resource_arn: str
    reason: str
    known_type: str | None = None
    known_cost: str | None = None
    is_ending: bool = False
    deletion_date: str | None = None

    @property
    def resource_type(self) -> str:
        """The type as the tagging API names types, such as ec2:image."""
        return self.known_type or type_of(self.resource_arn)

    @property
    def cost(self) -> str:
        """What AWS bills for it, in words."""
        return self.known_cost or COSTS.get(self.resource_type, UNKNOWN_COST)


Search = Callable[[ClientFactory], list[Leftover]]

TYPES_WITHOUT_PREFIX = {"sns": "sns:topic", "sqs": "sqs:queue", "s3": "s3:bucket"}
"""The types whose ARNs hold nothing but the name."""

UNKNOWN_COST = "see the service's price list"
COSTS = {
    "backup:backup-job": "the backup that it makes, by GB and month",
    "backup:backup-plan": "nothing, but it goes on making backups, which are billed",
    "backup:backup-vault": "nothing while it is empty",
    "backup:copy-job": "the copy that it makes, by GB and month",
    "backup:restore-testing-plan": "nothing, but it goes on restoring backups, and what they make is billed",
    "backup:recovery-point": "by GB and month, about 0.05 USD for a warm backup, also while EXPIRED",
    "backup:restore-job": "what it restores, as the service of that bills it",
    "cloudwatch:alarm": "0.10 USD a month",
    "dynamodb:table": "0.25 USD per GB and month",
    "ec2:image": "its snapshots, 0.05 USD per GiB and month",
    "ec2:instance": "about 0.01 USD an hour (t3.micro), and its volumes",
    "ec2:snapshot": "0.05 USD per GiB and month",
    "ec2:subnet": "nothing",
    "ec2:volume": "0.08 USD per GiB and month",
    "ec2:vpc": "nothing",
    "elasticfilesystem:file-system": "0.30 USD per GB and month",
    "events:rule": "nothing by itself",
    "iam:role": "nothing",
    "kms:key": "1 USD a month, nothing once its deletion is scheduled",
    "lambda:function": "nothing while it is not invoked",
    "lambda:permission": "nothing",
    "logs:log-group": "0.03 USD per GB and month",
    "rds:cluster": "0.10 USD per GB and month, and 0.12 USD per ACU and hour while it is used",
    "rds:db": "about 0.02 USD an hour (db.t4g.micro), and 0.115 USD per GB and month",
    "rds:subgrp": "nothing",
    "s3:bucket": "0.023 USD per GB and month, of all versions",
    "sns:subscription": "nothing while nothing is published",
    "sns:topic": "nothing while nothing is published",
    "sqs:queue": "nothing while it is not used",
    "ssm:parameter": "nothing for a standard parameter",
}
"""By type: list prices of us-east-1, as the README gives them."""


def type_of(resource_arn: str) -> str:
    """The type of a resource: ec2:image of arn:aws:ec2:us-west-2::image/ami-1; the service where the ARN holds no type."""
    service, _region, _account, resource = resource_arn.split(":", 5)[2:]
    if service in TYPES_WITHOUT_PREFIX:
        return TYPES_WITHOUT_PREFIX[service]
    ends = [resource.find(separator) for separator in "/:" if separator in resource]
    return f"{service}:{resource[: min(ends)]}" if ends else service


def first_of_each(found: list[Leftover]) -> list[Leftover]:
    """Each resource once, as the first search that found it says, sorted by ARN.

    An AMI's or snapshot's ARN names no account in IAM's and AWS Backup's spelling, but may in the tagging API's.
    """
    firsts: dict[tuple[str, str], Leftover] = {}
    for leftover in found:
        _arn, _partition, service, _region, _account, resource = leftover.resource_arn.split(":", 5)
        firsts.setdefault((service, resource), leftover)
    return sorted(firsts.values(), key=lambda leftover: leftover.resource_arn)
