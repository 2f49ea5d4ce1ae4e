"""The list of our files with their hashes: it says what may be changed and removed, so nothing in it is believed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Any

from pydantic_core import from_json

from obsgen import __version__
from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import json_text
from obsgen.emit.folder.opened import Obstructed, OutputFolder
from obsgen.emit.folder.paths import NAMED, path_fault, shown

# Without an ending: `kubectl apply -f FOLDER` takes every .json, .yaml and .yml of the folder for an object.
MANIFEST = ".obsgen-manifest"
# What earlier releases called it; read where there is no other, and replaced by the next build.
FORMER_MANIFEST = ".obsgen-manifest.json"
_HASH = re.compile(r"[0-9a-f]{64}")


def hash_of(content: bytes) -> str:
    """How a file is recognised."""
    return sha256(content).hexdigest()


def manifest_text(files: Mapping[str, str]) -> str:
    """The list, for paths with their hashes, and the one place in the folder that names the version."""
    return json_text({"generator": f"obsgen/{__version__}", "files": dict(sorted(files.items()))})


def ours(folder: OutputFolder) -> dict[str, str] | None:
    """Our files in the folder with their hashes; None where it has no list. `Diagnosed` where that is damaged."""
    found = listed(folder, MANIFEST)
    return listed(folder, FORMER_MANIFEST) if found is None else found


def has_list(folder: OutputFolder) -> bool:
    """Whether the folder says which files are ours."""
    return not {MANIFEST, FORMER_MANIFEST}.isdisjoint(folder.names())


def retire_former(folder: OutputFolder) -> None:
    """Take the list away that a new one stands for."""
    if {MANIFEST, FORMER_MANIFEST} <= set(folder.names()) and folder.has_file(FORMER_MANIFEST):
        folder.remove(FORMER_MANIFEST)


def listed(folder: OutputFolder, path: str) -> dict[str, str] | None:
    """The files that the list at `path` names; None where there is none. `Diagnosed` with what is wrong with it."""
    try:
        content = folder.read(path)
    except Obstructed as obstacle:
        raise _damaged(folder.named(path), obstacle.fault) from None
    if content is None:
        return None
    files = json_object(content).get("files")
    if not isinstance(files, dict) or not all(map(is_hash, files.values())):
        raise _damaged(folder.named(path), "is damaged")
    refuse_unsafe(folder.named(path), files)
    return files


def json_object(content: bytes) -> dict[str, Any]:
    """The object that is written there; an empty one where it is none."""
    try:
        body = from_json(content, allow_inf_nan=False)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def is_hash(value: object) -> bool:
    """Whether a value that was read is a hash as we write them."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def refuse_unsafe(name: str, paths: Collection[str]) -> None:
    """`Diagnosed` where a list, called `name`, has paths that no build of ours has written."""
    faults = [(path, fault) for path in paths if (fault := path_fault(path))]
    if not faults:
        return
    hint = "nothing was touched; see who wrote that, and restore it from version control"
    said = [f"'{name}' lists '{shown(path)}', which {fault}" for path, fault in faults[:NAMED]]
    if len(faults) > NAMED:
        said.append(f"'{name}' lists {len(faults) - NAMED} more such paths")
    raise Diagnosed(Diagnostic("OBS606", message, hint=hint) for message in said)


def _damaged(name: str, fault: str) -> Diagnosed:
    hint = "restore it from version control, or build into an empty folder"
    return Diagnosed(
        [Diagnostic("OBS601", f"'{name}' {fault}, so it is not known which files are obsgen's", hint=hint)]
    )
