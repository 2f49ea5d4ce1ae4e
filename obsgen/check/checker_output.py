"""What promtool and amtool say of what they check, read so that only words which are theirs count as a verdict."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from obsgen.programs import failures
from obsgen.programs.checkers import Tool
from obsgen.programs.children import Finished

_RULES_FOUND = re.compile(r"^ *SUCCESS: (\d+) rules found$", re.MULTILINE)
_TESTED = re.compile(r"^ *(SUCCESS|FAILED:)$", re.MULTILINE)
# Old versions say which file they speak of; newer ones do not.
_TEST_FILE = re.compile(r"^Unit Testing:\s+(\S+)$", re.MULTILINE)
_MISMATCH = "WARNING: Expected receivers did not match resolved receivers."


def rules_pass(tool: Tool, done: Finished, counts: Sequence[int]) -> bool:
    """Whether `check rules` takes files of so many rules each."""
    found = [int(count) for count in _RULES_FOUND.findall(done.output)]
    return _verdict(tool, "check rules", done, sure=found == list(counts))


def configuration_passes(tool: Tool, done: Finished) -> bool:
    """Whether `check config` takes the file."""
    return _verdict(tool, "check config", done, sure=" SUCCESS: " in done.output)


def tests_pass(tool: Tool, done: Finished, files: int) -> bool:
    """Whether the tests of all of so many files pass."""
    found = _TESTED.findall(done.output)
    known = len(found) == files and (done.code == 0) == (set(found) <= {"SUCCESS"})
    if not known:
        raise failures.not_understood(tool.name, "test rules", done.output)
    return done.code == 0


def said_by_file(output: str) -> Mapping[str, str]:
    """What is said of each test file; empty for a promtool that does not say which it speaks of."""
    parts = _TEST_FILE.split(output)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def failed_in_report(tool: Tool, report: Path, paths: Collection[str]) -> frozenset[str]:
    """The files of which a test fails, as promtool's JUnit report has it."""
    try:
        suites = list(ElementTree.parse(report).iter("testsuite"))  # noqa: S314 - written by promtool just now
    except (OSError, ElementTree.ParseError) as error:
        raise failures.not_understood(tool.name, "test --junit", str(error)) from None
    if {one.get("name") for one in suites} != set(paths):
        raise failures.not_understood(tool.name, "test --junit", "a report of other files")
    return frozenset(one.get("name", "") for one in suites if {one.get("failures"), one.get("errors")} != {"0"})


def tree_passes(tool: Tool, done: Finished, receivers: int) -> bool:
    """Whether `check-config` takes a tree with so many receivers."""
    counted = re.search(rf"^ - {receivers} receivers$", done.output, re.MULTILINE)
    return _verdict(tool, "check-config", done, sure="SUCCESS" in done.output and counted is not None)


def route_passes(tool: Tool, done: Finished, receivers: Collection[str]) -> bool:
    """Whether `config routes test` ends at the receivers."""
    reached = set(done.output.strip().rpartition("\n")[2].split(","))
    known = reached == set(receivers) if done.code == 0 else _MISMATCH in done.output
    if not known:
        raise failures.not_understood(tool.name, "config routes test", done.output)
    return done.code == 0


def _verdict(tool: Tool, task: str, done: Finished, *, sure: bool) -> bool:
    if not (sure if done.code == 0 else "FAILED:" in done.output):
        raise failures.not_understood(tool.name, task, done.output)
    return done.code == 0
