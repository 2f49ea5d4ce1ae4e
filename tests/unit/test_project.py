"""What the repository promises beside its code: versions, pins, targets, the image, the direction of imports."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import obsgen
from obsgen.cli import main

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEPENDENCIES = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
# Spelled in parts: this file is searched too.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("proxy", "golang", "org"),
    )
]
INDEX_OPTIONS = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host"]


LOCKS = ["requirements.lock", "requirements-runtime.lock"]


def pins(lock: str = "requirements.lock") -> dict[str, str]:
    pinned = re.findall(r"^([\w.-]+)==(\S+)", (ROOT / lock).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pinned}


def dockerfile(instruction: str) -> list[str]:
    """The arguments of every such instruction, in their order."""
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return re.findall(rf"^{instruction} +(.+)$", text, flags=re.MULTILINE)


def project_files() -> list[Path]:
    """What is in git or about to be."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a git checkout")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_changelog_describes_this_version():
    versions = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert versions[0] == obsgen.__version__


def test_imports_run_one_way():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_names_a_package_registry():
    found = re.compile("|".join(map(re.escape, [*REGISTRIES, *INDEX_OPTIONS])).encode())
    assert [str(path) for path in project_files() if found.search(path.read_bytes())] == []


@pytest.mark.parametrize("dependency", DEPENDENCIES)
def test_the_lock_pins_a_version_that_the_project_allows(dependency):
    requirement = Requirement(dependency)
    assert pins()[canonicalize_name(requirement.name)] in requirement.specifier


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_with_hashes_and_nothing_else(lock):
    package = r"[\w.-]+==[\w.]+( \\\n    --hash=sha256:[0-9a-f]{64})+\n"
    assert re.fullmatch(rf"(#.*\n)+({package})+", (ROOT / lock).read_text())


def test_the_lock_for_running_is_a_part_of_the_whole_and_complete():
    running = pins("requirements-runtime.lock")
    assert running.items() <= pins().items()
    needed = {canonicalize_name(Requirement(one).name) for one in PROJECT["dependencies"]}
    for parsed in (Requirement(one) for name in running for one in requires(name) or []):
        if not parsed.marker or parsed.marker.evaluate({"extra": ""}):
            needed.add(canonicalize_name(parsed.name))
    assert needed == running.keys()


def installs() -> list[str]:
    """Every call of pip that installs, in the Makefile and in the image."""
    text = "\n".join((ROOT / name).read_text() for name in ("Makefile", "Dockerfile")).replace("\\\n", " ")
    return re.findall(r"(?:pip|PIP\)) (install [^&\n]*)", text)


def test_whatever_is_installed_has_a_hash_or_is_the_project_itself():
    own = ("--editable .", "dist/*.whl")
    assert len(installs()) == 5
    assert [call for call in installs() if "--require-hashes" not in call and not call.strip().endswith(own)] == []
    assert [call for call in installs() if "--no-deps" not in call] == []


def test_make_lists_every_target_that_a_person_runs():
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
    assert phony
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(["make"], cwd=ROOT, env=outside, capture_output=True, text=True, check=True).stdout
    listed = re.findall(r"^ +make ([\w-]+) +\S", shown, flags=re.MULTILINE)
    assert set(listed) == set(phony[1].split()) - {"tools", "generations", "e2e-tools"}


def test_ci_runs_what_a_person_runs():
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "make test"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("kind", ["stack", "pack", "tests"])
def test_the_published_schema_is_current(kind):
    printed = CliRunner().invoke(main, ["schema", kind])
    assert printed.exit_code == 0, printed.output
    assert (ROOT / "docs" / "schema" / f"{kind}.json").read_text() == printed.stdout, "run `make docs`"


def test_the_image_does_not_run_as_root():
    user = dockerfile("USER")[-1]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert dockerfile("ENTRYPOINT") == ['["obsgen"]']


def test_the_image_is_built_from_fixed_tags():
    bases = dict(argument.split("=") for argument in dockerfile("ARG"))
    assert {source.split()[0] for source in dockerfile("FROM")} == {f"${{{name}}}" for name in bases}
    tags = [base.partition(":")[2] for base in bases.values()]
    assert all(tag and "latest" not in tag for tag in tags)


def test_the_image_holds_both_checkers():
    copied = " ".join(argument for argument in dockerfile("COPY") if argument.startswith("--from=tools"))
    assert "/usr/bin/promtool" in copied
    assert "/usr/bin/amtool" in copied


def test_the_image_says_what_is_in_it():
    assert "sbom.cdx.json /usr/share/sbom/obsgen.cdx.json" in dockerfile("COPY")
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {f"!{name}" for name in (*LOCKS, "sbom.cdx.json")} <= set(ignored)


@pytest.mark.parametrize("hook", yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()), ids=lambda h: h["id"])
def test_a_hook_calls_a_command_with_options_that_exist(hook):
    program, name, *options = hook["entry"].split()
    command = main.get_command(None, name)
    known = {spelling for parameter in command.params for spelling in parameter.opts}
    assert (program, set(options) - known) == ("obsgen", set())
    assert hook["pass_filenames"] is False, f"'obsgen {name}' takes one spec, not the files that changed"
