"""What goes wrong around obsgen ends in a sentence, and what goes wrong inside it in one line that can be reported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.ending import PROGRAM, ROOT

SMALL = ROOT / "tests" / "diagnostics" / "base" / "base.yaml"
# A command that fails inside, as one with a bug would: `packs` reads the catalogue first.
BROKEN = """
import sys
import obsgen.spec.shipped
def broken(name):
    {fault}
obsgen.spec.shipped.shipped = broken
from obsgen.cli import run
run()
"""
FAULTS = {
    "KeyError": "return {}['canary']",
    "RecursionError": "return broken(name)",
    "MemoryError": "raise MemoryError('canary')",
    "AssertionError": "assert False, 'canary'",
    "UnicodeDecodeError": "return bytes([200]).decode()",
    "FileNotFoundError": "return open('/nowhere/canary')",
}


def ended(*arguments: str | Path, program: tuple[str, ...] = PROGRAM, **streams: object) -> subprocess.CompletedProcess:
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.run([*program, *map(str, arguments)], cwd=ROOT, text=True, check=False, timeout=120, **streams)


@pytest.mark.parametrize(("name", "fault"), FAULTS.items())
def test_a_bug_is_one_line_without_what_the_error_says(name: str, fault: str) -> None:
    done = ended("packs", program=(sys.executable, "-c", BROKEN.format(fault=fault)))
    assert done.returncode == 3
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"obsgen packs: unexpected {name} at ")
    assert "This is a bug: please report this line" in line
    assert "`obsgen --debug packs`" in line
    assert "canary" not in line


def test_with_debug_the_traceback_comes_before_the_line() -> None:
    program = (sys.executable, "-c", BROKEN.format(fault="return {}['canary']"))
    done = ended("--debug", "packs", program=program)
    assert done.returncode == 3
    assert done.stderr.startswith("Traceback (most recent call last):\n")
    assert "KeyError: 'canary'\nobsgen packs: unexpected KeyError at " in done.stderr


SAYING = [["--help"], ["--version"], ["packs"], ["explain", "OBS450"], ["routes", "show", "team=platform", SMALL]]


@pytest.mark.parametrize("arguments", SAYING, ids=lambda words: str(words[0]))
def test_a_full_disk_below_standard_output_is_said(arguments: list[str | Path]) -> None:
    with Path("/dev/full").open("w") as full:
        done = ended(*arguments, stdout=full)
    assert (done.returncode, done.stderr) == (
        2,
        "obsgen: standard output or a temporary file cannot be written: No space left on device\n",
    )


@pytest.mark.parametrize("arguments", [["--help"], ["packs"], ["schema", "stack"], ["capacity", "--explain"]])
def test_an_output_that_nobody_reads_on_ends_quietly(arguments: list[str]) -> None:
    source, sink = os.pipe()
    os.close(source)
    done = ended(*arguments, stdout=sink)
    os.close(sink)
    assert (done.returncode, done.stderr) == (141, "")


def test_a_sign_that_cannot_be_shown_does_not_end_a_report(tmp_path: Path) -> None:
    shown = ended("packs", env={**os.environ, "PYTHONIOENCODING": "latin-1", "LC_ALL": "C"})
    assert (shown.returncode, shown.stderr) == (0, "")
    named = os.fsencode(tmp_path / "spec-") + b"\xff.yaml"
    Path(os.fsdecode(named)).write_text("x: 1\n")
    for form, stream in (("text", "stderr"), ("json", "stdout"), ("github", "stdout"), ("sarif", "stdout")):
        done = ended("validate", os.fsdecode(named), "--format", form)
        assert done.returncode == 2, done.stderr
        assert ("spec-%FF.yaml" if form == "sarif" else "spec-\\udcff.yaml") in getattr(done, stream)


def test_without_any_output_the_status_is_what_it_would_be() -> None:
    program = ("/bin/sh", "-c", 'exec "$@" >&- 2>&-', "sh", *PROGRAM)
    assert ended("packs", program=program).returncode == 0
    assert ended("validate", "nowhere.yaml", program=program).returncode == 2


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["no-such"], 2), (["validate", "--nothing"], 2), (["explain", "OBS999"], 2), (["--version"], 0), ([], 2)],
)
def test_what_click_refuses_keeps_its_status(arguments: list[str], status: int) -> None:
    done = ended(*arguments)
    assert done.returncode == status
    assert "Traceback" not in done.stderr
