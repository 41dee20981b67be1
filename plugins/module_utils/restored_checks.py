# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a restored resource has to be: there, ready, like what was backed up, shut off from all others, and with the marker in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils import canary_file
from ansible_collections.proven.aws_backup.plugins.module_utils.canary import problem_with
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import AnsibleBackupError, error_code
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.polling import wait_until
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import Facts
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_kinds import kind_of

PASSED, FAILED, LEFT_OUT = "passed", "failed", "left out"

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"})
"""The codes of RDS and S3; of DynamoDB and EFS; of EC2; and of S3's HEAD requests, whose answers have no body."""

WORDS = {
    "architecture": "architecture",
    "encrypted": "encryption",
    "engine": "database engine",
    "engine_version": "version of the database engine",
    "instance_type": "instance type",
    "key_schema": "key schema",
    "performance_mode": "performance mode",
    "size_gib": "size in GiB",
    "versioning": "versioning",
    "volume_sizes": "list of volume sizes in GiB",
    "volume_type": "volume type",
}
"""What the facts that are compared are called."""


@dataclass(frozen=True)
class Expected:
    """What a restored resource is held against.

    Attributes:
        source_resource_arn: what was backed up; None when it is not to be compared with anything.
        origin: what it has to be, whatever has become of the source since; facts that are not known are not in it.
        subnet_id, security_group_ids: where it has to be; None and empty when that does not matter.
        is_isolated: whether nothing may reach what is in no network: a volume, a file system, a bucket.
        has_canary: whether there has to be a marker.
        canary_sha256: the marker's hash, None when it is not known.
        has_file: whether to look for the file of an instance that was seen to have it.
    """

    source_resource_arn: str | None = None
    origin: Facts = field(default_factory=dict)
    subnet_id: str | None = None
    security_group_ids: tuple[str, ...] = ()
    is_isolated: bool = False
    has_canary: bool = False
    canary_sha256: str | None = None
    has_file: bool = True


@dataclass(frozen=True)
class Check:
    """One check: passed, failed with the reason, or left out with the reason."""

    name: str
    result: str
    reason: str = field(default="")


def check_restored(
    client: ClientFactory, source_client: ClientFactory, resource_arn: str, expected: Expected, timeout: float
) -> tuple[Facts, list[Check]]:
    """The facts of a restored resource, and all checks of it.

    Args:
        source_client: gives clients of the source's Region.
        timeout: seconds for it to become ready, and, if it is an instance with the canary's file, as many for it to boot.

    Raises:
        AnsibleBackupError: a service did not answer, or the type is not known here.
    """
    kind = kind_of(resource_arn)
    found = wait_until(lambda: kind.read(client, resource_arn), _is_settled, timeout).value
    if found is None:
        return {}, [Check("It exists", FAILED, f"{resource_arn} does not exist")]
    checks = [
        Check("It exists", PASSED),
        _readiness(found, timeout),
        *_likeness(source_client, found, kind.same, expected),
        *_isolation(found, expected),
        *_canary(client, resource_arn, expected),
        *_canary_file(client, source_client, found, resource_arn, expected, timeout),
    ]
    return found, checks


def to_results(checks: list[Check]) -> list[dict[str, Any]]:
    """The checks as a module returns them."""
    return [asdict(check) for check in checks]


def first_failure(checks: list[Check]) -> str:
    """The reason of the first check that failed; empty when none did."""
    return next((check.reason for check in checks if check.result == FAILED), "")


def _is_settled(found: Facts | None) -> bool:
    return found is not None and (found["is_ready"] or found["is_failed"])


def _readiness(found: Facts, timeout: float) -> Check:
    name = "It is ready"
    if found["is_ready"]:
        return Check(name, PASSED)
    return Check(name, FAILED, f"{found['name']} is {found['state']}" + ("" if found["is_failed"] else f" after {timeout:.0f} s"))


def _likeness(client: ClientFactory, found: Facts, keys: tuple[str, ...], expected: Expected) -> Iterator[Check]:
    source, unreadable = None, ""
    if any(key not in expected.origin for key in keys):
        source, unreadable = _source_today(client, expected.source_resource_arn)
    for key in keys:
        name = f"Its {WORDS[key]} is as it should be"
        if key in expected.origin:
            problem = "" if _is_alike(key, found, expected.origin) else f"it was to be {expected.origin[key]}"
            yield Check(name, FAILED if problem else PASSED, problem and f"{WORDS[key]}: {found[key]} was restored, {problem}")
        elif expected.source_resource_arn is not None:
            unknown = unreadable or _difference(key, found, source, expected.source_resource_arn)
            yield Check(name, LEFT_OUT if unknown else PASSED, unknown)


