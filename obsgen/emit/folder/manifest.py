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

MANIFEST = ".obsgen-manifest.json"
_HASH = re.compile(r"[0-9a-f]{64}")


def hash_of(content: bytes) -> str:
    """How a file is recognised."""
    return sha256(content).hexdigest()


def manifest_text(files: Mapping[str, str]) -> str:
    """The list, for paths with their hashes."""
    return json_text({"generator": f"obsgen/{__version__}", "files": dict(sorted(files.items()))})


def listed(folder: OutputFolder, path: str = MANIFEST) -> dict[str, str] | None:
    """Our files with their hashes; None where there is no list. `Diagnosed` with what is wrong with it."""
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
