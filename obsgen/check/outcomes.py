"""Which of many test files promtool finds fault with, many files to a process."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from obsgen.check.subprocesses import Tool

# Old versions say which file they speak of; newer ones do not, but write a JUnit report.
_TEST_FILE = re.compile(r"^Unit Testing:\s+(\S+)$", re.MULTILINE)


def writes_reports(tool: Tool) -> bool:
    """Whether this promtool can write what it found into a file."""
    return "--junit" in tool.run("test", "--help").output


def failing(tool: Tool, folder: Path, paths: Sequence[str], *, reports: bool) -> frozenset[str]:
    """The files, by the paths given, of which a test fails."""
    if reports:
        report = f"{paths[0].replace('/', '-')}.xml"
        tool.run("test", f"--junit={report}", "rules", *paths, folder=folder)
        suites = ElementTree.parse(folder / report).iter("testsuite")  # noqa: S314 - written by promtool just now
        return frozenset(
            one.get("name", "") for one in suites if one.get("failures") != "0" or one.get("errors") != "0"
        )
    parts = _TEST_FILE.split(tool.run("test", "rules", *paths, folder=folder).output)
    return frozenset(path for path, said in zip(parts[1::2], parts[2::2], strict=True) if "SUCCESS" not in said)
