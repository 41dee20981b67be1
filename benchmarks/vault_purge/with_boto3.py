"""Empties a vault as most scripts do: one call after the other, with boto3 as it comes. Ends with 1 when a call failed."""

import sys

import boto3
from botocore.exceptions import ClientError

client = boto3.client("backup")
failed = False
for page in client.get_paginator("list_recovery_points_by_backup_vault").paginate(BackupVaultName=sys.argv[1]):
    for point in page["RecoveryPoints"]:
        try:
            client.delete_recovery_point(BackupVaultName=sys.argv[1], RecoveryPointArn=point["RecoveryPointArn"])
        except ClientError as error:
            failed = True
            print(error, file=sys.stderr)
sys.exit(failed)
