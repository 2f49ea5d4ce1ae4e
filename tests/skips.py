"""What a run skips: said in one line with names and reasons, and bounded where nothing has to be missing."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

MOST = 20
TOOLS = Path(__file__).resolve().parents[1] / ".tools"
GENERATIONS = ("bookworm", "sid")


def skipped(config: pytest.Config) -> list[tuple[str, str]]:
    """The name of each test that was skipped, and why."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    return [(report.nodeid, report.longrepr[2].removeprefix("Skipped: ")) for report in reports]


def too_many(count: int) -> bool:
    """Whether more is left out than may be; where a generation cannot be had, much has to be."""
    return count > MOST and all((TOOLS / name).is_dir() for name in GENERATIONS)


def line(found: list[tuple[str, str]]) -> str:
    """All of them in one line, those with one reason together."""
    names = defaultdict(list)
    for name, reason in found:
        names[reason].append(name)
    told = "; ".join(f"{', '.join(same)} ({reason})" for reason, same in names.items())
    return f"{len(found)} tests skipped" + (f": {told}" if told else "")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say it, where a person reads the end of a run."""
    found = skipped(config)
    terminalreporter.write_line(line(found))
    if too_many(len(found)):
        terminalreporter.write_line(f"at most {MOST} tests may be skipped", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that leaves out more than it may has failed."""
    if too_many(len(skipped(session.config))):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
