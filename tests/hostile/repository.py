"""A repository that strangers write to: a spec, what was built of it, and a file that is none of obsgen's business."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from click.testing import CliRunner, Result

from obsgen.cli import main
from obsgen.document import Document
from obsgen.emit.folder.writing import write
from obsgen.pipeline import compile_stack, documents
from tests.diagnostics.case import BASE
from tests.hostile.interrupting import tree

CANARY = "what a stranger must not read or remove\n"


def repository(folder: Path) -> Path:
    """Lay it out; the output folder in it, with `outside.txt` beside it."""
    shutil.copytree(BASE, folder / "repository")
    (folder / "repository/outside.txt").write_text(CANARY)
    write(folder / "repository/out", _documents())
    return folder / "repository/out"


@cache
def _documents() -> tuple[Document, ...]:
    return documents(compile_stack(BASE / "base.yaml"))


def obsgen(*arguments: str | Path) -> Result:
    """One command; what it raises beyond an exit fails the test."""
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)


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


def hash_of(text: str) -> str:
    """How the list of files names it."""
    return sha256(text.encode()).hexdigest()
