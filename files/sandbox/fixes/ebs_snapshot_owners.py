"""EBS: whose snapshots DescribeSnapshots returns.

AWS honours OwnerIds: `self`, `amazon` or account IDs.
moto ignores it, so that `self` returns over a thousand snapshots of Amazon's own images.
"""

from __future__ import annotations

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses.elastic_block_store import ElasticBlockStore

from .methods import replace


def install() -> None:
    """Make DescribeSnapshots honour OwnerIds."""
    replace(ElasticBlockStore, "describe_snapshots", describe_snapshots)


def describe_snapshots(response: ElasticBlockStore) -> ActionResult:
    """Answer with the snapshots that match the IDs, the filters and the owners of the request."""
    snapshots = response.ec2_backend.describe_snapshots(
        snapshot_ids=response._get_param("SnapshotIds", []), filters=response._filters_from_querystring()
    )
    owners = response._get_param("OwnerIds", [])
    if owners:
        account = response.current_account
        snapshots = [snapshot for snapshot in snapshots if _is_owned(snapshot, owners, account)]
    return ActionResult({"Snapshots": snapshots})


def _is_owned(snapshot: Snapshot, owners: list[str], account: str) -> bool:
    """Whether one of the owners, in the words of OwnerIds, owns the snapshot."""
    alias = "self" if snapshot.owner_id == account else "amazon"
    return alias in owners or snapshot.owner_id in owners