def _read_source(client: ClientFactory, resource_arn: str | None) -> Facts | None:
    return None if resource_arn is None else kind_of(resource_arn).read(client, resource_arn)


def _source_today(client: ClientFactory, resource_arn: str | None) -> tuple[Facts | None, str]:
    """The facts of the source; of one that the caller may not look at, why they are not known: that is no fault of the backup."""
    try:
        return _read_source(client, resource_arn), ""
    except AnsibleBackupError as error:
        if error_code(error) not in DENIED:
            raise
        return None, f"the caller may not look at {resource_arn}, and the recovery point does not say what it was"


def _difference(key: str, found: Facts, source: Facts | None, source_arn: str) -> str:
    """How what was restored differs from what its source is today, which says nothing of the backup; empty when it does not."""
    if source is None:
        return f"{source_arn} does not exist any more, and the recovery point does not say what it was"
    if _is_alike(key, found, source):
        return ""
    return f"{WORDS[key]}: {found[key]} was restored, the source has {source[key]} today, and the recovery point does not say what it had"


def _is_alike(key: str, found: Facts, other: Facts) -> bool:
    """Whether a fact is the same; what is encrypted besides, as an account can demand it, is no worse."""
    return found[key] == other[key] or (key == "encrypted" and found[key] is True)


def _isolation(found: Facts, expected: Expected) -> Iterator[Check]:
    if found.get("security_group_ids") is not None and expected.security_group_ids:
        problem: str | None = _network_problem(found, expected)
    else:
        problem = _access_problem(found) if expected.is_isolated else None
    if problem is not None:
        yield Check("It is isolated", FAILED if problem else PASSED, problem)


def _network_problem(found: Facts, expected: Expected) -> str:
    """What lets others reach an instance or a database; empty when nothing does."""
    groups, subnet = found["security_group_ids"], found.get("subnet_id")
    if set(groups) != set(expected.security_group_ids):
        return f"{found['name']} has the security groups {', '.join(groups) or 'none'}, not only those it was to have"
    if subnet and expected.subnet_id and subnet != expected.subnet_id:
        return f"{found['name']} is in {subnet}, not in {expected.subnet_id}"
    if found.get("public_ip_address") or found.get("is_public"):
        return f"{found['name']} can be reached from the internet"
    return ""


def _access_problem(found: Facts) -> str | None:
    """What lets others reach a volume, a file system or a bucket; empty when nothing does, None of any other type."""
    if "attached_to" in found:
        return f"{found['name']} is attached to {', '.join(found['attached_to'])}" if found["attached_to"] else ""
    if "mount_targets" in found:
        return f"{found['name']} has mount targets: {found['mount_targets']}" if found["mount_targets"] else ""
    if "blocks_public_access" in found:
        return "" if found["blocks_public_access"] else f"{found['name']} does not block all public access"
    return None


def _canary(client: ClientFactory, resource_arn: str, expected: Expected) -> Iterator[Check]:
    if not expected.has_canary:
        return
    problem = problem_with(kind_of(resource_arn).read_canary(client, resource_arn), expected.canary_sha256)
    yield Check("The canary came back", FAILED if problem else PASSED, problem or "")


def _canary_file(
    client: ClientFactory, source_client: ClientFactory, found: Facts, resource_arn: str, expected: Expected, timeout: float
) -> Iterator[Check]:
    """Of an instance that was seen to have the file before it was backed up, which a tag says that came back with it."""
    if not expected.has_file or not found["is_ready"] or type_of(resource_arn) != canary_file.RESOURCE_TYPE:
        return
    name, sha256 = "The canary's file came back", found["tags"].get(canary_file.TAG)
    if sha256 is not None:
        problem = canary_file.problem_with_file(client, resource_arn, sha256, timeout)
        yield Check(name, FAILED if problem else PASSED, problem)
    elif canary_file.TAG in (_read_source(source_client, expected.source_resource_arn) or {"tags": {}})["tags"]:
        yield Check(name, LEFT_OUT, f"the tag {canary_file.TAG} did not come back: the recovery point is older than it, or has no tags")
