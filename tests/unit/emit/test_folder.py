"""The output folder: only what changed is written, and only what is ours is removed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.document import Document
from obsgen.emit.folder.manifest import FORMER_MANIFEST, MANIFEST
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


def written_by_an_earlier_release(folder: Path, documents: list[Document]) -> None:
    write(folder, documents)
    (folder / MANIFEST).rename(folder / FORMER_MANIFEST)


def test_a_list_under_its_former_name_is_believed_and_replaced(tmp_path):
    written_by_an_earlier_release(tmp_path, [ONE, TWO])
    assert [(one.path, one.action) for one in changes(tmp_path, [TWO])] == [("a/one.yaml", "remove")]
    assert [(one.path, one.action) for one in write(tmp_path, [TWO])] == [("a/one.yaml", "remove")]
    assert sorted(tree(tmp_path)) == [MANIFEST, "two.yaml"]


def test_a_list_under_its_former_name_goes_where_nothing_else_changes(tmp_path):
    written_by_an_earlier_release(tmp_path, [ONE, TWO])
    assert write(tmp_path, [ONE, TWO]) == ()
    assert sorted(tree(tmp_path)) == [MANIFEST, "a/one.yaml", "two.yaml"]


def test_a_list_under_its_former_name_that_came_back_is_not_believed_and_goes(tmp_path):
    write(tmp_path, [TWO])
    (tmp_path / FORMER_MANIFEST).write_text('{"files": {"two.yaml": "' + "0" * 64 + '"}}')
    assert write(tmp_path, [TWO]) == ()
    assert sorted(tree(tmp_path)) == [MANIFEST, "two.yaml"]


def test_a_file_changed_by_hand_is_kept_also_where_the_list_has_its_former_name(tmp_path):
    written_by_an_earlier_release(tmp_path, [ONE, TWO])
    (tmp_path / "a/one.yaml").write_text("mine\n")
    with pytest.raises(Diagnosed, match="OBS603"):
        write(tmp_path, [TWO])


def test_our_former_kustomization_makes_way_and_another_does_not(tmp_path):
    write(tmp_path, [Document("kustomization.yaml", "resources: []\n")])
    write(tmp_path, [Document("Kustomization", "resources: []\n")])
    assert sorted(tree(tmp_path)) == [MANIFEST, "Kustomization"]
    (tmp_path / "kustomization.yml").write_text("resources: [mine.yaml]\n")
    with pytest.raises(Diagnosed, match=r"OBS604: '.*kustomization.yml' was not written by obsgen, and kustomize"):
        write(tmp_path, [Document("Kustomization", "resources: []\n")])
