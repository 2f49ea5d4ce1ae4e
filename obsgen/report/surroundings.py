"""What a distribution or an installation changes: what is left out, what is scraped otherwise, what else is normal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from obsgen.document import json_text
from obsgen.printable import joined
from obsgen.report.columns import columns
from obsgen.report.scraping import DeclaredJob
from obsgen.spec.installation import DistributionSpec, InstallationSpec, NormalSpec
from obsgen.spec.layers import SEVERITIES
from obsgen.spec.library import Pack, load_pack, pack_folders
from obsgen.spec.sources import ScrapeSpec, SourceSpec
from obsgen.spec.surroundings import DISTRIBUTIONS, INSTALLATIONS, named_table, shared_sources
from obsgen.spec.tables import Table
from obsgen.spec.written import AlertSeverity
from obsgen.units import Amount

_Table = Table[DistributionSpec] | Table[InstallationSpec]


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter or threshold of a pack whose usual value is another one here."""

    pack: str
    name: str
    usual: str
    here: str


def render_surroundings(distribution: str | None, installation: str | None, form: str) -> str:
    """What is other than the packs say, for each of the two that is given; `Diagnosed` where there is no such."""
    tables: list[_Table] = []
    if distribution:
        tables.append(named_table(DISTRIBUTIONS, distribution))
    if installation:
        tables.append(named_table(INSTALLATIONS, installation))
    packs = {name: load_pack(folder) for name, folder in pack_folders().items()}
    known = dict(shared_sources().spec.sources)
    for pack in packs.values():
        known |= pack.spec.sources
    if form == "json":
        return json_text([_body(table, packs, known) for table in tables]).rstrip("\n")
    return "\n\n".join(_told(table, packs, known) for table in tables)


def _told(table: _Table, packs: Mapping[str, Pack], known: Mapping[str, SourceSpec]) -> str:
    spec = table.spec
    lines = [f"{spec.title} ({table.name})", f"  {spec.about}", f"  {spec.docs}"]
    absent = {name: normal.absent for name, normal in spec.packs.items() if normal.absent}
    # A source that is not there needs no second line where its pack has one.
    sources = {name: one for name, one in spec.sources.items() if one.absent not in absent.values()}
    sections = {
        "left out": [[pack, reason] for pack, reason in absent.items()],
        "read otherwise": [[name, text] for name, one in sources.items() for text in _told_source(name, one, known)],
        "normal here": [[one.pack, one.name, f"{one.here}  (else {one.usual})"] for one in _changes(spec.packs, packs)],
    }
    for heading, rows in sections.items():
        if rows:
            lines += ["", heading, *(f"  {line}" for line in columns(rows))]
    if len(lines) == 3:
        lines += ["", "Nothing is other than the packs say."]
    return joined(lines)


def _told_source(name: str, source: SourceSpec, known: Mapping[str, SourceSpec]) -> Iterator[str]:
    if source.absent:
        yield f"nothing to read: {source.absent}"
    if source.same_as:
        yield f"in the series of {source.same_as}"
    if source.selector:
        yield f"selector {source.selector}"
    for job in _jobs(name, source, known):
        yield f"job {job.name}: {job.told()}"
    if source.without:
        yield f"without the labels {', '.join(source.without)}"
    for one in source.drops or ():
        yield f"without {one.metrics}" + (f" where {one.where}" if one.where else "")
    if source.keeps:
        yield f"only {len(source.keeps.metrics)} metrics, those of {source.keeps.called}"


def _jobs(name: str, source: SourceSpec, known: Mapping[str, SourceSpec]) -> Iterator[DeclaredJob]:
    """The jobs of which the table speaks, each with what it leaves as it is."""
    before: Mapping[str, ScrapeSpec] = (known[name].scrape if name in known else None) or {}
    for job, spec in (source.scrape or {}).items():
        yield DeclaredJob(job, name, before[job].changed_by(spec) if job in before else spec)


def _changes(normal: Mapping[str, NormalSpec], packs: Mapping[str, Pack]) -> Iterator[Change]:
    for name, one in normal.items():
        spec = packs[name].spec
        for key, value in one.parameters.items():
            yield Change(name, key, _text(spec.parameters[key].default), _text(value))
        for key, amounts in one.thresholds.items():
            yield Change(name, key, spec.thresholds[key].text, _amounts(amounts))


def _text(value: str | float | None) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


def _amounts(written: Amount | Mapping[AlertSeverity, Amount]) -> str:
    if isinstance(written, Amount):
        return written.text
    graded = sorted(written.items(), key=lambda one: SEVERITIES.index(one[0]))
    return ", ".join(f"{severity} {amount.text}" for severity, amount in graded)


def _body(table: _Table, packs: Mapping[str, Pack], known: Mapping[str, SourceSpec]) -> dict[str, object]:
    spec = table.spec
    return {
        "name": table.name,
        "title": spec.title,
        "about": spec.about,
        "docs": spec.docs,
        "left_out": {name: normal.absent for name, normal in spec.packs.items() if normal.absent},
        "sources": {
            name: {
                "absent": one.absent or "",
                "same_as": one.same_as or "",
                "selector": one.selector or "",
                "jobs": [job.body() for job in _jobs(name, one, known)],
                "without": list(one.without or ()),
                "drops": [{"metrics": drop.metrics, "where": drop.where} for drop in one.drops or ()],
                "keeps": list(one.keeps.metrics) if one.keeps else [],
            }
            for name, one in spec.sources.items()
        },
        "normal": [asdict(one) for one in _changes(spec.packs, packs)],
    }
