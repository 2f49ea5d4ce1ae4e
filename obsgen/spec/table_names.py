"""Whether the packs, sources, parameters and options exist that a user's own table or spec names.

The shipped tables are held to the same by the tests; they name what few specs use, and would cost every build the
reading of all packs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from obsgen.diagnostics import Diagnosed, Findings, did_you_mean
from obsgen.spec.installation import DistributionSpec, InstallationSpec
from obsgen.spec.library import Pack, PackFolder, load_pack
from obsgen.spec.source import Path_, Places
from obsgen.spec.sources import SourceSpec
from obsgen.spec.surroundings import Surroundings
from obsgen.spec.tables import Table
from obsgen.spec.unknown_setting import Kind, unknown_setting


@dataclass(frozen=True, slots=True)
class TableNames:
    """What is there to be named: the packs, some of them loaded already, and the tables of this spec.

    Settings of the packs in `used` are not looked at: they are where the packs are resolved.
    """

    folders: Mapping[str, PackFolder]
    loaded: Mapping[str, Pack]
    used: Collection[str]
    around: Surroundings
    findings: Findings

    def check(self, table: Table[DistributionSpec] | Table[InstallationSpec]) -> None:
        """Note what the table names and nobody has."""
        for name, at in _packs(table.spec):
            if name not in self.folders:
                hint = did_you_mean(name, self.folders, noun="known packs")
                where = table.places.of_key(*at) if at[-1] == name else table.places.of(*at)
                self.findings.error("OBS264", f"there is no pack '{name}', which {table.spec.title} names", where, hint)
        for name, normal in table.spec.packs.items():
            if name in self.folders and name not in self.used and (pack := self._pack(name)):
                self._settings(pack, "parameter", normal.parameters.keys() - pack.spec.parameters.keys(), table.places)
                self._settings(pack, "threshold", normal.thresholds.keys() - pack.spec.thresholds.keys(), table.places)
        self.sources(table.spec.sources, table.places, ("sources",))

    def sources(self, named: Mapping[str, SourceSpec], places: Places, path: Path_) -> None:
        """Note sources that neither a pack nor the shared list has, and options that the installation does not have."""
        options = self.around.installation.spec.options
        known = {*self.around.shared.spec.sources, *(name for one in self.loaded.values() for name in one.spec.sources)}
        if not named.keys() <= known:
            known |= {name for pack in self.folders for name in self._sources_of(pack)}
        for name, source in named.items():
            if name not in known:
                hint = did_you_mean(name, known, noun="sources")
                self.findings.error("OBS264", f"there is no source '{name}'", places.of_key(*path, name), hint)
            for option in source.keeps.when if source.keeps else ():
                if option not in options:
                    hint = did_you_mean(option, options, noun="its options", otherwise="declare it under 'options'")
                    where = places.of_key(*path, name, "keeps", "when", option)
                    kind = self.around.installation.name
                    self.findings.error("OBS263", f"installation '{kind}' has no option '{option}'", where, hint)

    def _pack(self, name: str) -> Pack | None:
        """The pack; None where it cannot be read, which is for those to hear who use it."""
        try:
            return self.loaded[name] if name in self.loaded else load_pack(self.folders[name])
        except Diagnosed:
            return None

    def _sources_of(self, name: str) -> Collection[str]:
        pack = self._pack(name)
        return pack.spec.sources if pack else ()

    def _settings(self, pack: Pack, kind: Kind, unknown: Collection[str], places: Places) -> None:
        for name in unknown:
            code, message, hint = unknown_setting(pack, kind, name)
            self.findings.error(code, message, places.of_key("packs", pack.name, f"{kind}s", name), hint)


def _packs(spec: DistributionSpec | InstallationSpec) -> Iterator[tuple[str, Path_]]:
    yield from ((name, ("packs", name)) for name in spec.packs)
    if isinstance(spec, InstallationSpec):
        for index, brought in enumerate(spec.rules):
            yield from ((name, ("rules", index, "packs", at)) for at, name in enumerate(brought.packs))
