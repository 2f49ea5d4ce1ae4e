"""Writing the output folder: all of it or nothing, and comparing with it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import Document
from obsgen.emit.folder.changes import Change, Plan, additions, planned, refuse_unsafe_names
from obsgen.emit.folder.interrupted import (
    Left,
    finish,
    interrupted,
    make_folders,
    missing_folders,
    settle,
    sweep,
    take_back,
)
from obsgen.emit.folder.journal import BEGUN, STAGED, STAGED_MANIFEST, STAGING, Intent, own_intent
from obsgen.emit.folder.lock import PATIENCE, lock
from obsgen.emit.folder.manifest import MANIFEST, has_list, retire_former
from obsgen.emit.folder.opened import OutputFolder
from obsgen.emit.folder.repository import refuse_leading_out


def changes(path: Path, documents: Sequence[Document], *, patience: float = PATIENCE) -> tuple[Change, ...]:
    """What writing the documents would add, change and remove, in the order of the paths.

    `Diagnosed` where they could not be written. What an interrupted build left behind is settled first.
    """
    refuse_unsafe_names(documents)
    with _opened(path) as folder:
        if folder is None:
            return additions(documents)
        lock(folder, patience, shared=True)
        if interrupted(folder):
            lock(folder, patience)
            _settle(folder)
        return _allowed(planned(folder, documents)).changes


def write(
    path: Path, documents: Sequence[Document], *, adopt: bool = False, patience: float = PATIENCE
) -> tuple[Change, ...]:
    """Make the folder hold exactly these documents beside whatever is not ours; returns what changed.

    `Diagnosed` before anything is touched where the folder is somebody else's or in use, where a file that is not
    ours or a link is in the way, or where a file that would have to go was changed by hand.
    """
    refuse_unsafe_names(documents)
    with _opened(path, make=True) as folder:
        assert folder
        lock(folder, patience)
        _settle(folder)
        if not adopt:
            _refuse_foreign(folder)
        plan = _allowed(planned(folder, documents))
        if plan.changes or folder.read(MANIFEST) != plan.manifest.encode():
            _carry_out(folder, plan)
        retire_former(folder)
    return plan.changes


def _settle(folder: OutputFolder) -> None:
    with _faults_said(folder.path, "a build was interrupted there; the next one finishes it when that is mended"):
        settle(folder)


def _refuse_foreign(folder: OutputFolder) -> None:
    if folder.names() and not has_list(folder):
        message = f"'{folder.path}' is not empty and was not written by obsgen"
        hint = "choose an empty folder, or pass --adopt to write beside what is there"
        raise Diagnosed([Diagnostic("OBS602", message, hint=hint)])


def _allowed(plan: Plan) -> Plan:
    if plan.refusals:
        raise Diagnosed(plan.refusals)
    return plan


def _carry_out(folder: OutputFolder, plan: Plan) -> None:
    """Stage everything, then move it: what fails before the last file is staged leaves the folder as it was."""
    contents = {change.path: change.after for change in plan.changes if change.action != "remove"}
    intent = own_intent(plan.before, missing_folders(folder, contents))
    staged = intent.staged()
    try:
        _stage(folder, intent, {staged[path]: text for path, text in contents.items()}, plan.manifest)
    except BaseException:
        take_back(folder, intent)
        sweep(folder)
        raise
    with _faults_said(folder.path, "when that is mended, build again: it finishes what was begun"):
        moves = {staged[path]: path for path in contents}
        finish(folder, Left(moves, tuple(path for path in plan.before if path not in contents)))
        sweep(folder)


def _stage(folder: OutputFolder, intent: Intent, texts: Mapping[str, str], manifest: str) -> None:
    folder.make_folder(STAGING)
    # Whole or not there at all, as everything that is read again.
    folder.create(f"{BEGUN}.part", intent.text().encode())
    folder.move(f"{BEGUN}.part", BEGUN)
    make_folders(folder, intent.folders)
    for path, text in texts.items():
        folder.create(path, text.encode())
    folder.create(STAGED_MANIFEST, manifest.encode())
    folder.move(BEGUN, STAGED)


@contextmanager
def _opened(path: Path, *, make: bool = False) -> Iterator[OutputFolder | None]:
    """The folder, made where that is asked for; None where there is none. A link to it is followed here, and once."""
    with _faults_said(path, "nothing was changed; mend it, or choose another folder"):
        refuse_leading_out(path)
        if make:
            path.mkdir(parents=True, exist_ok=True)
        elif not os.path.lexists(path):
            yield None
            return
        folder = OutputFolder(path, os.open(path, os.O_RDONLY | os.O_DIRECTORY))
        try:
            yield folder
        finally:
            folder.close()


@contextmanager
def _faults_said(path: Path, hint: str) -> Iterator[None]:
    """What the system refuses, as a diagnostic."""
    try:
        yield
    except OSError as fault:
        message = f"the output folder '{path}' cannot be used: {fault.strerror}"
        raise Diagnosed([Diagnostic("OBS607", message, hint=hint)]) from fault
