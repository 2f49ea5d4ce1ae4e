"""The output folder where strangers write to: nothing outside is touched, and nothing of others inside."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.document import Document
from obsgen.emit.folder.manifest import MANIFEST, manifest_text
from obsgen.emit.folder.writing import write
from tests.hostile.interrupting import TOO_LONG, tree
from tests.hostile.repository import CANARY, hash_of, obsgen, put, refused, repository

ONE, TWO = Document("a/one.yaml", "one\n"), Document("two.yaml", "two\n")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return repository(tmp_path)


@pytest.mark.parametrize(
    "path",
    [
        "../outside.txt",
        "runbooks/../../outside.txt",
        "{root}/outside.txt",
        "/etc/passwd",
        "",
        ".",
        "..",
        "runbooks/",
        "runbooks//queue.md",
        "./Kustomization",
        "runbooks/./queue.md",
        "..\\outside.txt",
        "a\x00b",
        "a\x1b[31mb",
        "a\nb",
        "x" * 300,
        "y/" * 600 + "z",
        ".git/config",
        ".obsgen-manifest",
        "\u202egnp.yaml",
    ],
)
def test_a_path_that_no_build_wrote_is_refused_and_nothing_is_touched(out, path):
    path = path.replace("{root}", str(out.parent))
    files = {**json.loads((out / MANIFEST).read_text())["files"], path: hash_of(CANARY)}
    (out / MANIFEST).write_text(json.dumps({"files": files}))
    said = refused(out, "OBS606")
    assert all(character.isprintable() or character == "\n" for character in said)


def test_many_such_paths_do_not_fill_the_log(out):
    (out / MANIFEST).write_text(json.dumps({"files": {f"../{n}": "0" * 64 for n in range(5_000)}}))
    said = refused(out, "OBS606")
    assert "lists 4980 more such paths" in said
    assert len(said) < 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b'"files"',
        b"{}",
        b'{"files": []}',
        b'{"files": {"a": 5}}',
        b'{"files": {"a": null}}',
        b'{"files": {"a": ["0"]}}',
        b'{"files": {"a": "00"}}',
        b'{"files": {"a": "%s"}}' % (b"G" * 64),
        b'{"files": {"\\ud800": "%s"}}' % (b"0" * 64),
        b'{"files": {"a": %s}}' % (b"9" * 5_000),
        b'{"files": NaN}',
        b"[" * 200_000,
        b'{"files":' * 100_000,
        b"\xff\xfe\x00",
        b'{"files": {"\xff": "%s"}}' % (b"0" * 64),
        b" " * (11 * 2**20),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_a_list_that_is_damaged_is_refused(out, content):
    (out / MANIFEST).write_bytes(content)
    refused(out, "OBS601")


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO", "a socket"])
def test_a_list_that_is_no_regular_file_is_not_read(out, kind):
    (out / MANIFEST).unlink()
    put(out / MANIFEST, kind, out.parent / "outside.txt")
    assert f"is {kind}, not a regular file" in refused(out, "OBS601")


def test_a_list_too_large_for_any_output_is_not_read(out):
    with (out / MANIFEST).open("wb") as file:
        file.truncate(2**26 + 1)
    assert "is larger than 64 MiB" in refused(out, "OBS601")


def test_what_is_listed_is_removed_only_where_it_is_what_was_written(out):
    (out / "notes.txt").write_text(CANARY)
    files = {**json.loads((out / MANIFEST).read_text())["files"], "notes.txt": hash_of("something else\n")}
    (out / MANIFEST).write_text(manifest_text(files))
    assert "out/notes.txt' would be removed, but it was changed by hand" in refused(out, "OBS603")


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO", "a socket"])
def test_a_file_of_ours_that_became_something_else_is_left_alone(out, kind):
    (out / "Kustomization").unlink()
    put(out / "Kustomization", kind, out.parent / "outside.txt")
    assert f"Kustomization' is {kind}, not a regular file" in refused(out, "OBS605")


def test_a_link_to_the_very_content_is_a_link_still(out):
    shutil.copy(out / "Kustomization", out.parent / "same.yaml")
    (out / "Kustomization").unlink()
    (out / "Kustomization").symlink_to("../same.yaml")
    refused(out, "OBS605")


def test_nothing_is_written_or_removed_through_a_linked_folder(out):
    elsewhere = out.parent / "elsewhere"
    shutil.move(out / "runbooks", elsewhere)
    (out / "runbooks").symlink_to("../elsewhere")
    assert "runbooks' is a symbolic link, not a folder" in refused(out, "OBS605")


def test_nothing_is_removed_through_a_linked_folder_that_the_spec_no_longer_needs(tmp_path):
    folder = tmp_path / "out"
    write(folder, [ONE, TWO])
    shutil.move(folder / "a", tmp_path / "elsewhere")
    (folder / "a").symlink_to("../elsewhere")
    with pytest.raises(Diagnosed, match=r"OBS605: '.*/out/a' is a symbolic link, not a folder"):
        write(folder, [TWO])
    assert (tmp_path / "elsewhere/one.yaml").read_text() == "one\n"


def test_a_second_name_of_a_file_keeps_its_content(out):
    os.link(out / "Kustomization", out.parent / "second-name.yaml")
    content = (out / "Kustomization").read_bytes()
    (out / "Kustomization").unlink()
    os.link(out.parent / "outside.txt", out / "Kustomization")
    assert obsgen("build", out.parent / "base.yaml", "-o", out).exit_code == 0
    assert (out / "Kustomization").read_bytes() == content
    assert (out.parent / "outside.txt").read_text() == CANARY
    assert (out.parent / "second-name.yaml").read_bytes() == content


def test_all_of_it_is_said_at_once(tmp_path):
    (tmp_path / "a").write_text("mine")
    (tmp_path / "two.yaml").mkdir()
    with pytest.raises(Diagnosed) as refusal:
        write(tmp_path, [ONE, TWO], adopt=True)
    assert [one.code for one in refusal.value.diagnostics] == ["OBS605", "OBS605"]


def test_none_is_overwritten_and_all_are_named(out):
    shutil.rmtree(out / "runbooks")
    (out / "runbooks").mkdir()
    for path in ("runbooks/queue.md", "Kustomization"):
        (out / path).write_text("mine\n")
    (out / MANIFEST).write_text(manifest_text({}))
    said = refused(out, "OBS604", "--adopt")
    assert "out/Kustomization' was not written by obsgen" in said
    assert "out/runbooks/queue.md' was not written by obsgen" in said


def test_adopting_a_folder_overwrites_none_either(out):
    (out / MANIFEST).unlink()
    (out / "Kustomization").write_bytes(b"resources: [\xff]\n")
    refused(out, "OBS604", "--adopt")


def test_what_is_the_same_to_the_byte_is_taken_over(out):
    manifest = (out / MANIFEST).read_bytes()
    (out / MANIFEST).unlink()
    (out / "notes.txt").write_text("mine\n")
    assert obsgen("build", out.parent / "base.yaml", "-o", out).exit_code == 2
    assert obsgen("build", out.parent / "base.yaml", "-o", out, "--adopt").exit_code == 0
    assert (out / MANIFEST).read_bytes() == manifest
    assert (out / "notes.txt").read_text() == "mine\n"


def test_a_file_of_ours_that_was_changed_by_hand_is_made_anew(out):
    whole = tree(out)
    (out / "Kustomization").write_bytes(b"\xff by hand\r\n")
    assert "-\\xff by hand" in obsgen("diff", out.parent / "base.yaml", "-o", out).output
    assert obsgen("build", out.parent / "base.yaml", "-o", out).output.endswith("1 changed\n")
    assert tree(out) == whole


def test_it_may_be_a_link_that_the_caller_names(out):
    (out.parent / "link").symlink_to("out")
    done = obsgen("build", out.parent / "base.yaml", "-o", out.parent / "link")
    assert (done.exit_code, done.output) == (0, f"{out.parent}/link: up to date\n")


@pytest.mark.parametrize("link", ["link", "link/below"])
@pytest.mark.parametrize("target", ["../theirs", "../empty", "../nowhere", ".git"])
@pytest.mark.parametrize("command", ["build", "diff"])
def test_a_link_in_a_repository_does_not_lead_out_of_it(out, command, target, link):
    (out.parent / ".git").mkdir()
    (out.parent.parent / "empty").mkdir()
    # A repository too, and filled by obsgen.
    (out.parent.parent / "theirs" / ".git").mkdir(parents=True)
    shutil.copytree(out, out.parent.parent / "theirs" / "below")
    shutil.copytree(out, out.parent.parent / "theirs", dirs_exist_ok=True)
    (out.parent / "link").symlink_to(target)
    before = tree(out.parent.parent)
    done = obsgen(command, out.parent / "base.yaml", "-o", out.parent / link, "-t", "prometheus")
    assert (done.exit_code, done.output[:14]) == (2, "error OBS605: ")
    assert tree(out.parent.parent) == before


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda path: path.symlink_to("nowhere"), "File exists"),
        (lambda path: path.symlink_to(path.name), "File exists|Too many levels of symbolic links"),
        (lambda path: path.write_text("mine"), "is a file"),
        (os.mkfifo, "is a file|Not a directory|File exists"),
    ],
)
def test_what_is_no_folder_is_refused(out, make: Callable[[Path], object], fault: str):
    make(out.parent / "other")
    before = tree(out.parent)
    for command in ("build", "diff"):
        done = obsgen(command, out.parent / "base.yaml", "-o", out.parent / "other")
        assert done.exit_code == 2, done.output
        assert "Error: " in done.output or "error OBS607: " in done.output
    assert tree(out.parent) == before


@pytest.mark.parametrize("name", ["outside.txt/below", "x" * 300])
def test_a_name_that_the_system_does_not_take_is_refused(out, name):
    done = obsgen("build", out.parent / "base.yaml", "-o", out.parent / name)
    assert (done.exit_code, done.output[:14]) == (2, "error OBS607: ")


def test_what_may_only_be_read_can_be_compared_but_not_written(out):
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no file system of one's own may be mounted here")
    program = (
        'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 9\n'
        'for command in diff build; do "$2" -c "from obsgen.cli import main; main()" $command "$3" -o "$1"; done'
    )
    spec = out.parent / "other.yaml"
    spec.write_text("extends: [base.yaml]\nenvironment: {cluster: other}\n")
    arguments = [str(out), sys.executable, str(spec)]
    command = ["unshare", "-rm", "sh", "-c", program, "sh", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TOO_LONG, check=False)
    assert "+++ b/Kustomization" in done.stdout or "+++ b/" in done.stdout
    assert done.returncode == 2
    assert done.stderr.startswith(f"error OBS607: the output folder '{out}' cannot be used: Read-only file system")


def test_a_path_that_no_file_system_takes_is_a_message(tmp_path):
    for path in ("rules/" + "x" * 300, "../a", "a//b", "/a"):
        with pytest.raises(Diagnosed, match="OBS606: the spec asks for a file"):
            write(tmp_path / "out", [Document(path, "")])
    assert not (tmp_path / "out").exists()


UNHEARD = """\
extends: [base.yaml]
routing:
  teams: {platform: {P1: [pager, chat], default: chat}}
  routes:
    noise: {match: ['namespace=~"dev-.*"'], drop: nobody reads them}
  receivers:
    pager: {webhook: {url: "http://hooks.example.com/pager"}}
    chat: {webhook: {url: "http://hooks.example.com/chat"}}
