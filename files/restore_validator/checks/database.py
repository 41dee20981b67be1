"""An RDS instance or a cluster: it is available."""

from __future__ import annotations

from ..restored import Restored
from ..settings import Expectation
from .asking import ask, first, name_of
from .states import judge

ON_THE_WAY = frozenset(
    {
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "creating",
        "maintenance",
        "modifying",
        "preparing-data-migration",
        "rebooting",
        "renaming",
        "resetting-master-credentials",
        "starting",
        "storage-optimization",
        "upgrading",
    }
)


def check_instance(restored: Restored, _expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the database instance is available."""
    name = name_of(restored.created_arn)
    what = f"The database {name}"
    answer = ask(what, "rds", "describe_db_instances", {"DBInstanceIdentifier": name}, restored.region)
    judge(what, first(what, answer["DBInstances"])["DBInstanceStatus"], "available", ON_THE_WAY)


def check_cluster(restored: Restored, _expectation: Expectation) -> None:
    """Raise Faulty or NotReady unless the cluster is available. AWS Backup restores it without instances, so none are asked for."""
    name = name_of(restored.created_arn)
    what = f"The cluster {name}"
    answer = ask(what, "rds", "describe_db_clusters", {"DBClusterIdentifier": name}, restored.region)
    judge(what, first(what, answer["DBClusters"])["Status"], "available", ON_THE_WAY)
