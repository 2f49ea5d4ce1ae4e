"""What a spec finds in its cluster: the distribution, the installation that monitors it, and the shared sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location, did_you_mean
from obsgen.spec.guards import GuardsSpec
from obsgen.spec.installation import DistributionSpec, InstallationSpec
from obsgen.spec.root import Root
from obsgen.spec.shipped import shipped
from obsgen.spec.source import Places
from obsgen.spec.sources import SourcesSpec
from obsgen.spec.stack import EnvironmentSpec
from obsgen.spec.tables import Form, Table, TableKind

INSTALLATIONS: Final = TableKind(
    "installations", InstallationSpec, "an installation", "it begins with title, about and docs"
)
DISTRIBUTIONS: Final = TableKind(
    "distributions", DistributionSpec, "a distribution", "it begins with title, about and docs"
)
_GUARDS: Final = TableKind("", GuardsSpec, "the list of guards", "it begins with guards")
_SHARED: Final = TableKind("", SourcesSpec, "the list of sources", "it begins with sources")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is there before obsgen, as the tables say it."""

    distribution: Table[DistributionSpec]
    installation: Table[InstallationSpec]
    shared: Table[SourcesSpec]
    guards: Table[GuardsSpec]


def load_surroundings(
    environment: EnvironmentSpec, places: Places, findings: Findings, own: Sequence[Path], root: Root
) -> Surroundings | None:
    """The tables that the environment names; None where one is not there, which is noted."""
    distributions, installations = DISTRIBUTIONS.files(own, root), INSTALLATIONS.files(own, root)
    choice = environment.installation.kind
    distribution_at = places.of("environment", "distribution")
    installation_at = places.of("environment", "installation", "kind")
    known = [
        _known("distribution", environment.distribution, distributions, distribution_at, findings),
        _known("installation", choice, installations, installation_at, findings),
    ]
    if not all(known):
        return None
    return Surroundings(
        DISTRIBUTIONS.load(environment.distribution, distributions[environment.distribution]),
        INSTALLATIONS.load(choice, installations[choice]),
        shared_sources(),
        shared_guards(),
    )


def shared_sources() -> Table[SourcesSpec]:
    """`config/sources.yaml`: what several packs read, and how obsgen scrapes it where nobody else does."""
    return _SHARED.load("sources", (shipped("config") / "sources.yaml", "config/sources.yaml"))


def shared_guards() -> Table[GuardsSpec]:
    """`config/guards.yaml`: what alerts of several packs wait for."""
    return _GUARDS.load("guards", (shipped("config") / "guards.yaml", "config/guards.yaml"))


def named_table(kind: TableKind[Form], name: str) -> Table[Form]:
    """One that comes with obsgen; `Diagnosed` where there is none of that name."""
    files = kind.files()
    if name not in files:
        hint = did_you_mean(name, files, noun=kind.folder)
        raise Diagnosed([Diagnostic("OBS260", f"there is no {kind.folder[:-1]} '{name}'", hint=hint)])
    return kind.load(name, files[name])


def _known(noun: str, name: str, files: Mapping[str, object], where: Location, findings: Findings) -> bool:
    if name not in files:
        findings.error("OBS260", f"there is no {noun} '{name}'", where, did_you_mean(name, files, noun=f"{noun}s"))
    return name in files
