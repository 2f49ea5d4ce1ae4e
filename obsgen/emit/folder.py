"""The output folder: what would change, then only that, file by file, and never a file that is not ours."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from obsgen import __version__
from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import Document, json_text
from obsgen.secrecy.compared import compared

MANIFEST = ".obsgen-manifest.json"
Action = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One file that differs from what the spec stands for."""

    path: str
    action: Action
    before: str
    after: str

    def unified(self) -> str:
        """The difference as `diff -u` prints it, without secrets."""
        old = f"a/{self.path}" if self.action != "add" else "/dev/null"
        new = f"b/{self.path}" if self.action != "remove" else "/dev/null"
        return compared(self.before, self.after, old, new)


def changes(folder: Path, documents: Sequence[Document]) -> tuple[Change, ...]:
    """What writing the documents would add, change and remove, in the order of the paths."""
    wanted = {document.path: document.text for document in documents}
    found = []
    for path, text in wanted.items():
        before = _content(folder / path)
        if before is None:
            found.append(Change(path, "add", "", text))
        elif before != text:
            found.append(Change(path, "change", before, text))
    for path in _listed(folder):
        before = _content(folder / path)
        if path not in wanted and before is not None:
            found.append(Change(path, "remove", before, ""))
    return tuple(sorted(found))


def write(folder: Path, documents: Sequence[Document], *, adopt: bool = False) -> tuple[Change, ...]:
    """Make the folder hold exactly these documents beside whatever is not ours; returns what changed.

    `Diagnosed` before anything is touched where the folder is somebody else's, or where a file that would
    have to go was changed by hand.
    """
    found = changes(folder, documents)
    _refuse_foreign(folder, adopt=adopt)
    _refuse_edited(folder, [change.path for change in found if change.action == "remove"])
    for change in found:
        if change.action == "remove":
            (folder / change.path).unlink()
            _remove_empty(folder, (folder / change.path).parent)
        else:
            _replace(folder / change.path, change.after)
    manifest = manifest_text(documents)
    if _content(folder / MANIFEST) != manifest:
        _replace(folder / MANIFEST, manifest)
    return found


def manifest_text(documents: Iterable[Document]) -> str:
    """The list of our files with their hashes."""
    files = {document.path: document.sha256 for document in sorted(documents)}
    return json_text({"generator": f"obsgen/{__version__}", "files": files})


def _content(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _listed(folder: Path) -> Mapping[str, str]:
    text = _content(folder / MANIFEST)
    if text is None:
        return {}
    try:
        files = json.loads(text)["files"]
        return {str(path): str(digest) for path, digest in files.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"'{folder / MANIFEST}' is damaged, so it is not known which files are obsgen's"
        hint = "restore it from version control, or build into an empty folder"
        raise Diagnosed([Diagnostic("OBS601", message, hint=hint)]) from None


def _refuse_foreign(folder: Path, *, adopt: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise Diagnosed([Diagnostic("OBS602", f"'{folder}' is a file, not a folder")])
    ours = (folder / MANIFEST).exists()
    if folder.is_dir() and not ours and any(folder.iterdir()) and not adopt:
        message = f"'{folder}' is not empty and was not written by obsgen"
        hint = "choose an empty folder, or pass --adopt to write beside what is there"
        raise Diagnosed([Diagnostic("OBS602", message, hint=hint)])


def _refuse_edited(folder: Path, removed: Sequence[str]) -> None:
    listed = _listed(folder)
    edited = [
        Diagnostic(
            "OBS603",
            f"'{folder / path}' would be removed, but it was changed by hand",
            hint="move your change into the spec and delete the file, then build again",
        )
        for path in removed
        if hashlib.sha256((folder / path).read_bytes()).hexdigest() != listed[path]
    ]
    if edited:
        raise Diagnosed(edited)


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _remove_empty(folder: Path, parent: Path) -> None:
    while parent != folder and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent
