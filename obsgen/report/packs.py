"""The packs at hand, and what each of them lets a spec set."""

from __future__ import annotations

from obsgen.diagnostics import Diagnosed, Diagnostic, did_you_mean
from obsgen.document import json_text
from obsgen.printable import joined
from obsgen.report.columns import columns
from obsgen.report.scraping import jobs_of
from obsgen.report.seen import seen_lines, seen_of
from obsgen.spec.library import Pack, load_pack, pack_folders
from obsgen.spec.metrics import MetricSpec
from obsgen.spec.objectives import ObjectiveSpec
from obsgen.spec.seen import SeenSpec
from obsgen.spec.surroundings import shared_sources


def render_packs(form: str) -> str:
    """A line for each shipped pack, by layer."""
    packs = [load_pack(folder) for folder in pack_folders().values()]
    if form == "json":
        return json_text([_body(pack) for pack in packs]).rstrip("\n")
    rows = ((pack.layer, pack.name, f"{len(pack.spec.alerts):>3} alerts", pack.spec.about) for pack in packs)
    return "\n".join(columns(rows))


def render_pack(name: str, form: str) -> str:
    """What one pack monitors, what it asks for and what can be set; `Diagnosed` where there is none of that name."""
    folders = pack_folders()
    if name not in folders:
        hint = did_you_mean(name, folders, noun="known packs")
        raise Diagnosed([Diagnostic("OBS201", f"there is no pack '{name}'", hint=hint)])
    pack = load_pack(folders[name])
    if form == "json":
        return json_text(_body(pack)).rstrip("\n")
    spec = pack.spec
    lines = [f"{spec.title} ({pack.layer}/{pack.name})", f"  {spec.about}"]
    if spec.source:
        lines.append(f"  metrics of {spec.source.exporter} {spec.source.versions}: {spec.source.docs}")
    if spec.parameters:
        lines += ["", "parameters"]
        lines += [f"  {key}: {one.about}" for key, one in spec.parameters.items()]
    if spec.thresholds:
        lines += ["", "thresholds"]
        lines += [f"  {key}: {one.text}  {one.about}" for key, one in spec.thresholds.items()]
    if jobs := list(jobs_of(pack, shared_sources().spec.sources)):
        lines += ["", "scrape jobs"]
        lines += [f"  {job.name}: {job.told()}" for job in jobs]
    if spec.metrics:
        lines += ["", "metrics"]
        told = seen_of(pack)
        lines += [f"  {key}: {one.type}{_versions(one)}{_seen(told.get(key))}" for key, one in spec.metrics.items()]
    if seen := list(seen_lines(pack)):
        lines += ["", "metrics seen", *(f"  {line}" for line in seen)]
    lines += _alert_lines(pack)
    if spec.objectives:
        lines += ["", "objectives"]
        lines += [f"  {key}: {_target(one)}  {one.title or key}" for key, one in spec.objectives.items()]
    return joined(lines)


def _alert_lines(pack: Pack) -> list[str]:
    """Its alerts, and the names that some of them and of their settings had."""
    spec = pack.spec
    lines = ["", "alerts"]
    lines += [f"  {key} ({_severities(pack, key)}): {one.summary}" for key, one in spec.alerts.items()]
    if spec.formerly:
        lines += ["", "formerly", *(f"  {name}: now {place}" for name, place in spec.formerly.items())]
    return lines


def _versions(metric: MetricSpec) -> str:
    """In which versions it is, where not in all."""
    told = {"since": metric.since, "until": metric.until}
    return "".join(f", {word} {version}" for word, version in told.items() if version)


def _seen(one: SeenSpec | None) -> str:
    return f", {one.how}" if one else ""


def _target(objective: ObjectiveSpec) -> str:
    return objective.target.text if objective.target else ""


def _severities(pack: Pack, name: str) -> str:
    spec = pack.spec.alerts[name]
    return ", ".join(spec.severities) if spec.severities else str(spec.severity)


def _body(pack: Pack) -> dict[str, object]:
    return {
        "name": pack.name,
        "layer": pack.layer,
        "title": pack.spec.title,
        "about": pack.spec.about,
        "parameters": {name: one.about for name, one in pack.spec.parameters.items()},
        "thresholds": {name: one.text for name, one in pack.spec.thresholds.items()},
        "alerts": {name: _severities(pack, name) for name in pack.spec.alerts},
        "scrape": [job.body() for job in jobs_of(pack, shared_sources().spec.sources)],
        "objectives": {name: _target(one) for name, one in pack.spec.objectives.items()},
        "metrics": pack.spec.metric_types,
        "metric_versions": {
            name: {"since": one.since, "until": one.until}
            for name, one in pack.spec.metrics.items()
            if one.since or one.until
        },
        "metrics_seen": {name: {"how": one.how, "where": one.where} for name, one in seen_of(pack).items()},
    }
