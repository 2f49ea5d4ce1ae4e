"""Paths that a spec, a pack or a caller names: only regular files below the root are read, and only ours shown."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from obsgen.cli import main
from tests.diagnostics.case import BASE
from tests.hostile.ended import CPU_SECONDS, MEGABYTES, Ended, ended

CANARY = "swordfish"
SPEC = (BASE / "base.yaml").read_text(encoding="utf-8")


def repository(folder: Path) -> Path:
    """A repository with a good spec in `specs`, a secret file of its own, and another secret outside of it."""
    root = folder / "repository"
    (root / ".git").mkdir(parents=True)
    (root / ".git" / "config").write_text(f"[http]\n  extraheader = {CANARY}\n")
    shutil.copytree(BASE / "packs", root / "packs")
    (root / "specs").mkdir()
    (root / "specs" / "base.yaml").write_text(SPEC.replace("packs: [packs]", "packs: [../packs]"))
    (root / ".env").write_text(f"PASSWORD={CANARY}\n")
    (root / "values.yaml").write_text(f"password: {CANARY}\n")
    (root / "secret.yaml").write_text(f"kind: Secret\nmetadata: {{name: s}}\nstringData: {{password: {CANARY}}}\n")
    (root / "broken.yaml").write_text(f"a: {CANARY}: b\n")
    (folder / "outside.yaml").write_text(f"metadata: {{name: {CANARY}}}\n")
    os.mkfifo(root / "pipe")
    (root / "large.yaml").write_bytes(b"#" * (11 * 2**20))
    for name, target in LINKS.items():
        (root / name).symlink_to(target)
    return root


LINKS = {
    "circle": "circle",
    "dangling": "nowhere",
    "out": "../outside.yaml",
    "device": "/dev/zero",
    "folder": "..",
    "environ": "/proc/self/environ",
    "forbidden": "/proc/1/root/etc",
    "renamed.yaml": ".env",
}
# What `extends` names, the finding that refuses it, and a part of its message.
EXTENDED = {
    "../../outside.yaml": ("OBS108", "is outside the root"),
    "/etc/passwd": ("OBS108", "is outside the root"),
    "/proc/self/environ": ("OBS108", "is outside the root"),
    "/dev/zero": ("OBS108", "is outside the root"),
    f"/{'n' * 5000}": ("OBS108", "is outside the root"),
    "../out": ("OBS108", "is a link that leads out of the root"),
    "../device": ("OBS108", "is a link that leads out of the root"),
    "../environ": ("OBS108", "is a link that leads out of the root"),
    "../folder/outside.yaml": ("OBS108", "is outside the root"),
    "../.git/config": ("OBS108", "lies in git's own folder"),
    '"a\\0b"': ("OBS108", "holds a NUL character"),
    # To some it is forbidden to look where this one leads.
    "../forbidden": ("OBS108", "'../forbidden' "),
    "../pipe": ("OBS109", "is a pipe"),
    "..": ("OBS109", "is a folder"),
    "../large.yaml": ("OBS109", "is larger than 10 MiB"),
    "../circle": ("OBS101", "cannot be read: Too many levels of symbolic links"),
    "../dangling": ("OBS101", "there is no file"),
    "n" * 5000: ("OBS101", "cannot be read: File name too long"),
    "../.env": ("OBS106", "does not look like a spec"),
    "../values.yaml": ("OBS106", "does not look like a spec"),
    "../secret.yaml": ("OBS106", "does not look like a spec"),
    "../renamed.yaml": ("OBS106", "does not look like a spec"),
    "../broken.yaml": ("OBS102", "this is not YAML"),
}


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Ended]:
    root = repository(tmp_path_factory.mktemp("extended"))
    for number, base in enumerate(EXTENDED):
        (root / "specs" / f"{number}.yaml").write_text(f"extends: [base.yaml, {base}]\n")
    commands = [["validate", f"specs/{number}.yaml"] for number in range(len(EXTENDED))]
    return dict(zip(EXTENDED, ended(root, commands), strict=False))


@pytest.mark.parametrize("base", EXTENDED)
def test_a_base_that_may_not_be_read_is_refused_by_its_name_alone(base: str, extended: Mapping[str, Ended]) -> None:
    done, (code, message) = extended[base], EXTENDED[base]
    assert done.code == 2, done.output
    assert f"error {code}: " in done.output
    assert message in done.output
    assert CANARY not in done.output
    assert len(done.output) < 2000
    assert done.seconds < CPU_SECONDS
    assert done.megabytes < MEGABYTES


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path)
    monkeypatch.chdir(root)
    return root


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    return done.exit_code, done.output


def test_files_of_the_same_repository_are_read_also_through_links(root: Path) -> None:
    (root / "linked.yaml").symlink_to("specs/base.yaml")
    (root / "specs" / "over.yaml").write_text("extends: [../linked.yaml]\npacks: [../packs]\n")
    assert said("build", "specs/over.yaml", "-o", "manifests")[0] == 0


def test_a_root_that_the_caller_gives_is_the_one_that_counts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "specs" / "over.yaml").write_text("extends: [base.yaml, ../../named.yaml]\n")
    (root.parent / "named.yaml").write_text("metadata: {name: named}\n")
    assert said("build", "specs/over.yaml", "-o", "manifests")[0] == 2
    assert said("build", "specs/over.yaml", "-o", "manifests", "--root", "..")[0] == 0
    monkeypatch.setenv("OBSGEN_ROOT", "..")
    assert said("build", "specs/over.yaml", "-o", "manifests")[0] == 0
    code, output = said("build", "specs/base.yaml", "-o", "manifests", "--root", "specs")
    assert code == 2
    assert "'../packs' is outside the root 'specs' of this spec" in output


def test_without_a_repository_the_root_is_the_specs_own_folder(root: Path) -> None:
    shutil.rmtree(root / ".git")
    code, output = said("build", "specs/base.yaml", "-o", "manifests")
    assert code == 2
    assert "'../packs' is outside the root 'specs' of this spec" in output


@pytest.mark.parametrize("folder", ["/etc", "../folder", "../../", "../.git", '"a\\0b"'])
def test_a_folder_of_packs_outside_the_root_is_refused_where_it_is_named(folder: str, root: Path) -> None:
    (root / "specs" / "own.yaml").write_text(SPEC.replace("[packs]", f"[{folder}]"))
    code, output = said("validate", "specs/own.yaml")
    assert code == 2
    assert "specs/own.yaml:4:9: error OBS108: " in output


@pytest.mark.parametrize("name", ["pack.yaml", "tests.yaml", "runbook.md"])
@pytest.mark.parametrize("target", ["/etc/passwd", "../../../.env", "../../../../outside.yaml", "/dev/zero"])
def test_a_file_of_a_pack_that_is_a_link_to_something_else_is_refused(name: str, target: str, root: Path) -> None:
    file = root / "packs" / "kubernetes" / "queue" / name
    file.unlink(missing_ok=True)
    file.symlink_to(target)
    code, output = said("validate", "specs/base.yaml")
    assert code == 2
    assert f"specs/base.yaml:10:3: error OBS108: 'packs/kubernetes/queue/{name}' is a link " in output
    assert CANARY not in output
    assert "root:" not in output


def test_a_pack_whose_folder_is_a_link_out_of_the_repository_is_refused(root: Path) -> None:
    shutil.move(root / "packs" / "kubernetes" / "queue", root.parent / "queue")
    (root / "packs" / "kubernetes" / "queue").symlink_to(root.parent / "queue")
    code, output = said("validate", "specs/base.yaml")
    assert code == 2
    assert "error OBS108: " in output


@pytest.mark.parametrize("target", ["/etc/passwd", ".env", ".git/config", "/proc/self/environ", "pipe", "broken.yaml"])
def test_a_spec_that_is_a_link_shows_nothing_of_a_file_that_is_no_spec(target: str, root: Path) -> None:
    (root / "obsgen.yaml").symlink_to(target)
    code, output = said("validate")
    assert code == 2
    assert CANARY not in output
    assert "root:" not in output
    assert "PATH=" not in output


@pytest.mark.parametrize("target", ["/proc/1/root", "kubernetes", "nowhere", "/dev/null"])
def test_a_folder_of_packs_that_leads_nowhere_holds_none(target: str, root: Path) -> None:
    shutil.rmtree(root / "packs" / "kubernetes")
    (root / "packs" / "kubernetes").symlink_to(target)
    code, output = said("validate", "specs/base.yaml")
    assert code == 2
    assert "queue" in output


@pytest.mark.parametrize("command", [["validate"], ["objectives", "import"], ["routes", "diff", "specs/base.yaml"]])
@pytest.mark.parametrize("given", ["pipe", "device", "socket", "large.yaml", "circle", "n" * 5000])
def test_a_file_that_the_caller_names_is_a_regular_one(command: list[str], given: str, root: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        code, output = said(*command, given)
    assert code == 2
    assert "error OBS10" in output
    assert len(output) < 1000


CREDENTIALS = ("--bearer-token-file", "--basic-auth-file", "--ca-file", "--cert-file")


@pytest.mark.parametrize("option", CREDENTIALS)
@pytest.mark.parametrize("given", ["pipe", "device", "large.yaml"])
def test_credentials_are_read_from_regular_files_before_anybody_is_asked(option: str, given: str, root: Path) -> None:
    code, output = said("capacity", "--url", "http://127.0.0.1:1", option, given)
    assert code == 2
    assert "it should hold " in output
    assert "cannot be reached" not in output
    assert len(output) < 1000


@pytest.mark.parametrize("command", ["validate", "build", "diff", "secrets", "test"])
def test_of_a_file_that_is_no_spec_nothing_is_shown(command: str, root: Path) -> None:
    code, output = said(command, ".env")
    assert code == 2
    assert "a spec is a mapping, and here is text" in output
    assert CANARY not in output


def test_of_objectives_in_no_known_format_nothing_is_shown(root: Path) -> None:
    for name in (".env", "values.yaml", "renamed.yaml"):
        code, output = said("objectives", "import", name)
        assert code == 2
        assert CANARY not in output


@pytest.mark.parametrize("encode", [lambda text: text.encode("utf-16"), lambda text: text.encode() + b"\xff\xfe"])
def test_text_in_another_encoding_is_refused(encode: Callable[[str], bytes], root: Path) -> None:
    (root / "specs" / "base.yaml").write_bytes(encode(SPEC))
    code, output = said("validate", "specs/base.yaml")
    assert code == 2
    assert "is not text in UTF-8" in output
