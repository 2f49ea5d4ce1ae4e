"""What a spec finds in its cluster: the distribution, the installation that monitors it, and the shared sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location, did_you_mean, nearest
from obsgen.spec.guards import GuardsSpec
from obsgen.spec.installation import NO_INSTALLATION, USUAL_DISTRIBUTION, DistributionSpec, InstallationSpec
from obsgen.spec.root import Root
from obsgen.spec.shipped import shipped
from obsgen.spec.source import Places
from obsgen.spec.sources import SourcesSpec
from obsgen.spec.stack import EnvironmentSpec
from obsgen.spec.tables import Form, Table, TableFile, TableKind

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


@dataclass(frozen=True, slots=True)
class OwnTables:
    """The folders that may hold a spec's own tables, and where mistakes go: those of tables, and unknown names."""

    folders: Sequence[Path]
    root: Root
    findings: Findings
    names: Findings


def load_surroundings(environment: EnvironmentSpec, places: Places, own: OwnTables) -> Surroundings:
    """The tables that the environment names.

    For one that cannot be had, which is noted, the shipped one of the nearest name stands in, or the usual one: what
    else is wrong with the spec is found with it.
    """
    distribution_at = places.of("environment", "distribution")
    installation_at = places.of("environment", "installation", "kind")
    installed = environment.installation.kind
    return Surroundings(
        _found(DISTRIBUTIONS, environment.distribution, distribution_at, own)
        or named_table(DISTRIBUTIONS, nearest(environment.distribution, DISTRIBUTIONS.files()) or USUAL_DISTRIBUTION),
        _found(INSTALLATIONS, installed, installation_at, own)
        or named_table(INSTALLATIONS, nearest(installed, INSTALLATIONS.files()) or NO_INSTALLATION),
        shared_sources(),
        shared_guards(),
    )


def _found(kind: TableKind[Form], name: str, where: Location, own: OwnTables) -> Table[Form] | None:
    """The table of that name; None where it cannot be had, which is noted."""
    files = kind.files(own.folders, own.root)
    if name not in files:
        hint = did_you_mean(name, files, noun=kind.folder)
        own.names.error("OBS260", f"there is no {kind.folder[:-1]} '{name}'", where, hint)
        return None
    try:
        return kind.load(name, files[name])
    except Diagnosed as mistakes:
        own.findings.add(*(one.at(where) for one in mistakes.diagnostics))
        return None


def shared_sources() -> Table[SourcesSpec]:
    """`config/sources.yaml`: what several packs read, and how obsgen scrapes it where nobody else does."""
    return _SHARED.load("sources", TableFile(shipped("config") / "sources.yaml", "config/sources.yaml"))


def shared_guards() -> Table[GuardsSpec]:
    """`config/guards.yaml`: what alerts of several packs wait for."""
    return _GUARDS.load("guards", TableFile(shipped("config") / "guards.yaml", "config/guards.yaml"))


def named_table(kind: TableKind[Form], name: str) -> Table[Form]:
    """One that comes with obsgen; `Diagnosed` where there is none of that name."""
    files = kind.files()
    if name not in files:
        hint = did_you_mean(name, files, noun=kind.folder)
        raise Diagnosed([Diagnostic("OBS260", f"there is no {kind.folder[:-1]} '{name}'", hint=hint)])
    return kind.load(name, files[name])
