"""Several processes and one output folder: one writes, the others wait, and nothing is left of it."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from obsgen.diagnostics import Diagnosed
from obsgen.document import Document
from obsgen.emit.folder.journal import BEGUN, STAGING, own_intent
from obsgen.emit.folder.manifest import MANIFEST
from obsgen.emit.folder.writing import changes, write
from tests.hostile.interrupting import TOO_LONG, tree

ONE, TWO = Document("a/one.yaml", "one\n"), Document("two.yaml", "two\n")


def holder(folder: Path) -> int:
    """A descriptor that holds the folder as a build does."""
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def test_who_waits_in_vain_is_told_who_holds_the_folder(tmp_path):
    write(tmp_path, [ONE])
    held = holder(tmp_path)
    (tmp_path / STAGING).mkdir()
    (tmp_path / BEGUN).write_text(own_intent({}, ()).text())
    said = rf"OBS608: '.*' is in use: process {os.getpid()} on '{os.uname().nodename}' has held it for 0.1 s"
    for command in (write, changes):
        with pytest.raises(Diagnosed, match=said):
            command(tmp_path, [TWO], patience=0.1)
    os.close(held)


def test_who_waits_long_enough_goes_on(tmp_path):
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


def test_who_dies_frees_it(tmp_path):
    program = "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX); os.abort()"
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False, capture_output=True)
    assert len(write(tmp_path, [ONE], patience=0)) == 1


def test_nothing_is_left_of_it(tmp_path):
    write(tmp_path, [ONE])
    assert sorted(tree(tmp_path)) == [MANIFEST, "a", "a/one.yaml"]


def test_readers_do_not_wait_for_each_other(tmp_path):
    write(tmp_path, [ONE])
    held = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)
    assert changes(tmp_path, [ONE], patience=0) == ()
    os.close(held)


def test_a_folder_that_was_replaced_while_it_was_waited_for_is_not_written(tmp_path):
    folder = tmp_path / "out"
    write(folder, [ONE])
    held = holder(folder)
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
