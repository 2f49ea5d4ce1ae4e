"""Files that a command writes for a person, where they cannot be written: a message, and nothing half-written."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.cli.writing import staged, write_files
from obsgen.diagnostics import Diagnosed
from tests.hostile.ending import PROGRAM, ROOT

COMMANDS = {
    "init": ("init", "{}"),
    "new": ("new", "pack", "redis", "--into", "{}"),
    "simulate": ("simulate", "--nodes", "1", "--out", "{}"),
    "truth": ("simulate", "--nodes", "1", "--out", "good.om", "--truth", "{}"),
    "export": ("objectives", "export", str(ROOT / "config" / "objectives.yaml"), "-o", "{}"),
    "import": ("objectives", "import", str(ROOT / "tests/exchange/cases/sloth-file/parcels.yaml"), "-o", "{}"),
}


def unwritable(here: Path) -> Path:
    return Path("/sys/obsgen/out")


def below_a_file(here: Path) -> Path:
    (here / "file").write_text("mine")
    return here / "file" / "out"


def below_a_link_to_nowhere(here: Path) -> Path:
    (here / "link").symlink_to(here / "nowhere")
    return here / "link" / "out"


def folder(here: Path) -> Path:
    (here / "folder").mkdir()
    return here / "folder"


def link_to_a_file(here: Path) -> Path:
    (here / "file").write_text("mine")
    (here / "link").symlink_to(here / "file")
    return here / "link"


def link_to_nowhere(here: Path) -> Path:
    (here / "link").symlink_to(here / "nowhere")
    return here / "link"


def pipe(here: Path) -> Path:
    os.mkfifo(here / "pipe")
    return here / "pipe"


def long_name(here: Path) -> Path:
    return here / ("x" * 300)


PLACES = (unwritable, below_a_file, below_a_link_to_nowhere, folder, link_to_a_file, link_to_nowhere, pipe, long_name)


@pytest.mark.parametrize(
    ("name", "place"),
    # A pack is written into a folder.
    [(name, place) for name in COMMANDS for place in PLACES if (name, place) != ("new", folder)],
    ids=lambda of: of if isinstance(of, str) else of.__name__,
)
def test_a_place_that_takes_no_file_is_told_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: Callable[[Path], Path]
) -> None:
    monkeypatch.chdir(tmp_path)
    out = place(tmp_path)
    before = {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")}
    ended = CliRunner().invoke(main, [word.format(out) for word in COMMANDS[name]])
    assert ended.exit_code == 2, ended.output
    assert str(out)[:60] in ended.output
    assert isinstance(ended.exception, SystemExit)
    assert {path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path, command: tuple[str, ...]) -> None:
    words = [word.format("deep/down/out") for word in command]
    limited = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (100, 100))
    done = subprocess.run(
        [*PROGRAM, *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=limited,
    )
    assert done.returncode == 2, done.stderr
    assert "cannot be written: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_of_several_files_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("before")
    (tmp_path / "taken").mkdir()
    with pytest.raises(Diagnosed, match="taken' cannot be written: it is a folder"):
        write_files({tmp_path / "kept": "after", tmp_path / "new" / "file": "x", tmp_path / "taken": "y"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "taken"]
    assert (tmp_path / "kept").read_text() == "before"


def test_a_file_is_the_old_one_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt), staged(path) as file:
        file.write("half")
        raise KeyboardInterrupt
    assert [one.name for one in tmp_path.iterdir()] == ["out"]
    assert path.read_text() == "before"
    with staged(path) as file:
        file.write("after")
        assert path.read_text() == "before"
    assert path.read_text() == "after"


def test_a_device_is_written_to_as_it_is() -> None:
    done = subprocess.run(
        [*PROGRAM, "simulate", "--nodes", "1", "--out", "/dev/stdout"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.endswith("# EOF\n")
