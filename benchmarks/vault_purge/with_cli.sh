#!/bin/sh
# Empties a vault with the AWS CLI, one call after the other. Ends with 1 when a call failed.
# Usage: with_cli.sh VAULT
failed=0
for arn in $(aws backup list-recovery-points-by-backup-vault --backup-vault-name "$1" --query 'RecoveryPoints[].RecoveryPointArn' --output text); do
  aws backup delete-recovery-point --backup-vault-name "$1" --recovery-point-arn "$arn" || failed=1
done
exit "$failed"
