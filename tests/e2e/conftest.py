"""The running platform, and its logs where a test fails."""

from __future__ import annotations

import sys

import pytest

from tests.e2e.platform import Platform, running_platform
from tests.e2e.tools import folder_id, installed, release


@pytest.fixture(params=installed("bookworm", "sid"), ids=folder_id)
def platform(request, tmp_path):
    with running_platform(tmp_path, release(request.param)) as running:
        yield running
        sys.stdout.write(f"\n{request.node.name}\n{running.history()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    running = getattr(item, "funcargs", {}).get("platform")
    if report.failed and isinstance(running, Platform):
        report.sections += [(f"end of {server.name}'s log", server.log_tail()) for server in running.servers]
    return report
