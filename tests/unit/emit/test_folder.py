"""The output folder: only what changed is written, and only what is ours is removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.document import Document
from obsgen.emit.folder.manifest import MANIFEST
from obsgen.emit.folder.writing import changes, write

ONE, TWO = Document("a/one.yaml", "one\n"), Document("two.yaml", "two\n")


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_written_and_listed_with_its_hash(tmp_path):
    write(tmp_path, [ONE, TWO])
    found = tree(tmp_path)
    assert found["a/one.yaml"] == "one\n"
    listed = json.loads(found[MANIFEST])["files"]
    assert listed == {"a/one.yaml": ONE.sha256, "two.yaml": TWO.sha256}


def test_a_second_build_of_the_same_changes_nothing(tmp_path):
    write(tmp_path, [ONE, TWO])
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert write(tmp_path, [ONE, TWO]) == ()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_what_is_no_longer_needed_goes_with_its_empty_folder(tmp_path):
    write(tmp_path, [ONE, TWO])
    assert [one.action for one in write(tmp_path, [TWO])] == ["remove"]
    assert sorted(tree(tmp_path)) == [MANIFEST, "two.yaml"]
    assert not (tmp_path / "a").exists()


def test_a_file_changed_by_hand_is_not_removed_and_nothing_else_happens(tmp_path):
    write(tmp_path, [ONE, TWO])
    (tmp_path / "a/one.yaml").write_text("mine\n")
    before = tree(tmp_path)
    with pytest.raises(Diagnosed, match=r"OBS603: '.*one.yaml' would be removed, but it was changed by hand"):
        write(tmp_path, [Document("two.yaml", "new\n")])
    assert tree(tmp_path) == before


def test_a_foreign_folder_is_refused_unless_adopted(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(Diagnosed, match="OBS602"):
        write(tmp_path, [ONE])
    write(tmp_path, [ONE], adopt=True)
    assert tree(tmp_path)["notes.txt"] == "mine"


def test_a_file_that_is_not_ours_is_never_removed(tmp_path):
    write(tmp_path, [ONE])
    (tmp_path / "a/notes.txt").write_text("mine")
    write(tmp_path, [TWO])
    assert (tmp_path / "a/notes.txt").read_text() == "mine"


def test_changes_are_shown_before_they_are_made(tmp_path):
    write(tmp_path, [ONE])
    found = changes(tmp_path, [Document("a/one.yaml", "1\n"), TWO])
    assert [(one.path, one.action) for one in found] == [("a/one.yaml", "change"), ("two.yaml", "add")]
    assert "-one\n+1\n" in found[0].unified()
    assert "--- /dev/null\n+++ b/two.yaml" in found[1].unified()
