# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: quotas that are used up, or nearly."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted, once
from ansible_collections.proven.aws_backup.plugins.module_utils.vaults import list_backup_vaults

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.client import BaseClient

CHECK = "quota"
VAULTS, PLANS, POINTS = "backup vaults", "backup plans", "recovery points"
VPCS, DATABASES, CORES = "VPCs", "database instances", "vCPUs of On-Demand instances"
NEAR = 0.9
"""The share of a quota from which it is worth a warning."""

DEFAULTS = {VAULTS: 300, PLANS: 300, POINTS: 1_000_000, VPCS: 5, DATABASES: 40}
"""AWS's own; where Service Quotas tells another value for the account, that counts."""

NAMES = {VAULTS: r"backup vaults\b", PLANS: r"backup plans\b", POINTS: r"recovery points\b"}
"""How the names of AWS Backup's quotas begin."""

VPCS_CODE = ("vpc", "L-F678F1CE")
DATABASES_CODE = ("rds", "L-7B6409FD")
CORES_CODE = ("ec2", "L-1216C47A")
RUNNING = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
STANDARD = re.compile(r"[acdhimrtz]\d")
"""The families of instances that the quota of vCPUs is about."""


@aws_call("list the quotas of {service_code}", missing=[], missing_codes=("NoSuchResourceException",))
def list_service_quotas(client: BaseClient, service_code: str) -> list[dict[str, Any]]:
    """The account's quotas of a service; none where Service Quotas does not know it."""
    return client.get_paginator("list_service_quotas").paginate(ServiceCode=service_code).build_full_result()["Quotas"]


@aws_call("read the quota {quota_code} of {service_code}", missing=None, missing_codes=("NoSuchResourceException",))
def get_service_quota(client: BaseClient, service_code: str, quota_code: str) -> float | None:
    """The account's quota; None where Service Quotas does not know it."""
    return client.get_service_quota(ServiceCode=service_code, QuotaCode=quota_code)["Quota"]["Value"]


@aws_call("list the backup plans of this Region")
def list_backup_plans(client: BaseClient) -> list[dict[str, Any]]:
    """All plans of the account in the client's Region."""
    return client.get_paginator("list_backup_plans").paginate().build_full_result()["BackupPlansList"]


@aws_call("list the VPCs of this Region")
def describe_vpcs(client: BaseClient) -> list[dict[str, Any]]:
    """All VPCs of the account in the client's Region."""
    return client.get_paginator("describe_vpcs").paginate().build_full_result()["Vpcs"]


@aws_call("list the database instances of this Region")
def describe_db_instances(client: BaseClient) -> list[dict[str, Any]]:
    """All database instances of the account in the client's Region, those of clusters too."""
    return client.get_paginator("describe_db_instances").paginate().build_full_result()["DBInstances"]


@aws_call("list the running instances of this Region")
def describe_running_instances(client: BaseClient) -> list[dict[str, Any]]:
    """All instances that count towards the quota of vCPUs."""
    pages = client.get_paginator("describe_instances").paginate(Filters=RUNNING)
    return [instance for page in pages for reservation in page["Reservations"] for instance in reservation["Instances"]]


