# Copyright: (c) 2026, proven.aws_backup contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report as JUnit XML: a test case for each link, check and limit of each target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_target import Step, Target
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_view import Run
from ansible_collections.proven.aws_backup.plugins.plugin_utils.report_words import duration


@dataclass(frozen=True)
class Case:
    """A test case; seconds is 0 where nothing was measured."""

    group: str
    name: str
    result: str
    reason: str
    seconds: float = 0


def junit(run: Run) -> str:
    """The report as one test suite."""
    cases = list(_cases(run))
    suite = {
        "name": run.kind,
        "hostname": run.place,
        "timestamp": f"{run.started:%Y-%m-%dT%H:%M:%S}" if run.started else "",
        "tests": str(len(cases)),
        "failures": str(sum(case.result == "failed" for case in cases)),
        "errors": "0",
        "skipped": str(sum(case.result not in ("passed", "failed") for case in cases)),
        "time": f"{run.seconds or 0:.3f}",
    }
    root = ElementTree.Element("testsuites")
    element = ElementTree.SubElement(root, "testsuite", suite)
    _add_properties(element, run)
    for case in cases:
        _add_case(element, run, case)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _cases(run: Run) -> Iterator[Case]:
    for target in run.targets:
        yield from _cases_of(target)
    yield from (Case(name, f"{name} is proven", "left out", "no honest means brings it about here") for name in run.left_out)
    yield from (Case("run", "Nothing is left behind", "failed", leftover) for leftover in run.leftovers)
    told = any(target.result == "failed" for target in run.targets) or run.leftovers
    if run.result != "passed" and not told:
        yield Case("run", "The run passed", run.result, run.reason)


def _cases_of(target: Target) -> Iterator[Case]:
    """The target's steps, checks and figures; the target itself when it has none, or when it failed and none of them did."""
    checks = [_case_of(target, check) for check in target.checks]
    limits = list(_limits_of(target))
    details = {"checks": checks, "limits": limits}
    cases = [*(_link_of(target, link, details.get(link.detailed_by, [])) for link in target.steps), *checks, *limits]
    yield from cases
    if not cases or (target.result == "failed" and not any(case.result == "failed" for case in cases)):
        yield Case(target.name, f"{target.name} is proven", target.result, target.reason)


def _case_of(target: Target, step: Step) -> Case:
    return Case(target.name, step.name, step.result, step.reason or target.reason)


def _link_of(target: Target, link: Step, details: list[Case]) -> Case:
    """A link's case, which leaves a failure to the cases that tell more of it, so that it counts once."""
    failed = [case.name for case in details if case.result == "failed"]
    if link.result != "failed" or not failed:
        return _case_of(target, link)
    return Case(target.name, link.name, "left out", f"counted as: {', '.join(failed)}")


def _limits_of(target: Target) -> Iterator[Case]:
    for figure in target.figures:
        if figure.limit is not None:
            told = f"{figure.name} {duration(figure.seconds)} is over the limit of {duration(figure.limit)}" if figure.exceeded else ""
            result = "failed" if figure.exceeded else "passed"
            yield Case(target.name, f"{figure.name} is within its limit", result, told, figure.seconds)


def _add_properties(suite: ElementTree.Element, run: Run) -> None:
    properties = ElementTree.SubElement(suite, "properties")
    started = {"Started": f"{run.started:%Y-%m-%dT%H:%M:%SZ}"} if run.started else {}
    for name, value in (dict(run.facts) | started).items():
        ElementTree.SubElement(properties, "property", {"name": name.lower().replace(" ", "_"), "value": value})
    for target in run.targets:
        found = {"resource_arn": target.resource_arn, "backup_job_id": target.backup_job_id, "grade": target.grade}
        for name, value in found.items():
            if value:
                ElementTree.SubElement(properties, "property", {"name": f"{target.name}.{name}", "value": value})


def _add_case(suite: ElementTree.Element, run: Run, case: Case) -> None:
    attributes = {"classname": f"{run.kind}.{run.place}.{case.group}", "name": f"{case.group}: {case.name}", "time": f"{case.seconds:.3f}"}
    element = ElementTree.SubElement(suite, "testcase", attributes)
    if case.result == "failed":
        ElementTree.SubElement(element, "failure", {"message": case.reason or "failed"})
    elif case.result != "passed":
        ElementTree.SubElement(element, "skipped", {"message": case.reason or case.result})
