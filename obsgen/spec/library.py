"""The packs at hand: obsgen's own, and those in the folders that a spec names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from glob import glob
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Location
from obsgen.limits import FILE_BYTES, RUNBOOK_BYTES, SHOWN_LINE
from obsgen.spec.layers import LAYERS, Layer
from obsgen.spec.mistakes import mapping_of, validate
from obsgen.spec.pack import CasesSpec, PackSpec
from obsgen.spec.root import Root
from obsgen.spec.seen import unwitnessed
from obsgen.spec.shipped import shipped
from obsgen.spec.source import Places, Source, parse_yaml, read_text

_RUNBOOK = "every pack has one: '# <title>', then '## <alert>' with what to do for each of its alerts"


_HEADING = re.compile(r"^## +(\S[^\n]*)$", re.MULTILINE)


# Every alert without a section asks for the lines of the same runbook.
@lru_cache(maxsize=64)
def _lines(text: str) -> list[str]:
    return text.splitlines() or [""]


@dataclass(frozen=True, slots=True)
class Runbook:
    """A pack's `runbook.md`: the text before the first alert, and a section for each alert."""

    name: str
    title: str
    preface: str
    sections: Mapping[str, str]
    lines: Mapping[str, int]
    text: str

    def place(self, heading: str, word: str = "") -> Location:
        """Where the word first stands below the alert's heading, or else the heading, or the file's first line."""
        lines = _lines(self.text)
        start = self.lines.get(heading, 1) - 1
        found = next((line for line in range(start, len(lines)) if word and word in lines[line]), start)
        return Location(self.name, found + 1, max(0, lines[found].find(word)) + 1, lines[found][:SHOWN_LINE])


@dataclass(frozen=True, slots=True)
class Pack:
    """One folder under `alerts/<layer>/`, read but not yet rendered."""

    name: str
    layer: Layer
    spec: PackSpec
    places: Places
    cases: CasesSpec
    case_places: Places
    runbook: Runbook


@dataclass(frozen=True, slots=True)
class PackFolder:
    """A pack that can be used: its name, layer and folder."""

    name: str
    layer: Layer
    path: Path
    shown_as: str
    root: Root | None = None
    """Where the files of a pack must lie that is not obsgen's own."""

    def text(self, name: str, absent: str | None = None) -> str:
        """One of its files; `Diagnosed` where it cannot be read."""
        path = self.path / name
        shown_as = f"{self.shown_as}/{name}"
        found = self.root.admitted_as_named(path, shown_as) if self.root else path
        most = RUNBOOK_BYTES if name.endswith(".md") else FILE_BYTES
        return read_text(found, shown_as, absent=absent, most=most)


def pack_folders(own: Sequence[Path] = (), root: Root | None = None) -> dict[str, PackFolder]:
    """Every pack by name; a pack of the user's own replaces a shipped one of the same name."""
    folders = {folder.name: folder for folder in _folders_in(shipped("alerts"), "alerts")}
    for folder in own:
        folders |= {found.name: found for found in _folders_in(folder, str(folder), root)}
    return folders


def _folders_in(folder: Path, shown_as: str, root: Root | None = None) -> Iterator[PackFolder]:
    for layer in LAYERS:
        # A Path's own `glob` raises where the folder is a link that may not be followed.
        found = glob("*/pack.yaml", root_dir=folder / layer)  # noqa: PTH207
        for pack in sorted(folder / layer / Path(name).parent for name in found):
            yield PackFolder(pack.name, layer, pack, f"{shown_as}/{layer}/{pack.name}", root)


def load_pack(folder: PackFolder) -> Pack:
    """Read the three files of a pack; `Diagnosed` with every mistake of form in the first wrong one."""
    name = f"{folder.shown_as}/pack.yaml"
    source = parse_yaml(folder.text("pack.yaml"), name)
    mapping_of(source, "a pack", "it begins with title, about and metrics")
    spec = validate(PackSpec, source)
    if spec.source and (unseen := list(unwitnessed(spec.metrics, spec.source.seen, source.places))):
        raise Diagnosed(unseen)
    cases, case_places = _load_cases(folder)
    runbook_name = f"{folder.shown_as}/runbook.md"
    runbook = parse_runbook(folder.text("runbook.md", _RUNBOOK), runbook_name)
    return Pack(folder.name, folder.layer, spec, source.places, cases, case_places, runbook)


def _load_cases(folder: PackFolder) -> tuple[CasesSpec, Places]:
    name = f"{folder.shown_as}/tests.yaml"
    if not os.path.lexists(folder.path / "tests.yaml"):
        return CasesSpec(), Places(Location(name, 1, 1))
    source = parse_yaml(folder.text("tests.yaml"), name)
    if source.content is None:
        return CasesSpec(), source.places
    cases = mapping_of(source, "tests.yaml", "write '<alert>:' with a list of cases below it")
    written = Source({"alerts": cases}, source.places.below("alerts"))
    return validate(CasesSpec, written), written.places


def load_objective_runbook() -> Runbook:
    """What to do about the alerts of any objective, where its pack does not know better."""
    name = "alerts/objectives.md"
    return parse_runbook(read_text(shipped("alerts") / "objectives.md", name), name)


def parse_runbook(text: str, name: str) -> Runbook:
    """Cut a runbook at its second-level headings, each named after an alert."""
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    sections = {
        heading[1].strip(): text[heading.end() : end].strip() for heading, end in zip(headings, ends, strict=False)
    }
    lines, line, at = {}, 1, 0
    for heading in headings:
        line, at = line + text.count("\n", at, heading.start()), heading.start()
        lines[heading[1].strip()] = line
    above = text[: headings[0].start()] if headings else text
    title = re.search(r"^# +(\S[^\n]*)$", above, flags=re.MULTILINE)
    preface = re.sub(r"^# +[^\n]+$", "", above, count=1, flags=re.MULTILINE).strip()
    return Runbook(name, title[1].strip() if title else "", preface, sections, lines, text)
