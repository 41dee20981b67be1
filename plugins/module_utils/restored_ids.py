# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which of many instances, volumes and file systems there are, in a few calls however many of them are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.leftovers import ClientFactory, type_of
from ansible_collections.proven.aws_backup.plugins.module_utils.restored_facts import name_in

VALUES_OF_A_FILTER = 200
"""EC2 takes no more."""


def existing_arns(client: ClientFactory, resource_arns: Iterable[str]) -> set[str]:
    """The ARNs without those of instances, volumes and file systems that do not exist. Of other types nothing is asked.

    Raises:
        AnsibleBackupError: a service did not answer.
    """
    arns = set(resource_arns)
    for resource_type, list_ids in LISTS.items():
        by_id = {name_in(arn): arn for arn in arns if type_of(arn) == resource_type}
        if by_id:
            existing = list_ids(client, sorted(by_id))
            arns -= {arn for name, arn in by_id.items() if name not in existing}
    return arns


def _instances(client: ClientFactory, ids: list[str]) -> set[str]:
    reservations = (found for batch in _batches(ids) for found in _list_reservations(client("ec2"), batch))
    return {instance["InstanceId"] for reservation in reservations for instance in reservation["Instances"]}


def _volumes(client: ClientFactory, ids: list[str]) -> set[str]:
    return {volume["VolumeId"] for batch in _batches(ids) for volume in _list_volumes(client("ec2"), batch)}


def _file_systems(client: ClientFactory, _ids: list[str]) -> set[str]:
    return {system["FileSystemId"] for system in _list_file_systems(client("efs"))}


def _batches(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + VALUES_OF_A_FILTER] for start in range(0, len(ids), VALUES_OF_A_FILTER))


LISTS: dict[str, Callable[[ClientFactory, list[str]], set[str]]] = {
    "ec2:instance": _instances,
    "ec2:volume": _volumes,
    "elasticfilesystem:file-system": _file_systems,
}


@aws_call("list the instances")
def _list_reservations(client: Any, ids: list[str]) -> list[dict[str, Any]]:
    pages = client.get_paginator("describe_instances").paginate(Filters=[{"Name": "instance-id", "Values": ids}])
    return pages.build_full_result()["Reservations"]


@aws_call("list the volumes")
def _list_volumes(client: Any, ids: list[str]) -> list[dict[str, Any]]:
    pages = client.get_paginator("describe_volumes").paginate(Filters=[{"Name": "volume-id", "Values": ids}])
    return pages.build_full_result()["Volumes"]


@aws_call("list the file systems")
def _list_file_systems(client: Any) -> list[dict[str, Any]]:
    return client.get_paginator("describe_file_systems").paginate().build_full_result()["FileSystems"]
