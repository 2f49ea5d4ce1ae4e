"""What a build left behind that was stopped in the middle: finished where all was staged, taken back where not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from obsgen.emit.folder.journal import BEGUN, STAGED, STAGED_MANIFEST, STAGING, Intent, read_intent, unfinishable
from obsgen.emit.folder.manifest import MANIFEST, hash_of, listed
from obsgen.emit.folder.opened import Obstructed, OutputFolder
from obsgen.emit.folder.paths import NAMED, shown

_OURS = re.compile(r"[0-9]+|begun|begun\.part|staged|manifest")


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to do once everything is staged: where each file goes to, and which go away."""

    moves: Mapping[str, str]
    removals: tuple[str, ...]


def interrupted(folder: OutputFolder) -> bool:
    """Whether a build left something behind."""
    return STAGING in folder.names()


def settle(folder: OutputFolder) -> None:
    """Finish or take back what a build left behind; `Diagnosed`, with nothing touched, where none of ours did."""
    if not interrupted(folder):
        return
    _refuse_strangers(folder)
    staged = read_intent(folder, STAGED)
    begun = read_intent(folder, BEGUN)
    if staged:
        files = listed(folder, STAGED_MANIFEST)
        if files is not None:
            left = _left(folder, staged, files)
            make_folders(folder, missing_folders(folder, left.moves.values()))
            finish(folder, left)
    elif begun:
        take_back(folder, begun)
    sweep(folder)


def finish(folder: OutputFolder, left: Left) -> None:
    """Move what is staged to its place, remove what is no longer wanted, and put the new list in place last."""
    for source, target in left.moves.items():
        folder.move(source, target)
    for path in left.removals:
        folder.remove(path)
        for parent in _parents(path):
            if not folder.remove_empty(parent):
                break
    folder.move(STAGED_MANIFEST, MANIFEST)


def missing_folders(folder: OutputFolder, paths: Iterable[str]) -> tuple[str, ...]:
    """The folders that the files need and that are not there, outer ones first."""
    needed = {parent for path in paths for parent in _parents(path)}
    return tuple(parent for parent in sorted(needed) if not folder.has_folder(parent))


def make_folders(folder: OutputFolder, paths: Iterable[str]) -> None:
    """Make the folders, in this order."""
    for path in paths:
        folder.make_folder(path)


def take_back(folder: OutputFolder, intent: Intent) -> None:
    """Remove the folders that a build made before it had put anything into them."""
    for path in sorted(intent.folders, reverse=True):
        folder.remove_empty(path)


def sweep(folder: OutputFolder) -> None:
    """Remove the staging folder, if it is there."""
    names = folder.names(STAGING) if interrupted(folder) else []
    for name in sorted(names, key=lambda name: not name.isdigit()):
        folder.remove(f"{STAGING}/{name}")
    folder.remove_empty(STAGING)


def _left(folder: OutputFolder, intent: Intent, files: Mapping[str, str]) -> Left:
    """What a build had not done yet; it is not done where something else has come to stand there since."""
    moves, removals, faults = {}, [], []
    for path, source in intent.staged().items():
        try:
            now = _hash(folder, path)
        except Obstructed as obstacle:
            faults.append(f"'{folder.named(obstacle.path)}' {obstacle.fault}")
            continue
        wanted = files.get(path)
        if now not in (wanted, intent.before[path], None):
            faults.append(f"'{folder.named(path)}' was changed meanwhile; move it away and build again")
        elif wanted is None:
            # Also where it is gone already: its folder may still be there.
            removals.append(path)
        elif now == wanted:
            continue
        elif _hash(folder, source) != wanted:
            faults.append(f"'{folder.named(source)}', which belongs at '{path}', is not what was staged")
        else:
            moves[source] = path
    if faults:
        raise unfinishable(folder, *faults)
    return Left(moves, tuple(removals))


def _hash(folder: OutputFolder, path: str) -> str | None:
    content = folder.read(path)
    return None if content is None else hash_of(content)


def _refuse_strangers(folder: OutputFolder) -> None:
    try:
        names = folder.names(STAGING)
    except Obstructed as obstacle:
        raise unfinishable(folder, f"'{folder.named(STAGING)}' {obstacle.fault}") from None
    strange = [name for name in names if not (_OURS.fullmatch(name) and folder.has_file(f"{STAGING}/{name}"))]
    if strange:
        named = [folder.named(f"{STAGING}/{shown(name)}") for name in strange[:NAMED]]
        raise unfinishable(folder, *(f"'{name}' is not obsgen's" for name in named))


def _parents(path: str) -> Iterator[str]:
    """The folders around a path, inner ones first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
