"""The store of recovery points: whatever is put in and taken out, its groups are in order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from sandbox.backup.point_store import ByAge, PointStore, position
from sandbox.backup.records import RecoveryPoint, Resource

RESOURCES = [Resource(arn=f"arn:volume-{index}", type="EBS", identifier=str(index)) for index in range(2)]


@st.composite
def recovery_points(draw: st.DrawFn) -> list[RecoveryPoint]:
    """Points with few different dates, vaults, resources and parents."""
    arns = draw(st.lists(st.integers(0, 99), unique=True, max_size=12))
    return [
        RecoveryPoint(
            arn=f"arn:{arn}",
            vault_name=draw(st.sampled_from(["one", "two"])),
            vault_arn="arn:vault",
            resource=draw(st.sampled_from(RESOURCES)),
            iam_role_arn="arn:role",
            creation_date=draw(st.sampled_from([1.0, 2.0, 3.0])),
            initiation_date=1.0,
            lifecycle=None,
            encrypted=False,
            key_arn=None,
            parent_arn=draw(st.sampled_from([None, "arn:parent"])),
        )
        for arn in arns
    ]


def newest(points: list[RecoveryPoint]) -> list[RecoveryPoint]:
    """Points in the order of a list."""
    return sorted(points, key=position, reverse=True)


def check(store: PointStore, kept: list[RecoveryPoint]) -> None:
    """Compare a store with what it is to hold."""
    assert sorted(store) == sorted(point.arn for point in kept)
    assert list(store.everywhere().newest_first()) == newest(kept)
    for vault in ("one", "two"):
        assert list(store.of_vault(vault).newest_first()) == newest([point for point in kept if point.vault_name == vault])
    for resource in RESOURCES:
        assert list(store.of_resource(resource.arn).newest_first()) == newest([point for point in kept if point.resource is resource])
    assert len(list(store.by_resource())) == len({point.resource.arn for point in kept})
    assert list(store.nested_in("arn:parent").newest_first()) == newest([point for point in kept if point.parent_arn])


@settings(deadline=None)
@given(points=recovery_points(), split=st.integers(0, 12), data=st.data())
def test_points_are_in_order_whatever_comes_and_goes(points: list[RecoveryPoint], split: int, data: st.DataObject) -> None:
    store, kept = PointStore(), list(points)
    store.extend(points[:split])
    for point in points[split:]:
        store.add(point)
    check(store, kept)
    for point in data.draw(st.permutations(points)):
        if point.parent_arn and data.draw(st.booleans()):
            store.detach(point)
            check(store, kept)
        store.remove(point)
        kept.remove(point)
        check(store, kept)


@settings(deadline=None)
@given(points=recovery_points(), date=st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0]))
def test_a_list_can_begin_anywhere(points: list[RecoveryPoint], date: float) -> None:
    group = ByAge()
    group.extend(points)
    assert list(group.newest_first((date, ""))) == newest([point for point in points if point.creation_date < date])
