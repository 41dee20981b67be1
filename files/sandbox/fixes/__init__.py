"""Corrections of moto, one fault of one service in each file, named after it."""

from __future__ import annotations

from . import (
    amazon_images,
    cloudwatch_tags_of_missing_alarms,
    dynamodb_atomic_writes,
    dynamodb_table_id,
    ebs_snapshot_owners,
    ebs_volume_fields,
    ec2_console_output,
    ec2_dependencies,
    ec2_instance_protection,
    ec2_launched_interfaces,
    efs_tags_by_arn,
    eventbridge_rule_listing,
    iam_managed_policies,
    kms_key_arns,
    kms_pending_deletion,
    kms_pending_window,
    logs_resource_type,
    logs_tags_of_missing_groups,
    rds_tags_of_missing_resources,
    request_dispatch,
    sqs_concurrent_requests,
    sqs_deleted_recently,
    sts_missing_roles,
    unknown_regions,
)

FIXES = (
    amazon_images,
    cloudwatch_tags_of_missing_alarms,
    dynamodb_atomic_writes,
    dynamodb_table_id,
    ebs_snapshot_owners,
    ebs_volume_fields,
    ec2_console_output,
    ec2_dependencies,
    ec2_instance_protection,
    ec2_launched_interfaces,
    efs_tags_by_arn,
    eventbridge_rule_listing,
    iam_managed_policies,
    kms_key_arns,
    kms_pending_deletion,
    kms_pending_window,
    logs_resource_type,
    logs_tags_of_missing_groups,
    rds_tags_of_missing_resources,
    request_dispatch,
    sqs_concurrent_requests,
    sqs_deleted_recently,
    sts_missing_roles,
    unknown_regions,
)


def install() -> None:
    """Correct moto; called once before the first request."""
    for fix in FIXES:
        fix.install()
