"""What a cluster has already, as resolving needs it: names of the installation, layers of sources, what is normal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from obsgen.diagnostics import Findings
from obsgen.resolve.environment import completed, installation_names
from obsgen.resolve.normal import USUAL, Normal
from obsgen.resolve.sources import Layer
from obsgen.spec.guards import GuardsSpec
from obsgen.spec.installation import DistributionSpec, InstallationSpec, NormalSpec
from obsgen.spec.load import LoadedSpec
from obsgen.spec.stack import EnvironmentSpec
from obsgen.spec.tables import Table
from obsgen.units import Duration

# Four scrapes in a window survive one that is lost; shorter windows go blind without a word.
SCRAPES_IN_A_WINDOW = 4
_USUAL_WINDOW = Duration(300_000)

_Tables = tuple[Table[DistributionSpec] | Table[InstallationSpec], ...]


@dataclass(frozen=True, slots=True)
class Surrounded:
    """A stack's surroundings, resolved; `names` are the installation's for templates."""

    environment: EnvironmentSpec
    names: Mapping[str, str]
    layers: tuple[Layer, ...]
    rate_window: Duration
    guards: Table[GuardsSpec]
    _tables: _Tables

    def normal_for(self, pack: str) -> Normal:
        """What is normal for the pack here."""
        said = [(table.places, table.spec.packs[pack]) for table in self._tables if pack in table.spec.packs]
        if not said:
            return USUAL
        parameters = {
            name: (value, places.of("packs", pack, "parameters", name))
            for places, normal in said
            for name, value in normal.parameters.items()
        }
        return Normal(parameters, tuple((one.thresholds, places) for places, one in said if one.thresholds), pack)

    def absent(self, pack: str) -> Iterator[tuple[str, str]]:
        """Who says that the pack has nothing to read here, and why."""
        for table in self._tables:
            normal: NormalSpec | None = table.spec.packs.get(pack)
            if normal and normal.absent:
                yield table.spec.title, normal.absent


def surrounded(loaded: LoadedSpec, findings: Findings) -> Surrounded:
    """The surroundings of a loaded spec; what is wrong with the options of an installation is noted."""
    around = loaded.surroundings
    installation, distribution = around.installation, around.distribution
    names = installation_names(loaded.spec.environment, installation, loaded.places, findings)
    # What is built on a name that could not be told would be noted again.
    environment = loaded.spec.environment
    if not findings.failed:
        environment = completed(environment, installation, names, findings)
    window = max(_USUAL_WINDOW, environment.prometheus.scrape_interval * SCRAPES_IN_A_WINDOW)
    layers = (
        Layer(around.shared.spec.sources, around.shared.places, ("sources",)),
        Layer(distribution.spec.sources, distribution.places, ("sources",), distribution.spec.title),
        Layer(installation.spec.sources, installation.places, ("sources",), installation.spec.title),
        Layer(loaded.spec.environment.sources, loaded.places, ("environment", "sources"), "others", written=True),
    )
    return Surrounded(environment, names, layers, window, around.guards, (distribution, installation))
