"""A folder of Prometheus' data from somewhere else: only its regular files are read, and so much of them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from obsgen.live import snapshot
from obsgen.live.offline import OfflineFailed

SPEC = Path(__file__).parents[2] / "config" / "starter.yaml"
LINKS = ("/dev/zero", "/etc/passwd", "nowhere", ".", "..", "/proc/self/environ")


def said(folder: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["coverage", str(SPEC), "--tsdb", str(folder)], catch_exceptions=False)
    return done.exit_code, done.output


@pytest.mark.parametrize("part", ["wal", "chunks_head", "01BLOCK", "01BLOCK/chunks"])
@pytest.mark.parametrize("target", LINKS)
def test_a_link_in_the_data_is_not_followed(target: str, part: str, tmp_path: Path) -> None:
    for name in ("wal", "chunks_head", "01BLOCK/chunks"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "01BLOCK" / "meta.json").write_text('{"maxTime": 1000}')
    (tmp_path / part / "x").symlink_to(target)
    code, output = said(tmp_path)
    assert code == 2
    assert "cannot be copied" in output or "is no folder of a Prometheus' data" in output


def test_a_pipe_in_the_data_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "wal").mkdir()
    os.mkfifo(tmp_path / "wal" / "x")
    code, output = said(tmp_path)
    assert code == 2
    assert "is a pipe" in output


def test_a_pipe_in_place_of_the_data_is_no_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "data")
    code, output = said(tmp_path / "data")
    assert code == 2
    assert "is no data of a Prometheus: it cannot be opened as a folder" in output


def test_folders_in_folders_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "wal" / "/".join("d" * 50)).mkdir(parents=True)
    code, output = said(tmp_path)
    assert code == 2
    assert "is no folder of a Prometheus' data" in output


@pytest.mark.parametrize(
    "meta",
    [
        '{"maxTime": 1' + "0" * 400 + "}",
        "[" * 200_000,
        '{"maxTime": 1e400}',
        '{"maxTime": "nan"}',
        '{"maxTime": true}',
        '{"maxTime": -1}',
        "[]",
        "",
    ],
    ids=["huge", "deep", "infinite", "text", "truth", "negative", "list", "empty"],
)
def test_a_block_that_does_not_say_when_it_ends_is_refused(meta: str, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text(meta)
    with pytest.raises(OfflineFailed, match="does not say when it ends"):
        snapshot._end(tmp_path)


def test_a_block_says_when_it_ends(tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text(json.dumps({"maxTime": 1_767_615_300_000}))
    assert snapshot._end(tmp_path) == 1_767_615_300