def checks(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """The quotas that a deployment uses."""
    limits = once(lambda: _backup_limits(client))
    found: list[Check] = []
    if wanted.backup_vault_name:
        found.append(Check(CHECK, VAULTS, _vaults(client, wanted.backup_vault_name, limits)))
        found.append(Check(CHECK, POINTS, _points(place, limits)))
    if wanted.backup_plan_name:
        found.append(Check(CHECK, PLANS, _plans(client, wanted.backup_plan_name, limits)))
    if "EC2" in wanted.resource_types:
        found.append(Check(CHECK, CORES, _cores(client)))
    return found + checks_of_places(client, wanted, place)


def checks_of_places(client: ClientFactory, wanted: Wanted, _place: Place) -> list[Check]:
    """The quotas of what surrounds resources, and of databases, which a restore uses, too."""
    found: list[Check] = []
    if wanted.vpc_names:
        found.append(Check(CHECK, VPCS, _vpcs(client, wanted.vpc_names)))
    if wanted.db_instance_names:
        found.append(Check(CHECK, DATABASES, _databases(client, wanted.db_instance_names)))
    return found


def judge(subject: str, used: float, limit: float, more: int) -> Finding:
    """The finding about a quota; more: how many will be asked for."""
    count = f"{used:.0f} of {limit:.0f}"
    remedy = f"ask for more under Service Quotas, or remove {subject} that nobody needs"
    if more and used + more > limit:
        refused = "AWS refuses another one" if more == 1 else f"AWS refuses {more} more"
        return Finding(CHECK, subject, "failed", f"{count} are used: {refused}", remedy)
    if used >= limit * NEAR:
        return Finding(CHECK, subject, "warning", f"{count} are used", remedy)
    return Finding(CHECK, subject, "passed", f"{count} are used")


def _backup_limits(client: ClientFactory) -> Mapping[str, float]:
    """AWS Backup's quotas, as Service Quotas tells them to those who may ask."""
    try:
        told = list_service_quotas(client("service-quotas"), "backup")
    except AnsibleBackupError:
        told = []
    limits: dict[str, float] = dict(DEFAULTS)
    for subject, name in NAMES.items():
        values = [each["Value"] for each in told if re.match(name, each.get("QuotaName", ""), re.IGNORECASE)]
        limits[subject] = values[0] if values else limits[subject]
    return limits


def _vaults(client: ClientFactory, name: str, limits: Callable[[], Mapping[str, float]]) -> Callable[[], Finding]:
    def look() -> Finding:
        names = [vault["BackupVaultName"] for vault in list_backup_vaults(client("backup"))]
        return judge(VAULTS, len(names), limits()[VAULTS], int(name not in names))

    return look


def _plans(client: ClientFactory, name: str, limits: Callable[[], Mapping[str, float]]) -> Callable[[], Finding]:
    def look() -> Finding:
        names = [plan["BackupPlanName"] for plan in list_backup_plans(client("backup"))]
        return judge(PLANS, len(names), limits()[PLANS], int(name not in names))

    return look


def _points(place: Place, limits: Callable[[], Mapping[str, float]]) -> Callable[[], Finding]:
    def look() -> Finding:
        vault = place.vault() or {}
        return judge(POINTS, vault.get("NumberOfRecoveryPoints", 0), limits()[POINTS], more=1)

    return look


def _vpcs(client: ClientFactory, names: tuple[str, ...]) -> Callable[[], Finding]:
    def look() -> Finding:
        vpcs = describe_vpcs(client("ec2"))
        there = {tag["Value"] for vpc in vpcs for tag in vpc.get("Tags", []) if tag["Key"] == "Name"}
        limit = get_service_quota(client("service-quotas"), *VPCS_CODE) or DEFAULTS[VPCS]
        return judge(VPCS, len(vpcs), limit, len(set(names) - there))

    return look


def _databases(client: ClientFactory, names: tuple[str, ...]) -> Callable[[], Finding]:
    def look() -> Finding:
        there = {each["DBInstanceIdentifier"] for each in describe_db_instances(client("rds"))}
        limit = get_service_quota(client("service-quotas"), *DATABASES_CODE) or DEFAULTS[DATABASES]
        return judge(DATABASES, len(there), limit, len(set(names) - there))

    return look


def _cores(client: ClientFactory) -> Callable[[], Finding]:
    def look() -> Finding:
        limit = get_service_quota(client("service-quotas"), *CORES_CODE)
        if limit is None:
            return Finding(CHECK, CORES, "unknown", "Service Quotas does not tell it", "look under EC2 > Limits")
        counted = [each for each in describe_running_instances(client("ec2")) if _counts(each)]
        return judge(CORES, sum(map(_cores_of, counted)), limit, more=0)

    return look


def _counts(instance: dict[str, Any]) -> bool:
    return not instance.get("InstanceLifecycle") and bool(STANDARD.match(instance.get("InstanceType", "")))


def _cores_of(instance: dict[str, Any]) -> int:
    options = instance.get("CpuOptions", {})
    return options.get("CoreCount", 1) * options.get("ThreadsPerCore", 1)
