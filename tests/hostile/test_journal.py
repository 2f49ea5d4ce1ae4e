"""What looks like an interrupted build: a stranger's journal can do no more than files beside it could."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from obsgen.emit.folder.journal import BEGUN, STAGED, STAGED_MANIFEST, STAGING, own_intent
from obsgen.emit.folder.manifest import manifest_text
from tests.hostile.interrupting import tree
from tests.hostile.repository import CANARY, hash_of, obsgen, put, refused, repository


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return repository(tmp_path)


def journal(folder: Path, before: dict[str, str | None], files: dict[str, str], texts: dict[str, str]) -> None:
    intent = own_intent(before, ())
    (folder / STAGING).mkdir()
    (folder / STAGED).write_text(intent.text())
    (folder / STAGED_MANIFEST).write_text(manifest_text(files))
    for path, text in texts.items():
        (folder / intent.staged()[path]).write_text(text)


def test_it_cannot_write_or_remove_outside(out):
    journal(out, {"../outside.txt": hash_of(CANARY)}, {}, {})
    refused(out, "OBS606")


def test_its_own_list_cannot_either(out):
    journal(out, {}, {"../outside.txt": hash_of(CANARY)}, {})
    refused(out, "OBS606")


@pytest.mark.parametrize("before", [None, hash_of("something else\n")])
@pytest.mark.parametrize("files", [{}, {"notes.txt": hash_of("evil\n")}])
def test_it_cannot_replace_or_remove_what_it_does_not_know(out, before, files):
    (out / "notes.txt").write_text(CANARY)
    journal(out, {"notes.txt": before}, files, dict.fromkeys(files, "evil\n"))
    assert "notes.txt' was changed meanwhile" in refused(out, "OBS609")


def test_it_cannot_reach_through_a_link(out):
    (out / "link").symlink_to("..")
    journal(out, {"link/outside.txt": hash_of(CANARY)}, {}, {})
    assert "link' is a symbolic link, not a folder" in refused(out, "OBS609")


def test_what_is_staged_must_be_what_the_list_says(out):
    journal(out, {"new.yaml": None}, {"new.yaml": hash_of("good\n")}, {"new.yaml": "evil\n"})
    assert "is not what was staged" in refused(out, "OBS609")


@pytest.mark.parametrize("name", ["evil.sh", "01.yaml", "manifest.json", "-1", "²"])
def test_a_file_of_another_name_in_it_is_not_removed(out, name):
    journal(out, {}, {}, {})
    (out / STAGING / name).write_text(CANARY)
    assert f"{name}' is not obsgen's" in refused(out, "OBS609")


@pytest.mark.parametrize("name", [b"\x1b[2J", b"\xff", b"a\nb"])
def test_a_name_that_is_not_fit_to_be_shown_is_shown_another_way(out, name):
    journal(out, {}, {}, {})
    Path(os.fsdecode(bytes(out / STAGING) + b"/" + name)).write_text(CANARY)
    said = refused(out, "OBS609")
    assert all(character.isprintable() or character == "\n" for character in said)
    assert "\\" in said


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO"])
@pytest.mark.parametrize("name", ["0", "staged", "manifest"])
def test_nothing_in_it_may_be_but_a_regular_file(out, kind, name):
    journal(out, {"new.yaml": None}, {"new.yaml": hash_of(CANARY)}, {"new.yaml": CANARY})
    (out / STAGING / name).unlink()
    put(out / STAGING / name, kind, out.parent / "outside.txt")
    refused(out, "OBS609")


@pytest.mark.parametrize("kind", ["a symbolic link", "a FIFO"])
def test_it_must_be_a_folder_itself(out, kind):
    put(out / STAGING, kind, out.parent)
    assert f"is {kind}, not a folder" in refused(out, "OBS609")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 100_000,
        "{}",
        '{"process": 1, "host": "h", "before": {"a": 1}, "folders": []}',
        '{"process": 1, "host": "h", "before": {}, "folders": [1]}',
        '{"process": 1, "host": "h", "before": [], "folders": []}',
    ],
    ids=lambda value: repr(value[:24]),
)
@pytest.mark.parametrize("name", [BEGUN, STAGED])
def test_a_damaged_one_is_refused(out, name, text):
    (out / STAGING).mkdir()
    (out / name).write_text(text)
    assert "is damaged" in refused(out, "OBS609")


def test_what_was_only_begun_is_taken_back_with_empty_folders_alone(out):
    before = tree(out)
    (out / STAGING).mkdir()
    (out / BEGUN).write_text(own_intent({"new/x.yaml": None}, ("new", "new/deep", "runbooks")).text())
    (out / STAGING / "0").write_text("half of i")
    (out / "new/deep").mkdir(parents=True)
    assert obsgen("diff", out.parent / "base.yaml", "-o", out).exit_code == 0
    assert tree(out) == before
