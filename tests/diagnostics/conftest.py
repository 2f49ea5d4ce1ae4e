from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.programs.binaries import TOOLS_VARIABLE, BinaryMissing, find_binary
from tests.diagnostics.case import BASE, Case


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of promtool and amtool, found before a test leaves the checkout."""
    try:
        folders = [find_binary(name).parent for name in ("promtool", "amtool")]
    except BinaryMissing as missing:
        pytest.skip(str(missing))
    return folders[0]


@pytest.fixture
def lay_out(tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Case], Path]:
    """Writes a case's files beside those of the base, in a folder that becomes the current one."""

    def laid_out(case: Case) -> Path:
        folder = tmp_path / "case"
        shutil.copytree(BASE, folder)
        for name, body in case.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(body, encoding="utf-8")
            if body.startswith("#!"):
                (folder / name).chmod(0o755)
        monkeypatch.chdir(folder)
        monkeypatch.setenv(TOOLS_VARIABLE, str(tools))
        return folder

    return laid_out


@pytest.fixture(scope="session")
def good_output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of the good spec wrote."""
    folder = tmp_path_factory.mktemp("good")
    here = Path.cwd()
    os.chdir(BASE)
    try:
        result = CliRunner().invoke(main, ["build", "base.yaml", "-o", str(folder / "out")])
    finally:
        os.chdir(here)
    assert result.exit_code == 0, result.output
    return folder / "out"
