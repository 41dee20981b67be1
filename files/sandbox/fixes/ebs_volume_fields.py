"""EBS: what a volume is described by.

AWS always returns SnapshotId (empty without one), MultiAttachEnabled, Iops for gp2 and gp3, and Throughput for gp3.
moto returns only what the caller asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from moto.ec2.models.elastic_block_store import Volume

from .methods import wrap

GP2_IOPS_PER_GIB = 3
GP2_IOPS_MIN = 100
GP2_IOPS_MAX = 16000
GP3_THROUGHPUT_MIB = 125


def install() -> None:
    """Fill in the fields of each volume, when it is created and when it is modified."""
    wrap(Volume, "__init__", _completed)
    wrap(Volume, "modify", _completed)


def _completed(operation: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(operation)
    def operate(volume: Volume, *args: Any, **kwargs: Any) -> None:
        operation(volume, *args, **kwargs)
        complete(volume)

    return operate


def complete(volume: Volume) -> None:
    """Give a volume the values that AWS gives it by default."""
    volume.snapshot_id = volume.snapshot_id or ""
    volume.multi_attach_enabled = bool(volume.multi_attach_enabled)
    if volume.volume_type == "gp2":
        volume.iops = min(max(GP2_IOPS_MIN, GP2_IOPS_PER_GIB * int(volume.size)), GP2_IOPS_MAX)
    if volume.volume_type == "gp3":
        volume.throughput = volume.throughput or GP3_THROUGHPUT_MIB
