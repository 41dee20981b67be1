"""Finds the pool of a function's present code and configuration."""

from __future__ import annotations

import threading

from .pool import Pool
from .spec import FunctionSpec

_lock = threading.Lock()
_pools: dict[str, Pool] = {}


def pool_of(spec: FunctionSpec) -> Pool:
    """The pool for this spec; one made for older code or configuration is retired."""
    with _lock:
        pool = _pools.get(spec.arn)
        if pool is not None and pool.spec == spec:
            return pool
        _pools[spec.arn] = fresh = Pool(spec)
    if pool is not None:
        pool.retire()
    return fresh


def retire(arn: str) -> None:
    """Let go of the environments of a version that has changed."""
    with _lock:
        pool = _pools.pop(arn, None)
    if pool is not None:
        pool.retire()


def kill(arn: str) -> None:
    """End every environment of a deleted version, or of all versions for an unqualified ARN."""
    with _lock:
        found = [known for known in _pools if known == arn or known.startswith(f"{arn}:")]
        pools = [_pools.pop(known) for known in found]
    for pool in pools:
        pool.kill()


def kill_all() -> None:
    """End every environment of every function."""
    with _lock:
        pools = list(_pools.values())
        _pools.clear()
    for pool in pools:
        pool.kill()
