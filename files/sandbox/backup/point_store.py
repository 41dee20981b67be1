"""The recovery points of a Region, kept so that a page of a list and a deletion cost the same among ten and among a million."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator

from .records import RecoveryPoint

Position = tuple[float, str]
VAULT, RESOURCE, PARENT = "vault", "resource", "parent"
EVERYWHERE = ("", "")


def position(point: RecoveryPoint) -> Position:
    """Where a point stands among others: by its date, then by its ARN."""
    return point.creation_date, point.arn


class ByAge:
    """Recovery points in the order of their positions, oldest first."""

    __slots__ = ("_points",)

    def __init__(self) -> None:
        self._points: list[RecoveryPoint] = []

    def __len__(self) -> int:
        return len(self._points)

    def add(self, point: RecoveryPoint) -> None:
        """Put a point in its place."""
        insort(self._points, point, key=position)

    def extend(self, points: list[RecoveryPoint]) -> None:
        """Put many points in their places."""
        self._points += points
        self._points.sort(key=position)

    def remove(self, point: RecoveryPoint) -> None:
        """Take a point out, which must be in."""
        del self._points[bisect_left(self._points, position(point), key=position)]

    def newest_first(self, before: Position | None = None) -> Iterator[RecoveryPoint]:
        """The points older than a position, or all of them, beginning with the newest. They must not change meanwhile."""
        end = len(self._points) if before is None else bisect_left(self._points, before, key=position)
        return (self._points[index] for index in range(end - 1, -1, -1))


class PointStore:
    """Recovery points by their ARN, and in the order of their age: all of them, of a vault, of a resource, of a composite point."""

    def __init__(self) -> None:
        self._points: dict[str, RecoveryPoint] = {}
        self._groups: defaultdict[tuple[str, str], ByAge] = defaultdict(ByAge)

    def __contains__(self, arn: str) -> bool:
        return arn in self._points

    def __iter__(self) -> Iterator[str]:
        return iter(self._points)

    def get(self, arn: str) -> RecoveryPoint | None:
        """The point of an ARN, if there is one."""
        return self._points.get(arn)

    def everywhere(self) -> ByAge:
        """The points of all vaults."""
        return self._groups.get(EVERYWHERE, ByAge())

    def of_vault(self, name: str) -> ByAge:
        """The points of a vault."""
        return self._groups.get((VAULT, name), ByAge())

    def of_resource(self, arn: str) -> ByAge:
        """The points of a resource, in all vaults."""
        return self._groups.get((RESOURCE, arn), ByAge())

    def nested_in(self, arn: str) -> ByAge:
        """The points that are part of a composite one."""
        return self._groups.get((PARENT, arn), ByAge())

    def by_resource(self) -> Iterator[ByAge]:
        """The points of one resource after the other."""
        return (group for (kind, _), group in self._groups.items() if kind == RESOURCE)

    def add(self, point: RecoveryPoint) -> None:
        """Keep a point."""
        self._points[point.arn] = point
        for key in _groups_of(point):
            self._groups[key].add(point)

    def extend(self, points: Iterable[RecoveryPoint]) -> None:
        """Keep many points."""
        new: defaultdict[tuple[str, str], list[RecoveryPoint]] = defaultdict(list)
        for point in points:
            self._points[point.arn] = point
            for key in _groups_of(point):
                new[key].append(point)
        for key, members in new.items():
            self._groups[key].extend(members)

    def remove(self, point: RecoveryPoint) -> None:
        """Forget a point."""
        del self._points[point.arn]
        for key in _groups_of(point):
            self._leave(key, point)

    def detach(self, point: RecoveryPoint) -> None:
        """Let a nested point be one of its own."""
        self._leave((PARENT, point.parent_arn or ""), point)
        point.parent_arn = None

    def _leave(self, key: tuple[str, str], point: RecoveryPoint) -> None:
        group = self._groups[key]
        group.remove(point)
        if not group:
            del self._groups[key]


def _groups_of(point: RecoveryPoint) -> list[tuple[str, str]]:
    groups = [EVERYWHERE, (VAULT, point.vault_name), (RESOURCE, point.resource.arn)]
    return [*groups, (PARENT, point.parent_arn)] if point.parent_arn else groups
