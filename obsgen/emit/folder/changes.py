"""What would change in the output folder, and what stands in the way of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.document import Document
from obsgen.emit.folder.manifest import hash_of, manifest_text, ours
from obsgen.emit.folder.opened import Obstructed, OutputFolder
from obsgen.emit.folder.paths import path_fault, shown
from obsgen.limits import DIFFERENCE_BYTES

Action = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One file that differs from what the spec stands for."""

    path: str
    action: Action
    before: str
    after: str

    def unified(self, limit: int = DIFFERENCE_BYTES) -> str:
        """The difference as `diff -u` prints it; only that there is one where what stands there is longer than that."""
        from obsgen.secrecy.compared import compared  # noqa: PLC0415 - a build shows no differences

        if len(self.before) > limit:
            return f"{self.action} {self.path}: {len(self.before)} characters stand there, too many to be shown\n"
        old = f"a/{self.path}" if self.action != "add" else "/dev/null"
        new = f"b/{self.path}" if self.action != "remove" else "/dev/null"
        return compared(self.before, self.after, old, new)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a build does: changes, the hash of what stands where they are made, the new list; or why it may not."""

    changes: tuple[Change, ...]
    before: Mapping[str, str | None]
    manifest: str
    refusals: tuple[Diagnostic, ...]


# kustomize takes any of these names, and refuses a folder where it finds two of them.
_KUSTOMIZATIONS = frozenset({"Kustomization", "kustomization.yaml", "kustomization.yml"})
# A change with the hash of what stands there, a reason against it, or nothing to do.
_Judged = tuple[Change, str | None] | Diagnostic | None


def planned(folder: OutputFolder, documents: Sequence[Document]) -> Plan:
    """What writing the documents would do. `Diagnosed` where the list of our files cannot be trusted."""
    known = ours(folder) or {}
    wanted = {document.path for document in documents}
    judged = [_wanted(folder, document, known) for document in sorted(documents)]
    judged += [_unwanted(folder, path, known[path]) for path in sorted(known.keys() - wanted)]
    judged += [_rival(folder, path, known) for path in sorted(wanted)]
    found = sorted(one for one in judged if isinstance(one, tuple))
    return Plan(
        tuple(change for change, _ in found),
        {change.path: before for change, before in found},
        manifest_text({document.path: document.sha256 for document in documents}),
        tuple(one for one in judged if isinstance(one, Diagnostic)),
    )


def additions(documents: Sequence[Document]) -> tuple[Change, ...]:
    """The changes where there is no folder yet."""
    return tuple(Change(document.path, "add", "", document.text) for document in sorted(documents))


def refuse_unsafe_names(documents: Sequence[Document]) -> None:
    """`Diagnosed` where a spec's names make paths that a file system would not take."""
    faults = [(document.path, fault) for document in documents if (fault := path_fault(document.path))]
    if faults:
        hint = "the path is made of names in the spec: choose shorter or plainer ones"
        raise Diagnosed(
            Diagnostic("OBS606", f"the spec asks for a file '{shown(path)}', which {fault}", hint=hint)
            for path, fault in faults
        )
    _refuse_one_file_for_two([document.path for document in documents])


def _refuse_one_file_for_two(paths: Sequence[str]) -> None:
    """`Diagnosed` where some file systems would take two paths for one, so that only the later file would be there."""
    alike = defaultdict(list)
    for path in sorted(paths):
        alike[normalize("NFC", path.casefold())].append(path)
    several = [found for found in alike.values() if len(found) > 1]
    if several:
        hint = "the paths are made of names in the spec: rename one, so that more than the case of letters differs"
        raise Diagnosed(
            Diagnostic("OBS633", f"many file systems take '{shown(one)}' and '{shown(other)}' for one file", hint=hint)
            for one, *others in several
            for other in others
        )


def _wanted(folder: OutputFolder, document: Document, known: Mapping[str, str]) -> _Judged:
    try:
        before = folder.read(document.path)
    except Obstructed as obstacle:
        return _obstructed(folder, obstacle)
    if before is None:
        return Change(document.path, "add", "", document.text), None
    if before == document.text.encode():
        return None
    if document.path not in known:
        message = f"'{folder.named(document.path)}' was not written by obsgen, and the spec would overwrite it"
        return Diagnostic("OBS604", message, hint="move it away or delete it, or choose another folder")
    return Change(document.path, "change", _text(before), document.text), hash_of(before)


def _unwanted(folder: OutputFolder, path: str, digest: str) -> _Judged:
    try:
        before = folder.read(path)
    except Obstructed as obstacle:
        return _obstructed(folder, obstacle)
    if before is None:
        return None
    if hash_of(before) != digest:
        message = f"'{folder.named(path)}' would be removed, but it was changed by hand"
        hint = "move your change into the spec and delete the file, then build again"
        return Diagnostic("OBS603", message, hint=hint)
    return Change(path, "remove", _text(before), ""), digest


def _rival(folder: OutputFolder, path: str, known: Mapping[str, str]) -> Diagnostic | None:
    """Somebody else's file that another program would take for the same thing as ours."""
    parent, _, name = path.rpartition("/")
    if name not in _KUSTOMIZATIONS:
        return None
    try:
        there = folder.names(parent)
    except (FileNotFoundError, Obstructed):
        return None
    others = {f"{parent}/{other}".lstrip("/") for other in _KUSTOMIZATIONS.intersection(there)}
    for other in sorted(others - known.keys() - {path}):
        named = folder.named(other)
        message = f"'{named}' was not written by obsgen, and kustomize takes no second one beside '{path}'"
        return Diagnostic("OBS604", message, hint="move it to a folder above and name this one in its resources")
    return None


def _obstructed(folder: OutputFolder, obstacle: Obstructed) -> Diagnostic:
    message = f"'{folder.named(obstacle.path)}' {obstacle.fault}, so no file is written or removed there"
    return Diagnostic("OBS605", message, hint="move it away, or choose another folder")


def _text(content: bytes) -> str:
    """What is shown of a file that somebody may have changed."""
    return content.decode("utf-8", "backslashreplace")
