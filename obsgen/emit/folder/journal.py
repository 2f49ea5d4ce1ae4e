"""What a build is about to do, written down before it does it, so that the next one can finish it or take it back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import json_text
from obsgen.emit.folder.manifest import is_hash, json_object, refuse_unsafe
from obsgen.emit.folder.opened import Obstructed, OutputFolder
from obsgen.emit.folder.paths import shown

STAGING = ".obsgen-build"
# The intent is called so while files are staged and is then renamed: from that moment on the build is finished, and no
# more taken back. Without endings, so that nobody who applies whole folders takes them for manifests.
BEGUN = f"{STAGING}/begun"
STAGED = f"{STAGING}/staged"
STAGED_MANIFEST = f"{STAGING}/manifest"
_HOST_NAME = 253


@dataclass(frozen=True, slots=True)
class Intent:
    """What one build changes: the hash of what stood at each path, None for nothing, and the folders that it makes."""

    process: int
    host: str
    before: Mapping[str, str | None]
    folders: tuple[str, ...]

    def staged(self) -> dict[str, str]:
        """Where each path's new content waits, by number: a name that is long enough for the folder always fits."""
        return {path: f"{STAGING}/{number}" for number, path in enumerate(sorted(self.before))}

    def text(self) -> str:
        """The intent as it is written down."""
        return json_text(asdict(self))


def own_intent(before: Mapping[str, str | None], folders: tuple[str, ...]) -> Intent:
    """What this process is about to do."""
    return Intent(os.getpid(), os.uname().nodename, before, folders)


def read_intent(folder: OutputFolder, path: str) -> Intent | None:
    """The intent that was written there; None where none was. `Diagnosed` where no build of ours wrote it."""
    try:
        content = folder.read(path)
    except Obstructed as obstacle:
        raise unfinishable(folder, f"'{folder.named(path)}' {obstacle.fault}") from None
    if content is None:
        return None
    intent = _intent(json_object(content))
    if intent is None:
        raise unfinishable(folder, f"'{folder.named(path)}' is damaged")
    refuse_unsafe(folder.named(path), {*intent.before, *intent.folders})
    return intent


def unfinishable(folder: OutputFolder, *faults: str) -> Diagnosed:
    """The refusal to go on with what a build left behind, for all the reasons."""
    hint = f"nothing was touched; delete '{folder.named(STAGING)}' where no build of yours left it"
    return Diagnosed(
        Diagnostic("OBS609", f"an interrupted build cannot be finished: {fault}", hint=hint) for fault in faults
    )


def _intent(body: Mapping[str, object]) -> Intent | None:
    match body:
        case {"process": int(process), "host": str(host), "before": dict(before), "folders": list(folders)}:
            said = all(value is None or is_hash(value) for value in before.values())
            if said and all(isinstance(path, str) for path in folders):
                return Intent(process, shown(host[:_HOST_NAME]), before, tuple(folders))
    return None
