"""Files of other tools, read into a fragment of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings
from obsgen.exchange.fragment import fragment
from obsgen.exchange.node import Node
from obsgen.exchange.openslo.documents import is_openslo, take_openslo
from obsgen.exchange.sloth import is_sloth, take_sloth
from obsgen.exchange.taken import TakenObjective, TakenService
from obsgen.spec.documents import read_documents

_KNOWN = "known are `version: prometheus/v1` and PrometheusServiceLevel of sloth, and OpenSLO's v1 and v1alpha"


@dataclass(frozen=True, slots=True)
class Imported:
    """YAML for a spec, and what was lost or refused on the way to it."""

    text: str
    findings: tuple[Diagnostic, ...]

    @property
    def complete(self) -> bool:
        """Whether every objective was taken over."""
        return not any(finding.level == "error" for finding in self.findings)


def import_objectives(files: Sequence[Path]) -> Imported:
    """The objectives of all files, in their order; documents of OpenSLO may refer to each other across files."""
    found = Findings()
    services: dict[str, TakenService] = {}
    objectives: list[TakenObjective] = []
    openslo: list[Node] = []
    for document in _documents(files, found):
        if is_openslo(document):
            openslo.append(document)
        elif is_sloth(document):
            _sloth_into(services, objectives, document, found)
        else:
            # It may be any file: nothing that stands in it is shown.
            where = replace(document.place, source_line="")
            found.error("OBS611", "this document is of no format that objectives are taken from", where, _KNOWN)
    try:
        said, taken = take_openslo(openslo, found)
    except Diagnosed as mistakes:
        found.add(*mistakes.diagnostics)
    else:
        objectives.extend(taken)
        for name, service in said.items():
            services[name] = services.get(name, TakenService()).or_else(service)
    text = fragment(services, objectives, found)
    if not text and not found.noted:
        found.error("OBS611", f"there are no objectives in {', '.join(map(str, files))}", hint=_KNOWN)
    return Imported(text, found.noted)


def _documents(files: Sequence[Path], found: Findings) -> Iterator[Node]:
    for file in files:
        try:
            for document in map(Node.of, read_documents(file)):
                # Tools of OpenSLO write many objects as one list too.
                yield from document.items() if isinstance(document.content, list) else [document]
        except Diagnosed as mistakes:
            found.add(*mistakes.diagnostics)


def _sloth_into(
    services: dict[str, TakenService], objectives: list[TakenObjective], document: Node, found: Findings
) -> None:
    try:
        name, service, taken = take_sloth(document, found)
    except Diagnosed as mistakes:
        found.add(*mistakes.diagnostics)
        return
    services[name] = services.get(name, TakenService()).or_else(service)
    objectives.extend(taken)
