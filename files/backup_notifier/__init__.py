"""Tells a Slack channel what AWS Backup does: an AWS Lambda function behind an SNS topic."""