"""


@pytest.mark.parametrize("command", ["build", "diff"])
def test_a_page_that_reaches_nobody_is_neither_written_nor_shown(out, command):
    (out.parent / "unheard.yaml").write_text(UNHEARD)
    before = tree(out.parent)
    done = obsgen(command, out.parent / "unheard.yaml", "-o", out)
    assert done.exit_code == 2
    assert "error OBS482: a page, " in done.output
    assert tree(out.parent) == before


@pytest.mark.parametrize("content", ["a\n" * 2**22, "a" * 2**24, "://" * 2**22], ids=["lines", "a line", "addresses"])
def test_of_a_file_that_nobody_would_read_only_its_size_is_shown(out, content):
    (out / "Kustomization").write_text(content)
    said = f"change Kustomization: {len(content)} characters stand there, too many to be shown\n"
    assert obsgen("diff", out.parent / "base.yaml", "-o", out).output == said


def test_of_many_files_the_first_are_shown_and_the_others_named(out, monkeypatch):
    monkeypatch.setattr("obsgen.limits.DIFFERENCES_BYTES", 3)
    second = "monitoring--ServiceMonitor--obsgen-base-queue.yaml"
    for name in ("Kustomization", second):
        (out / name).write_text("ab\n")
    shown = obsgen("diff", out.parent / "base.yaml", "-o", out).output
    assert "-ab\n" in shown
    assert shown.endswith(f"change {second}: 3 characters stand there, too many to be shown\n")
