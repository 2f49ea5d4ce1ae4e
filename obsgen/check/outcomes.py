"""Which of many test files promtool finds fault with, many files to a process."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from obsgen.check.checker_output import failed_in_report, said_by_file, tests_pass
from obsgen.programs.checkers import Tool


def writes_reports(tool: Tool, folder: Path) -> bool:
    """Whether this promtool can write what it found into a file."""
    return "--junit" in tool.run("test", "--help", folder=folder).output


def failing(tool: Tool, folder: Path, paths: Sequence[str], *, reports: bool) -> frozenset[str]:
    """The files, by the paths given, of which a test fails."""
    if reports:
        report = f"{paths[0].replace('/', '-')}.xml"
        tests_pass(tool, tool.run("test", f"--junit={report}", "rules", *paths, folder=folder), len(paths))
        return failed_in_report(tool, folder / report, paths)
    done = tool.run("test", "rules", *paths, folder=folder)
    if tests_pass(tool, done, len(paths)):
        return frozenset()
    return frozenset(path for path, said in said_by_file(done.output).items() if "SUCCESS" not in said)
