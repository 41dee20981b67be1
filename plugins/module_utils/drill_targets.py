# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of resources that the playbooks back up, and what is wrong with a choice of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

ALL = "all"
ARNS = {
    "ec2": "arn:aws:ec2:<region>:<account>:instance/<id>",
    "ebs": "arn:aws:ec2:<region>:<account>:volume/<id>",
    "rds": "arn:aws:rds:<region>:<account>:db:<name>",
    "rds_mysql": "arn:aws:rds:<region>:<account>:db:<name>",
    "aurora": "arn:aws:rds:<region>:<account>:cluster:<name>",
    "dynamodb": "arn:aws:dynamodb:<region>:<account>:table/<name>",
    "efs": "arn:aws:elasticfilesystem:<region>:<account>:file-system/<id>",
    "s3": "arn:aws:s3:::<name>",
}
"""By target, in the order in which they are told, how the ARN of such a resource looks."""

DATABASES = ("rds", "rds_mysql", "aurora")
ACCOUNT_DIGITS = 12
LONGEST_BUCKET_NAME = 63
LONGEST_DATABASE_NAME = 63
RESTORED = {"rds": "-restored-rds-", "rds_mysql": "-restored-mysql-", "aurora": "-restored-aurora-"}
"""By database, what follows the prefix in the name of what test_restore.yml restores."""
RESTORED_SUFFIX = 7
"""How many characters end that name, others in every run."""
PLACEHOLDERS = {
    "arn:aws:": "arn:aws[a-z-]*:",
    "<region>": "(?P<region>[a-z0-9-]+)",
    "<account>": "(?P<account>[0-9]{12})",
    "<id>": "[a-z0-9-]+",
    "<name>": "[A-Za-z0-9._-]+",
}


def wanted_targets(value: Any) -> list[str]:
    """The targets that a setting names, in the order of ARNS; what is no target is left out."""
    names = _names(value)
    return [target for target in ARNS if target in names or ALL in names]


def target_problems(value: Any) -> Iterator[str]:
    """What is wrong with a choice of targets."""
    known = ", ".join([*ARNS, ALL])
    if not isinstance(value, (str, list)):
        yield f"{value!r} is no list; known are {known}"
    elif not _names(value):
        yield f"the list is empty; known are {known}"
    for name in _names(value):
        if name not in (*ARNS, ALL):
            yield f"{name!r} is not known; known are {known}"


def resource_arn_problems(value: Any, region: str | None = None, account_id: str | None = None) -> Iterator[str]:
    """What is wrong with the ARNs of resources that are to be used instead of targets of ours.

    Args:
        value: the ARNs, by target.
        region, account_id: those that the resources must be in, where they are known yet.
    """
    if not isinstance(value, Mapping):
        yield f"{value!r} is no dictionary of targets and ARNs"
        return
    for target, arn in value.items():
        if target not in ARNS:
            yield f"{target!r} is not known; known are {', '.join(ARNS)}"
            continue
        match = re.fullmatch(_pattern(ARNS[target]), str(arn))
        if match is None:
            yield f"{arn!r} is no ARN of the target {target}, such as {ARNS[target]}"
            continue
        there = match.groupdict()
        if region and there.get("region", region) != region:
            yield f"{arn} is in {there['region']}, but the Region is {region}; AWS Backup works inside one Region"
        if account_id and there.get("account", account_id) != account_id:
            yield f"{arn} is in the account {there['account']}, not in {account_id}"


def name_problems(name_prefix: str, targets: list[str], region: str) -> Iterator[str]:
    """What keeps a prefix from beginning the names of these targets, of which RDS and S3 are particular."""
    plain = name_prefix.lower().replace("_", "-")
    databases = [target for target in targets if target in DATABASES]
    if databases and not re.fullmatch(r"[a-z](?!.*--)[a-z0-9-]*[a-z0-9]", plain):
        yield (
            f"{name_prefix!r} cannot begin the names of {', '.join(databases)}: RDS takes a letter first, and no two hyphens in a row."
            " Check project and stage"
        )
    for target in databases:
        room = LONGEST_DATABASE_NAME - len(RESTORED[target]) - RESTORED_SUFFIX
        if len(plain) > room:
            yield f"{name_prefix!r} is too long for a restored {target}, whose name leaves it {room} characters. Check project and stage"
    if "s3" not in targets:
        return
    bucket = f"{plain}-{'0' * ACCOUNT_DIGITS}-{region}"
    if len(bucket) > LONGEST_BUCKET_NAME or not bucket[0].isalnum():
        yield (
            f"{name_prefix!r} cannot begin the name of a bucket in {region}: S3 takes {LONGEST_BUCKET_NAME} characters, of which"
            f" {len(bucket) - len(plain)} are the account and the Region, and a letter or digit first. Check project and stage"
        )


def _names(value: Any) -> list[str]:
    names = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return [name for name in (str(name).strip() for name in names) if name]


def _pattern(form: str) -> str:
    pattern = re.escape(form)
    for placeholder, expression in PLACEHOLDERS.items():
        pattern = pattern.replace(re.escape(placeholder), expression)
    return pattern
