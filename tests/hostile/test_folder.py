"""The output folder where strangers write to: nothing outside is touched, and nothing of others inside."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from obsgen.cli import main
from obsgen.diagnostics import Diagnosed
from obsgen.document import Document
from obsgen.emit.folder.journal import BEGUN, STAGED, STAGED_MANIFEST, STAGING, own_intent
from obsgen.emit.folder.manifest import MANIFEST, manifest_text
from obsgen.emit.folder.writing import changes, write
from tests.diagnostics.case import BASE
from tests.hostile.interrupting import TOO_LONG, tree

CANARY = "what a stranger must not read or remove\n"
ONE, TWO = Document("a/one.yaml", "one\n"), Document("two.yaml", "two\n")


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def obsgen(*arguments: str | Path) -> Result:
    """One command; what it raises beyond an exit fails the test."""
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("built")
    shutil.copytree(BASE, place / "repository")
    assert obsgen("build", place / "repository/base.yaml", "-o", place / "repository/out").exit_code == 0
    return place / "repository"


@pytest.fixture
def out(built_once: Path, tmp_path: Path) -> Path:
    """What a build wrote, in a repository beside a file that is none of its business."""
    shutil.copytree(built_once, tmp_path / "repository")
    (tmp_path / "repository/outside.txt").write_text(CANARY)
    return tmp_path / "repository/out"


def refused(out: Path, code: str, *arguments: str) -> str:
    """Build and diff both refuse, with this code, and touch nothing; what they say."""
    before = tree(out.parent)
    spec = out.parent / "base.yaml"
    done = [obsgen("build", spec, "-o", out, *arguments), obsgen("diff", spec, "-o", out)]
    for one in done:
        assert one.exit_code == 2, one.output
        assert f"error {code}: " in one.output, one.output
        assert CANARY.strip() not in one.output
    assert tree(out.parent) == before
    return done[0].output


class TestTheListOfFiles:
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
            "./kustomization.yaml",
            "runbooks/./queue.md",
            "..\\outside.txt",
            "a\x00b",
            "a\x1b[31mb",
            "a\nb",
            "x" * 300,
            "y/" * 600 + "z",
            ".git/config",
            ".obsgen-manifest.json",
            "\u202egnp.yaml",
        ],
    )
    def test_a_path_that_no_build_wrote_is_refused_and_nothing_is_touched(self, out, path):
        path = path.replace("{root}", str(out.parent))
        files = {**json.loads((out / MANIFEST).read_text())["files"], path: hash_of(CANARY)}
        (out / MANIFEST).write_text(json.dumps({"files": files}))
        said = refused(out, "OBS606")
        assert all(character.isprintable() or character == "\n" for character in said)

    def test_many_such_paths_do_not_fill_the_log(self, out):
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
    def test_a_list_that_is_damaged_is_refused(self, out, content):
        (out / MANIFEST).write_bytes(content)
        refused(out, "OBS601")

    @pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO", "a socket"])
    def test_a_list_that_is_no_regular_file_is_not_read(self, out, kind):
        (out / MANIFEST).unlink()
        put(out / MANIFEST, kind, out.parent / "outside.txt")
        assert f"is {kind}, not a regular file" in refused(out, "OBS601")

    def test_a_list_too_large_for_any_output_is_not_read(self, out):
        with (out / MANIFEST).open("wb") as file:
            file.truncate(2**26 + 1)
        assert "is larger than 64 MiB" in refused(out, "OBS601")

    def test_what_is_listed_is_removed_only_where_it_is_what_was_written(self, out):
        (out / "notes.txt").write_text(CANARY)
        files = {**json.loads((out / MANIFEST).read_text())["files"], "notes.txt": hash_of("something else\n")}
        (out / MANIFEST).write_text(manifest_text(files))
        assert "out/notes.txt' would be removed, but it was changed by hand" in refused(out, "OBS603")


def put(path: Path, kind: str, end: Path) -> None:
    """Put something that is no regular file there; a link leads to `end`."""
    match kind:
        case "a symbolic link":
            path.symlink_to(end)
        case "a folder":
            path.mkdir()
        case "a FIFO":
            os.mkfifo(path)
        case "a socket":
            program = "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])"
            subprocess.run([sys.executable, "-c", program, path.name], cwd=path.parent, check=True)


class TestWhatStandsInTheWay:
    @pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO", "a socket"])
    def test_a_file_of_ours_that_became_something_else_is_left_alone(self, out, kind):
        (out / "kustomization.yaml").unlink()
        put(out / "kustomization.yaml", kind, out.parent / "outside.txt")
        assert f"kustomization.yaml' is {kind}, not a regular file" in refused(out, "OBS605")

    def test_a_link_to_the_very_content_is_a_link_still(self, out):
        shutil.copy(out / "kustomization.yaml", out.parent / "same.yaml")
        (out / "kustomization.yaml").unlink()
        (out / "kustomization.yaml").symlink_to("../same.yaml")
        refused(out, "OBS605")

    def test_nothing_is_written_or_removed_through_a_linked_folder(self, out):
        elsewhere = out.parent / "elsewhere"
        shutil.move(out / "runbooks", elsewhere)
        (out / "runbooks").symlink_to("../elsewhere")
        assert "runbooks' is a symbolic link, not a folder" in refused(out, "OBS605")

    def test_nothing_is_removed_through_a_linked_folder_that_the_spec_no_longer_needs(self, tmp_path):
        folder = tmp_path / "out"
        write(folder, [ONE, TWO])
        shutil.move(folder / "a", tmp_path / "elsewhere")
        (folder / "a").symlink_to("../elsewhere")
        with pytest.raises(Diagnosed, match=r"OBS605: '.*/out/a' is a symbolic link, not a folder"):
            write(folder, [TWO])
        assert (tmp_path / "elsewhere/one.yaml").read_text() == "one\n"

    def test_a_second_name_of_a_file_keeps_its_content(self, out):
        os.link(out / "kustomization.yaml", out.parent / "second-name.yaml")
        content = (out / "kustomization.yaml").read_bytes()
        (out / "kustomization.yaml").unlink()
        os.link(out.parent / "outside.txt", out / "kustomization.yaml")
        assert obsgen("build", out.parent / "base.yaml", "-o", out).exit_code == 0
        assert (out / "kustomization.yaml").read_bytes() == content
        assert (out.parent / "outside.txt").read_text() == CANARY
        assert (out.parent / "second-name.yaml").read_bytes() == content

    def test_all_of_it_is_said_at_once(self, tmp_path):
        (tmp_path / "a").write_text("mine")
        (tmp_path / "two.yaml").mkdir()
        with pytest.raises(Diagnosed) as refusal:
            write(tmp_path, [ONE, TWO], adopt=True)
        assert [one.code for one in refusal.value.diagnostics] == ["OBS605", "OBS605"]


class TestFilesOfOthers:
    def test_none_is_overwritten_and_all_are_named(self, out):
        shutil.rmtree(out / "runbooks")
        (out / "runbooks").mkdir()
        for path in ("runbooks/queue.md", "kustomization.yaml"):
            (out / path).write_text("mine\n")
        (out / MANIFEST).write_text(manifest_text({}))
        said = refused(out, "OBS604", "--adopt")
        assert "out/kustomization.yaml' was not written by obsgen" in said
        assert "out/runbooks/queue.md' was not written by obsgen" in said

    def test_adopting_a_folder_overwrites_none_either(self, out):
        (out / MANIFEST).unlink()
        (out / "kustomization.yaml").write_bytes(b"resources: [\xff]\n")
        refused(out, "OBS604", "--adopt")

    def test_what_is_the_same_to_the_byte_is_taken_over(self, out):
        manifest = (out / MANIFEST).read_bytes()
        (out / MANIFEST).unlink()
        (out / "notes.txt").write_text("mine\n")
        assert obsgen("build", out.parent / "base.yaml", "-o", out).exit_code == 2
        assert obsgen("build", out.parent / "base.yaml", "-o", out, "--adopt").exit_code == 0
        assert (out / MANIFEST).read_bytes() == manifest
        assert (out / "notes.txt").read_text() == "mine\n"

    def test_a_file_of_ours_that_was_changed_by_hand_is_made_anew(self, out):
        whole = tree(out)
        (out / "kustomization.yaml").write_bytes(b"\xff by hand\r\n")
        assert "-\\xff by hand" in obsgen("diff", out.parent / "base.yaml", "-o", out).output
        assert obsgen("build", out.parent / "base.yaml", "-o", out).output.endswith("1 changed\n")
        assert tree(out) == whole


class TestTheFolderItself:
    def test_it_may_be_a_link_that_the_caller_names(self, out):
        (out.parent / "link").symlink_to("out")
        done = obsgen("build", out.parent / "base.yaml", "-o", out.parent / "link")
        assert (done.exit_code, done.output) == (0, f"{out.parent}/link: up to date\n")

    @pytest.mark.parametrize(
        ("make", "fault"),
        [
            (lambda path: path.symlink_to("nowhere"), "File exists"),
            (lambda path: path.symlink_to(path.name), "File exists|Too many levels of symbolic links"),
            (lambda path: path.write_text("mine"), "is a file"),
            (os.mkfifo, "is a file|Not a directory|File exists"),
        ],
    )
    def test_what_is_no_folder_is_refused(self, out, make: Callable[[Path], object], fault: str):
        make(out.parent / "other")
        before = tree(out.parent)
        for command in ("build", "diff"):
            done = obsgen(command, out.parent / "base.yaml", "-o", out.parent / "other")
            assert done.exit_code == 2, done.output
            assert "Error: " in done.output or "error OBS607: " in done.output
        assert tree(out.parent) == before

    @pytest.mark.parametrize("name", ["outside.txt/below", "x" * 300])
    def test_a_name_that_the_system_does_not_take_is_refused(self, out, name):
        done = obsgen("build", out.parent / "base.yaml", "-o", out.parent / name)
        assert (done.exit_code, done.output[:14]) == (2, "error OBS607: ")

    def test_what_may_only_be_read_can_be_compared_but_not_written(self, out):
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
        assert "+++ b/kustomization.yaml" in done.stdout or "+++ b/" in done.stdout
        assert done.returncode == 2
        assert done.stderr.startswith(f"error OBS607: the output folder '{out}' cannot be used: Read-only file system")


class TestNamesInASpec:
    def test_a_path_that_no_file_system_takes_is_a_message(self, tmp_path):
        for path in ("rules/" + "x" * 300, "../a", "a//b", "/a"):
            with pytest.raises(Diagnosed, match="OBS606: the spec asks for a file"):
                write(tmp_path / "out", [Document(path, "")])
        assert not (tmp_path / "out").exists()


class TestWhatLooksLikeAnInterruptedBuild:
    """A stranger can put a journal into the repository; it can do no more than the files beside it could."""

    def journal(
        self, folder: Path, before: dict[str, str | None], files: dict[str, str], texts: dict[str, str]
    ) -> None:
        intent = own_intent(before, ())
        (folder / STAGING).mkdir()
        (folder / STAGED).write_text(intent.text())
        (folder / STAGED_MANIFEST).write_text(manifest_text(files))
        for path, text in texts.items():
            (folder / intent.staged()[path]).write_text(text)

    def test_it_cannot_write_or_remove_outside(self, out):
        self.journal(out, {"../outside.txt": hash_of(CANARY)}, {}, {})
        refused(out, "OBS606")

    def test_its_own_list_cannot_either(self, out):
        self.journal(out, {}, {"../outside.txt": hash_of(CANARY)}, {})
        refused(out, "OBS606")

    @pytest.mark.parametrize("before", [None, hash_of("something else\n")])
    @pytest.mark.parametrize("files", [{}, {"notes.txt": hash_of("evil\n")}])
    def test_it_cannot_replace_or_remove_what_it_does_not_know(self, out, before, files):
        (out / "notes.txt").write_text(CANARY)
        self.journal(out, {"notes.txt": before}, files, dict.fromkeys(files, "evil\n"))
        assert "notes.txt' was changed meanwhile" in refused(out, "OBS609")

    def test_it_cannot_reach_through_a_link(self, out):
        (out / "link").symlink_to("..")
        self.journal(out, {"link/outside.txt": hash_of(CANARY)}, {}, {})
        assert "link' is a symbolic link, not a folder" in refused(out, "OBS609")

    def test_what_is_staged_must_be_what_the_list_says(self, out):
        self.journal(out, {"new.yaml": None}, {"new.yaml": hash_of("good\n")}, {"new.yaml": "evil\n"})
        assert "is not what was staged" in refused(out, "OBS609")

    @pytest.mark.parametrize("name", ["evil.sh", "01.yaml", "manifest.json", "-1", "²"])
    def test_a_file_of_another_name_in_it_is_not_removed(self, out, name):
        self.journal(out, {}, {}, {})
        (out / STAGING / name).write_text(CANARY)
        assert f"{name}' is not obsgen's" in refused(out, "OBS609")

    @pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO"])
    @pytest.mark.parametrize("name", ["0", "staged", "manifest"])
    def test_nothing_in_it_may_be_but_a_regular_file(self, out, kind, name):
        self.journal(out, {"new.yaml": None}, {"new.yaml": hash_of(CANARY)}, {"new.yaml": CANARY})
        (out / STAGING / name).unlink()
        put(out / STAGING / name, kind, out.parent / "outside.txt")
        refused(out, "OBS609")

    @pytest.mark.parametrize("kind", ["a symbolic link", "a FIFO"])
    def test_it_must_be_a_folder_itself(self, out, kind):
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
    def test_a_damaged_one_is_refused(self, out, name, text):
        (out / STAGING).mkdir()
        (out / name).write_text(text)
        assert "is damaged" in refused(out, "OBS609")

    def test_what_was_only_begun_is_taken_back_with_empty_folders_alone(self, out):
        before = tree(out)
        (out / STAGING).mkdir()
        (out / BEGUN).write_text(own_intent({"new/x.yaml": None}, ("new", "new/deep", "runbooks")).text())
        (out / STAGING / "0").write_text("half of i")
        (out / "new/deep").mkdir(parents=True)
        assert obsgen("diff", out.parent / "base.yaml", "-o", out).exit_code == 0
        assert tree(out) == before


class TestSeveralAtOnce:
    def holder(self, folder: Path) -> int:
        """A descriptor that holds the folder as a build does."""
        held = os.open(folder, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        return held

    def test_who_waits_in_vain_is_told_who_holds_the_folder(self, tmp_path):
        write(tmp_path, [ONE])
        held = self.holder(tmp_path)
        (tmp_path / STAGING).mkdir()
        (tmp_path / BEGUN).write_text(own_intent({}, ()).text())
        said = rf"OBS608: '.*' is in use: process {os.getpid()} on '{os.uname().nodename}' has held it for 0.1 s"
        for command in (write, changes):
            with pytest.raises(Diagnosed, match=said):
                command(tmp_path, [TWO], patience=0.1)
        os.close(held)

    def test_who_waits_long_enough_goes_on(self, tmp_path):
        write(tmp_path, [ONE])
        program = (
            "import fcntl, os, sys, time\n"
            "fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)\n"
            "print(flush=True); time.sleep(0.5)"
        )
        with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE) as other:
            assert other.stdout
            other.stdout.readline()
            assert [one.action for one in write(tmp_path, [TWO])] == ["remove", "add"]
        assert other.returncode == 0

    def test_who_dies_frees_it(self, tmp_path):
        program = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX); os.abort()"
        subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, capture_output=True)
        assert len(write(tmp_path, [ONE], patience=0)) == 1

    def test_nothing_is_left_of_it(self, tmp_path):
        write(tmp_path, [ONE])
        assert sorted(tree(tmp_path)) == [MANIFEST, "a", "a/one.yaml"]

    def test_readers_do_not_wait_for_each_other(self, tmp_path):
        write(tmp_path, [ONE])
        held = os.open(tmp_path, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_SH)
        assert changes(tmp_path, [ONE], patience=0) == ()
        os.close(held)

    def test_a_folder_that_was_replaced_while_it_was_waited_for_is_not_written(self, tmp_path):
        folder = tmp_path / "out"
        write(folder, [ONE])
        held = self.holder(folder)
        program = (
            "import sys\n"
            "from pathlib import Path\n"
            "from obsgen.document import Document\n"
            "from obsgen.emit.folder.writing import write\n"
            "print(flush=True)\n"
            "write(Path(sys.argv[1]), [Document('x', '')])\n"
        )
        waiting = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert waiting.stdout
        waiting.stdout.readline()
        time.sleep(0.5)
        folder.rename(tmp_path / "gone")
        folder.mkdir()
        os.close(held)
        _, said = waiting.communicate(timeout=TOO_LONG)
        assert "OBS608" in said
        assert "replaced by another folder" in said
        assert tree(folder) == {}


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
