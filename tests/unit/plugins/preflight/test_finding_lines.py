"""The table of a preflight."""

from __future__ import annotations

from ansible_collections.proven.aws_backup.plugins.filter.finding_lines import finding_lines


def test_the_worst_comes_first_with_its_remedy() -> None:
    passed = {"check": "vault lock", "subject": "nightly", "result": "passed", "reason": "the vault is not locked", "remedy": ""}
    failed = {"check": "opt-in", "subject": "S3", "result": "failed", "reason": "AWS Backup is not opted in to it", "remedy": "opt in"}
    assert finding_lines([passed, failed]) == [
        "result  check       subject",
        "failed  opt-in      S3: AWS Backup is not opted in to it",
        "                    -> opt in",
        "passed  vault lock  nightly: the vault is not locked",
    ]


def test_nothing_found_is_a_head() -> None:
    assert finding_lines([]) == ["result  check  subject"]
