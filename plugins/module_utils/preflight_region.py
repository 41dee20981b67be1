# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preflight: whether AWS Backup backs up these types in this Region, and the resources that are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ansible_collections.proven.aws_backup.plugins.module_utils.buckets import get_bucket_versioning
from ansible_collections.proven.aws_backup.plugins.module_utils.errors import aws_call
from ansible_collections.proven.aws_backup.plugins.module_utils.preflight import Check, ClientFactory, Finding, Place, Wanted, once

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import BaseClient

OPT_IN = "opt-in"
RESOURCE = "resource"


@aws_call("read the settings of AWS Backup in this Region")
def describe_region_settings(client: BaseClient) -> dict[str, bool]:
    """Whether each resource type is opted in."""
    return client.describe_region_settings().get("ResourceTypeOptInPreference", {})


def checks(client: ClientFactory, wanted: Wanted, place: Place) -> list[Check]:
    """The opt-in of each type; of each resource that is named its Region, of a bucket its versioning."""
    settings = once(lambda: describe_region_settings(client("backup")))
    types = [Check(OPT_IN, name, _opt_in(settings, name, place)) for name in wanted.resource_types]
    arns = [Check(RESOURCE, arn, _resource(client, arn, place)) for arn in wanted.resource_arns]
    return types + arns


def _opt_in(read: Callable[[], dict[str, bool]], resource_type: str, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        settings = read()
        if settings.get(resource_type):
            return Finding(OPT_IN, resource_type, "passed", f"opted in in {place.region}")
        if resource_type not in settings:
            reason = f"AWS Backup knows no such type in {place.region}"
            return Finding(OPT_IN, resource_type, "failed", reason, "leave it out of drill_targets, or choose another Region")
        command = f"aws backup update-region-settings --region {place.region} --resource-type-opt-in-preference {resource_type}=true"
        return Finding(OPT_IN, resource_type, "failed", f"AWS Backup is not opted in to it in {place.region}", command)

    return look


def _resource(client: ClientFactory, arn: str, place: Place) -> Callable[[], Finding]:
    def look() -> Finding:
        service, region, _account, name = arn.split(":", 5)[2:]
        if region not in ("", place.region):
            remedy = f"name one in {place.region}, or work in {region}"
            return Finding(RESOURCE, arn, "failed", f"it is in {region}, and AWS Backup works inside one Region, {place.region}", remedy)
        if service != "s3":
            return Finding(RESOURCE, arn, "passed", f"it is in {place.region}")
        return _judge_bucket(arn, name, get_bucket_versioning(client("s3"), name))

    return look


def _judge_bucket(arn: str, bucket: str, versioning: Any) -> Finding:
    if versioning == "Enabled":
        return Finding(RESOURCE, arn, "passed", "the bucket's versioning is enabled")
    if versioning is None:
        return Finding(RESOURCE, arn, "failed", "there is no such bucket", "check drill_resource_arns and the account")
    command = f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
    reason = f"AWS Backup needs the bucket's versioning, which is {versioning.lower() or 'not enabled'}"
    return Finding(RESOURCE, arn, "failed", reason, command)
