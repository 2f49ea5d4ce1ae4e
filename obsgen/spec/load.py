"""Load: a spec and the packs it names, read and validated, nothing inherited yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

from obsgen.diagnostics import Diagnosed, Diagnostic, Findings, Location, did_you_mean
from obsgen.limits import SPEC_NODES
from obsgen.regular_file import is_folder
from obsgen.spec.cluster_name import unusable_name, with_cluster
from obsgen.spec.layers import Layer
from obsgen.spec.library import Pack, PackFolder, Runbook, load_objective_runbook, load_pack, pack_folders
from obsgen.spec.mistakes import validate
from obsgen.spec.overlay import read_with_bases
from obsgen.spec.root import Root, SpecFile, SpecPath, shown
from obsgen.spec.source import Path_, Places
from obsgen.spec.stack import ApplicationSpec, ComponentSpec, StackSpec
from obsgen.spec.surroundings import OwnTables, Surroundings, load_surroundings
from obsgen.spec.table_names import TableNames
from obsgen.spec.windows import WindowsTable, load_windows


@dataclass(frozen=True, slots=True)
class LoadedSpec:
    """A spec as written, with every pack that it uses and that can be read."""

    spec: StackSpec
    places: Places
    files: tuple[str, ...]
    root: Root
    surroundings: Surroundings
    packs: Mapping[str, Pack]
    windows: Mapping[str, WindowsTable]
    objective_runbook: Runbook | None
    mistakes: tuple[Diagnostic, ...] = ()
    """Names that nothing has, and packs and tables that cannot be read; the rest is there without them."""


_SECTIONS: Mapping[str, Layer] = {
    "infrastructure": "infrastructure",
    "kubernetes": "kubernetes",
    "applications": "application",
}


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a pack in a spec: where it is written, and the component's name."""

    path: Path_
    name: str
    component: ComponentSpec
    pack: str
    application: str | None = None

    @property
    def layer(self) -> Layer:
        """The layer it is used in, which is the spec's choice: an application may bring an etcd of its own."""
        return _SECTIONS[str(self.path[0])]


def load_spec(file: SpecPath) -> LoadedSpec:
    """Read a spec and its packs; `Diagnosed` with every mistake of the spec's form.

    Other mistakes are noted in what is loaded, so that what does not hang on them is resolved all the same.
    """
    asked = SpecFile.of(file)
    source, files = read_with_bases(asked)
    source = with_cluster(source, asked.cluster)
    root, places = Root.of(asked), source.places
    spec = validate(StackSpec, source)
    findings = Findings()
    named_at = places.of("environment", "cluster") if asked.cluster is None else None
    if unusable := unusable_name(spec.environment.cluster, named_at):
        findings.add(unusable)
    own = _own_packs(spec, places, root, findings)
    # While a folder of packs is missing, nobody can say which names it would have brought.
    names = Findings() if len(own) < len(spec.packs) else findings
    folders = pack_folders(own, root)
    packs = _load_packs(spec, places, folders, findings, names)
    around = load_surroundings(spec.environment, places, OwnTables(own, root, findings, names))
    for pack in packs.values():
        # What a spec says of a component comes up where a pack is wrong.
        pack.places.heed(places)
    if names is findings:
        _check_names(spec, places, TableNames(folders, packs, packs.keys(), around, findings))
    windows, runbook = _for_objectives(spec, packs, own, root, findings)
    return LoadedSpec(spec, places, files, root, around, packs, windows, runbook, findings.noted)


def _load_packs(
    spec: StackSpec, places: Places, folders: Mapping[str, PackFolder], findings: Findings, names: Findings
) -> dict[str, Pack]:
    """The packs that the spec uses and that can be read; unknown ones are noted under `names`."""
    packs: dict[str, Pack] = {}
    tried: set[str] = set()
    values = len(places.values)
    for use in pack_uses(spec):
        where = _place_of_pack(places, use)
        if use.pack not in folders:
            hint = did_you_mean(use.pack, folders, noun="known packs")
            names.error("OBS201", f"there is no pack '{use.pack}'", where, hint)
        elif use.pack not in tried:
            tried.add(use.pack)
            values += _load_into(packs, folders[use.pack], findings, where)
            _affordable(values, where)
    return packs


def _for_objectives(
    spec: StackSpec, packs: Mapping[str, Pack], own: Sequence[Path], root: Root, findings: Findings
) -> tuple[Mapping[str, WindowsTable], Runbook | None]:
    """What every objective needs; nothing where there is none."""
    uses = [use for use in pack_uses(spec) if use.pack in packs]
    if not any(packs[use.pack].spec.objectives or use.component.objectives for use in uses):
        return {}, None
    try:
        return load_windows(own, root), load_objective_runbook()
    except Diagnosed as mistakes:
        findings.add(*mistakes.diagnostics)
        findings.stop()
        raise


def _check_names(spec: StackSpec, places: Places, names: TableNames) -> None:
    for table in (names.around.distribution, names.around.installation):
        if table.own:
            names.check(table)
    names.sources(spec.environment.sources, places, ("environment", "sources"))


def _load_into(packs: dict[str, Pack], folder: PackFolder, findings: Findings, where: Location) -> int:
    """Load one more pack; how many values its files hold."""
    try:
        pack = packs[folder.name] = load_pack(folder)
    except Diagnosed as mistakes:
        findings.add(*(one.at(where) for one in mistakes.diagnostics))
        return 0
    return len(pack.places.values) + len(pack.case_places.values)


def _affordable(values: int, where: Location) -> None:
    if values > SPEC_NODES:
        message = f"with this pack the spec comes to more than {SPEC_NODES} values"
        raise Diagnosed([Diagnostic("OBS118", message, where, "use fewer packs in one spec")])


def _own_packs(spec: StackSpec, places: Places, root: Root, findings: Findings) -> list[Path]:
    """The folders as seen from the current one, so that what is found in them can be shown and opened."""
    folders = []
    for index, written in enumerate(spec.packs):
        where = places.of("packs", index)
        # A base that names its packs means the folder beside itself, wherever the spec that extends it lies.
        folder = Path(normpath(Path(where.file).parent / written))
        try:
            root.admitted(folder, written)
        except Diagnosed as refused:
            findings.add(*(one.at(where) for one in refused.diagnostics))
            continue
        if is_folder(folder):
            folders.append(folder)
            continue
        hint = "the path is taken from the file that names it, and a pack in it is <layer>/<pack>/pack.yaml"
        findings.error("OBS202", f"there is no folder '{shown(written)}' of packs", where, hint)
    return folders


def _place_of_pack(places: Places, use: Use) -> Location:
    return places.of(*use.path, "pack") if use.component.pack else places.of_key(*use.path)


def pack_uses(spec: StackSpec) -> tuple[Use, ...]:
    """Every use of a pack, in the order of the layers and of the spec."""
    uses = [
        Use((layer, name), name, component, component.pack or name)
        for layer, components in (("infrastructure", spec.infrastructure), ("kubernetes", spec.kubernetes))
        for name, component in components.items()
    ]
    for name, application in spec.applications.items():
        uses.append(Use(("applications", name), name, application, application.pack or "service", name))
        uses.extend(_middleware(name, application))
    return tuple(uses)


def _middleware(name: str, application: ApplicationSpec) -> list[Use]:
    return [
        Use(("applications", name, "uses", used), used, component, component.pack or used, name)
        for used, component in application.uses.items()
    ]
