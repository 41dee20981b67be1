"""RDS instances and Aurora clusters. moto keeps no rows: what comes back is the set-up. A cluster comes back without instances."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from moto.rds.models import rds_backends

from ..backend import BackupBackend
from ..permissions import IN_FULL, Need
from ..records import Resource
from .content import Content
from .order import RestoreOrder
from .restorer import REQUEST_ID, Metadata, RestoreFailed, Restorer, as_tag_list, is_true, parsed, truth, with_request_id

INFORMATIONAL = "InformationalOnly:"

SHARED = ("engine", "engine_version", "port", "backup_retention_period", "storage_encrypted", "kms_key_id", "copy_tags_to_snapshot")
SHARED_KEYS = frozenset(
    {
        "AvailabilityZone",
        "CopyTagsToSnapshot",
        "DBSubnetGroupName",
        "DeletionProtection",
        "EnableCloudwatchLogsExports",
        "EnableIAMDatabaseAuthentication",
        "Engine",
        "KmsKeyId",
        "OptionGroupName",
        "Port",
        "VpcSecurityGroupIds",
    }
)


class Databases(Restorer):
    """What instances and clusters have in common: metadata that RDS does not take back makes the job fail, not the request."""

    snapshot_key: str

    def check(self, metadata: Metadata) -> None:
        """Check the rest of the metadata."""
        super().check({key: value for key, value in metadata.items() if not self._is_refused(key)})

    def _is_refused(self, key: str) -> bool:
        return key in (REQUEST_ID, self.snapshot_key) or key.startswith(INFORMATIONAL)

    def _check_accepted(self, metadata: Metadata) -> None:
        refused = sorted(key for key in metadata if self._is_refused(key))
        if refused:
            raise RestoreFailed(f"Invalid restore metadata for this resource type: {', '.join(refused)}")


class Instances(Databases):
    """RDS instances."""

    snapshot_key = "DBSnapshotIdentifier"
    keys = SHARED_KEYS | {
        "AllocatedStorage",
        "AutoMinorVersionUpgrade",
        "DBInstanceClass",
        "DBInstanceIdentifier",
        "DBName",
        "DBParameterGroupName",
        "Domain",
        "Iops",
        "LicenseModel",
        "MultiAZ",
        "PubliclyAccessible",
        "StorageType",
    }
    required = ("DBInstanceIdentifier",)
    copied = (
        *SHARED,
        "db_instance_class",
        "allocated_storage",
        "db_name",
        "iops",
        "master_username",
        "multi_az",
        "license_model",
        "publicly_accessible",
        "storage_type",
        "auto_minor_version_upgrade",
    )

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """How an instance is set up."""
        database = rds_backends[backend.account_id][backend.region_name].databases[resource.identifier]
        copied = _copied(database, self.copied)
        return Content({"set_up": copied, "metadata": _instance_metadata(database)}, {}, resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """The parameters of a restore from a snapshot, and more."""
        return with_request_id(content.attributes["metadata"])

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Making the instance."""
        yield Need("rds:RestoreDBInstanceFromDBSnapshot", IN_FULL), order.point.arn

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Make an instance of another name."""
        metadata = order.metadata
        self._check_accepted(metadata)
        changes: dict[str, Any] = {
            "db_instance_identifier": metadata["DBInstanceIdentifier"],
            "db_instance_class": metadata.get("DBInstanceClass"),
            "db_subnet_group_name": metadata.get("DBSubnetGroupName"),
            "db_parameter_group_name": metadata.get("DBParameterGroupName"),
            "vpc_security_group_ids": parsed(metadata, "VpcSecurityGroupIds"),
            "availability_zone": metadata.get("AvailabilityZone"),
            "storage_type": metadata.get("StorageType"),
            "license_model": metadata.get("LicenseModel"),
            "port": int(metadata["Port"]) if metadata.get("Port") else None,
            "deletion_protection": is_true(metadata, "DeletionProtection"),
            "tags": as_tag_list(tags),
        }
        for name, key in (("multi_az", "MultiAZ"), ("publicly_accessible", "PubliclyAccessible")):
            if key in metadata:
                changes[name] = is_true(metadata, key)
        database = rds_backends[backend.account_id][backend.region_name].create_db_instance(
            _known({**content.attributes["set_up"], **_known(changes)})
        )
        return str(database.db_instance_arn)


class Clusters(Databases):
    """Aurora and Neptune clusters."""

    snapshot_key = "SnapshotIdentifier"
    keys = SHARED_KEYS | {
        "AvailabilityZones",
        "BacktrackWindow",
        "DBClusterIdentifier",
        "DBClusterParameterGroupName",
        "DatabaseName",
        "EngineMode",
        "ScalingConfiguration",
        "ServerlessV2ScalingConfiguration",
    }
    required = ("DBClusterIdentifier", "Engine")
    copied = (
        *SHARED,
        "database_name",
        "master_username",
        "engine_mode",
        "storage_type",
        "serverless_v2_scaling_configuration",
    )

    def capture(self, backend: BackupBackend, resource: Resource) -> Content:
        """How a cluster is set up."""
        cluster = rds_backends[backend.account_id][backend.region_name].clusters[resource.identifier]
        copied = _copied(cluster, self.copied)
        return Content({"set_up": copied, "metadata": _cluster_metadata(cluster)}, {}, resource.tags)

    def metadata(self, content: Content) -> dict[str, str | None]:
        """The parameters of a restore from a snapshot, and more."""
        return with_request_id(content.attributes["metadata"])

    def needs(self, order: RestoreOrder) -> Iterator[tuple[Need, str]]:
        """Making the cluster."""
        yield Need("rds:RestoreDBClusterFromSnapshot", IN_FULL), order.point.arn

    def restore(self, backend: BackupBackend, content: Content, order: RestoreOrder, tags: Mapping[str, str]) -> str:
        """Make a cluster of another name, without instances."""
        metadata, rds = order.metadata, rds_backends[backend.account_id][backend.region_name]
        self._check_accepted(metadata)
        identifier = metadata["DBClusterIdentifier"]
        if identifier.lower() in rds.clusters:
            raise RestoreFailed("DB Cluster already exists")
        changes = {
            "db_cluster_identifier": identifier,
            "db_subnet_group_name": metadata.get("DBSubnetGroupName"),
            "db_cluster_parameter_group_name": metadata.get("DBClusterParameterGroupName"),
            "vpc_security_group_ids": parsed(metadata, "VpcSecurityGroupIds"),
            "availability_zones": parsed(metadata, "AvailabilityZones"),
            "port": int(metadata["Port"]) if metadata.get("Port") else None,
            "deletion_protection": is_true(metadata, "DeletionProtection"),
            "tags": as_tag_list(tags),
        }
        cluster = rds.create_db_cluster(_known({**content.attributes["set_up"], **_known(changes)}))
        cluster.status = "available"
        return str(cluster.db_cluster_arn)


def _copied(database: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """What a database can be made of again, with the password, which moto gives to nobody."""
    copied = {name: getattr(database, name, None) for name in names}
    return {**copied, "master_user_password": getattr(database, "_master_user_password", None)}


def _instance_metadata(database: Any) -> dict[str, str]:
    metadata = {
        "DBInstanceIdentifier": database.db_instance_identifier,
        "DBInstanceClass": database.db_instance_class,
        "DBName": database.db_name,
        "DBSubnetGroupName": getattr(database, "_db_subnet_group_name", None),
        "DBParameterGroupName": database.db_parameter_group_name,
        "AvailabilityZone": database.availability_zone,
        "LicenseModel": database.license_model,
        "StorageType": database.storage_type,
        "MultiAZ": truth(bool(database.multi_az)),
        "PubliclyAccessible": truth(bool(database.publicly_accessible)),
        "AutoMinorVersionUpgrade": truth(bool(database.auto_minor_version_upgrade)),
        Instances.snapshot_key: "awsbackup:job-00000000-0000-0000-0000-000000000000",
    }
    return _written({**metadata, **_shared_metadata(database)})


def _cluster_metadata(cluster: Any) -> dict[str, str]:
    metadata = {
        "DBClusterIdentifier": cluster.db_cluster_identifier,
        "DatabaseName": getattr(cluster, "database_name", None),
        "DBSubnetGroupName": cluster.db_subnet_group_name,
        "AvailabilityZones": json.dumps(cluster.availability_zones),
        "EngineMode": cluster.engine_mode,
        Clusters.snapshot_key: "awsbackup:job-00000000-0000-0000-0000-000000000000",
    }
    return _written({**metadata, **_shared_metadata(cluster)})


def _shared_metadata(database: Any) -> dict[str, Any]:
    return {
        "Engine": database.engine,
        "Port": database.port,
        "VpcSecurityGroupIds": json.dumps(list(database.vpc_security_group_ids or [])),
        "DeletionProtection": truth(bool(database.deletion_protection)),
        "CopyTagsToSnapshot": truth(bool(database.copy_tags_to_snapshot)),
        f"{INFORMATIONAL}EngineVersion": database.engine_version,
        f"{INFORMATIONAL}Encrypted": truth(bool(database.storage_encrypted)),
        f"{INFORMATIONAL}KmsKeyId": database.kms_key_id if database.storage_encrypted else None,
    }


def _written(metadata: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in metadata.items() if value not in (None, "")}


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
