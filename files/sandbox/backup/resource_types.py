"""The resource types of which the sandbox has resources to back up; AWS, too, supports other types in other Regions."""

from __future__ import annotations

TYPES = ("Aurora", "DynamoDB", "EBS", "EC2", "EFS", "Neptune", "RDS", "S3")
# Whether AWS Backup fully manages the backups of a type that has the choice, unless the Region's settings say otherwise.
MANAGEMENT = {"DynamoDB": False, "EFS": True}
