"""Times, durations and sizes as AWS writes them and as people read them."""

from __future__ import annotations

import pytest
from backup_notifier import times


@pytest.mark.parametrize(
    ("written", "readable", "iso"),
    [
        ("2026-05-19T15:22:57.759Z", "2026-05-19 15:22:57 UTC", "2026-05-19T15:22:57.759Z"),
        ("2024-08-27T09:20:00Z", "2024-08-27 09:20:00 UTC", "2024-08-27T09:20:00.000Z"),
        ("2024-08-27T09:20:00+02:00", "2024-08-27 07:20:00 UTC", "2024-08-27T07:20:00.000Z"),
        ("2024-08-27T09:20:00", "2024-08-27 09:20:00 UTC", "2024-08-27T09:20:00.000Z"),
        ("Jul 15, 2020 9:39:07 PM", "2020-07-15 21:39:07 UTC", "2020-07-15T21:39:07.000Z"),
        ("Jul 5, 2020, 9:39:07\u202fPM", "Jul 5, 2020, 9:39:07\u202fPM", ""),
        ("Jul 15, 2020 9:39:07\u202fAM", "2020-07-15 09:39:07 UTC", "2020-07-15T09:39:07.000Z"),
        ("Foo 15, 2020 9:39:07 PM", "Foo 15, 2020 9:39:07 PM", ""),
        ("soon", "soon", ""),
        ("0001-01-01T00:00:00+23:59", "0001-01-01T00:00:00+23:59", ""),
        ("", "", ""),
    ],
)
def test_times(written: str, readable: str, iso: str) -> None:
    assert (times.readable(written), times.iso(written)) == (readable, iso)


@pytest.mark.parametrize(
    ("start", "end", "elapsed", "seconds"),
    [
        ("2026-07-15T03:00:00Z", "2026-07-15T03:00:35.5Z", "35 s", 35.5),
        ("2026-07-15T03:00:00Z", "2026-07-15T03:36:59Z", "36 min", 2219),
        ("2026-07-15T03:00:00Z", "2026-07-15T11:13:15Z", "8 h 13 min", 29595),
        ("2026-07-15T03:00:00Z", "2026-07-22T04:13:15Z", "7 d 1 h", 609195),
        ("2026-07-15T03:00:01Z", "2026-07-15T03:00:00Z", "", None),
        ("soon", "2026-07-15T03:00:00Z", "", None),
        ("2026-07-15T03:00:00Z", "", "", None),
    ],
)
def test_durations(start: str, end: str, elapsed: str, seconds: float | None) -> None:
    assert (times.elapsed(start, end), times.seconds_between(start, end)) == (elapsed, seconds)


@pytest.mark.parametrize(
    ("size_bytes", "size"),
    [
        (None, ""),
        (0, ""),
        (1, "1 bytes"),
        (1023, "1,023 bytes"),
        (36048, "35.2 KiB"),
        (8 << 30, "8.0 GiB"),
        (500 << 30, "500 GiB"),
        (3 << 40, "3.0 TiB"),
        (7 << 60, "7,168 PiB"),
    ],
)
def test_sizes(size_bytes: int | None, size: str) -> None:
    assert times.size(size_bytes) == size
