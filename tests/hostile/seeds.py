"""The files that are mutated: small ones of each kind, so that thousands can be tried."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from obsgen.spec.documents import parse_documents
from obsgen.spec.source import parse_yaml
from tests.hostile.mutations import Form

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TESTS = ROOT / "tests"
SPEC, OUTPUT, OLD, KEPT = "spec.yaml", "out", "old.yaml", "keep.txt"
HEAD = (TESTS / "exchange" / "head.yaml").read_text()
OURS = "written by obsgen\n"
_SECTIONS = {"infrastructure": "infrastructure", "kubernetes": "kubernetes", "application": "applications"}


class Yaml:
    """Most files."""

    @staticmethod
    def tree(text: str) -> Any:
        return parse_yaml(text, "seed").content

    @staticmethod
    def text(tree: Any) -> str:
        return yaml.dump(tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


class Json:
    """Lists of files, and answers of servers."""

    tree = staticmethod(json.loads)
    text = staticmethod(json.dumps)


class Lines:
    """Text that is no tree: its lines are one."""

    @staticmethod
    def tree(text: str) -> Any:
        return text.splitlines()

    @staticmethod
    def text(tree: Any) -> str:
        return "".join(f"{line}\n" for line in tree)


@dataclass(frozen=True)
class Seed:
    """A file to mutate, the files beside it, and who reads it."""

    reader: str
    target: str
    text: str
    form: Form = Yaml
    beside: Mapping[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        """The file as it was before any mutation, with those beside it."""
        return {**self.beside, self.target: self.text}


def texts(folder: Path, below: str = "") -> dict[str, str]:
    """Every file of the folder by its path there."""
    return {f"{below}{path.relative_to(folder)}": path.read_text() for path in folder.rglob("*") if path.is_file()}


@cache
def specs() -> tuple[Seed, ...]:
    """Specs that say nearly everything that can be said, over packs that are quickly read."""
    golden, kinds = TESTS / "golden" / "cases", TESTS / "proofs"
    queue = texts(golden / "queue" / "packs", "packs/")
    receivers = (golden / "alertmanagerconfig" / SPEC).read_text().replace("../queue/packs", "packs")
    return (
        Seed("spec", SPEC, (golden / "queue" / SPEC).read_text(), beside=queue),
        Seed("spec", SPEC, receivers, beside=queue),
        Seed("spec", SPEC, Yaml.text(_objectives_of_each_kind())),
        Seed("spec", SPEC, (kinds / "kinds.yaml").read_text(), beside=texts(kinds / "packs", "packs/")),
        *(Seed("spec", SPEC, Yaml.text(_cut(ROOT / "config" / name))) for name in _CUT),
    )


_CUT = {
    "starter.yaml": {},
    "example.yaml": {"applications": ["orders"]},
    "production.yaml": {"infrastructure": ["keepalived"], "kubernetes": ["tokens"], "applications": ["catalog"]},
}


def _cut(path: Path) -> Any:
    """A shipped spec with the few components that are quickly compiled."""
    tree = Yaml.tree(path.read_text())
    for section in _SECTIONS.values():
        kept = _CUT[path.name].get(section, [])
        tree[section] = {name: one for name, one in (tree.get(section) or {}).items() if name in kept}
    tree["infrastructure"] = tree["infrastructure"] or {"keepalived": None}
    return tree


def _objectives_of_each_kind() -> Any:
    """Without those that are like another one in kind and longest to prove."""
    tree = Yaml.tree((TESTS / "objectives" / "kinds.yaml").read_text())
    objectives = tree["applications"]["orders"]["objectives"]
    for name in ("whole", "changed", "share-of-time", "threshold", "threshold-of-little"):
        del objectives[name]
    return tree


@cache
def packs(names: tuple[str, ...] = ()) -> tuple[Seed, ...]:
    """Each file of shipped packs, all of them or those named, with a spec that uses the pack."""
    found = sorted(path.parent for path in (ROOT / "alerts").glob("*/*/pack.yaml"))
    return tuple(seed for pack in found if not names or pack.name in names for seed in _files_of(pack))


def _files_of(pack: Path) -> Iterator[Seed]:
    layer, name = pack.parent.name, pack.name
    files = texts(pack, f"packs/{layer}/{name}/")
    use = {"pack": name} | ({"team": "commerce", "namespace": "shop"} if layer == "application" else {})
    head = Yaml.tree(HEAD)
    head["routing"]["teams"] = {team: {"default": "chat"} for team in ("platform", "commerce")}
    beside = {SPEC: Yaml.text({**head, "packs": ["packs"], _SECTIONS[layer]: {name: use}})}
    for target, text in files.items():
        form = Lines if target.endswith(".md") else Yaml
        others = {path: other for path, other in files.items() if path != target}
        yield Seed("spec", target, text, form, {**beside, **others})


@cache
def windows() -> tuple[Seed, ...]:
    """A table of burn-rate windows beside a spec's own packs."""
    (kinds,) = (seed for seed in specs() if "weighted" in seed.text)
    spec = Yaml.text({**Yaml.tree(kinds.text), "packs": ["packs"]})
    text = (ROOT / "config" / "windows" / "month.yaml").read_text()
    return (Seed("spec", "packs/windows/month.yaml", text, beside={SPEC: spec}),)


@cache
def surroundings() -> tuple[Seed, ...]:
    """An installation and a distribution beside a spec's own packs."""
    head = Yaml.tree(HEAD)
    chosen = {"distribution": "ours", "installation": {"kind": "mine", "release": "a"}}
    environment = {**head["environment"], **chosen}
    spec = {**head, "packs": ["packs"], "environment": environment, "kubernetes": {"kube-state-metrics": None}}
    mine = {
        "title": "Mine",
        "about": "What we have.",
        "docs": "https://example.com/",
        "options": {"release": {"default": "a", "about": "The release.", "choices": ["a", "b"]}},
        "names": {"fullname": "${installation.release}-stack"},
        "cluster_on": "alerts",
        "environment": {"prometheus": {"service_account": "${installation.fullname}", "scrape_interval": "20s"}},
        "sources": {
            "kube_state_metrics": {
                "selector": 'job="${installation.fullname}"',
                "drops": [{"metrics": "kube_state_metrics_.*", "where": 'resource="pods"'}],
                "keeps": {"metrics": ["kube_.+"], "called": "the list", "remedy": "widen it"},
            }
        },
        "packs": {"kube-state-metrics": {"parameters": {"telemetry": False}}},
    }
    ours = {"title": "Ours", "about": "Our own.", "docs": "https://example.com/", "packs": {"etcd": {"absent": "why"}}}
    files = {"packs/installations/mine.yaml": Yaml.text(mine), "packs/distributions/ours.yaml": Yaml.text(ours)}
    beside = {SPEC: Yaml.text(spec), **files}
    return tuple(Seed("spec", target, text, beside=beside) for target, text in files.items())


@cache
def exchanged() -> tuple[Seed, ...]:
    """Files of sloth and OpenSLO."""
    cases = (path for path in sorted((TESTS / "exchange" / "cases").glob("*/*.yaml")) if path.name != "expected.yaml")
    return tuple(Seed("objectives", path.name, path.read_text(), Documents) for path in cases)


@cache
def values() -> tuple[Seed, ...]:
    """Values of a chart."""
    return (Seed("values", "values.yaml", (TESTS / "exchange" / "chart_values.yaml").read_text(), Documents),)


class Documents:
    """YAML with several documents in a file."""

    @staticmethod
    def tree(text: str) -> Any:
        return [one.content for one in parse_documents(text, "seed")]

    @staticmethod
    def text(tree: Any) -> str:
        return yaml.dump_all(tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)


@cache
def routings() -> tuple[Seed, ...]:
    """Configurations of Alertmanager, as they are built and as people write them."""
    built = TESTS / "golden" / "cases" / "queue" / "expected" / "prometheus" / "alertmanager" / "alertmanager.yaml"
    manifest = next((TESTS / "golden" / "cases" / "queue" / "expected").rglob("*--Secret--*.yaml"))
    by_hand = (HERE / "alertmanager.yaml").read_text()
    texts = (built.read_text(), manifest.read_text(), by_hand)
    return tuple(Seed("routing", "new.yaml", text, beside={OLD: text}) for text in texts)


@cache
def manifests() -> tuple[Seed, ...]:
    """The list of our files in an output folder, with a file beside the folder that looks like ours."""
    digest = hashlib.sha256(OURS.encode()).hexdigest()
    files = dict.fromkeys(("rules/old.yaml", "runbooks/a.md", "kustomization.yaml"), digest)
    beside = {KEPT: OURS, **{f"{OUTPUT}/{path}": OURS for path in files}}
    text = json.dumps({"generator": "obsgen/1.0.0", "files": files})
    return (Seed("manifest", f"{OUTPUT}/.obsgen-manifest", text, Json, beside),)


@cache
def answers() -> tuple[Seed, ...]:
    """Answers of Prometheus' query API."""
    metric = {"__name__": "up", "job": "node", "instance": "n1:9100"}
    bodies: tuple[dict[str, Any], ...] = (
        {"resultType": "vector", "result": [{"metric": metric, "value": [1767615300.1, "1"]}]},
        {"resultType": "matrix", "result": [{"metric": metric, "values": [[1, "1"], [61, "NaN"]]}]},
        {"resultType": "scalar", "result": [1767615300.1, "1767615300.1"]},
    )
    written: list[dict[str, Any]] = [{"status": "success", "data": body, "warnings": ["late"]} for body in bodies]
    written += [{"status": "success", "data": ["up", "down"]}]
    written += [{"status": "error", "errorType": "bad_data", "error": "parse error"}]
    return tuple(Seed("answer", "answer.json", json.dumps(body), Json) for body in written)


@cache
def samples() -> tuple[Seed, ...]:
    """OpenMetrics."""
    text = (ROOT / "config" / "samples" / "capacity.om").read_text()
    return (Seed("samples", "samples.om", "".join(text.splitlines(keepends=True)[:40]) + "# EOF\n", Lines),)


def commanded() -> tuple[Seed, ...]:
    """The specs, given to the commands that read one."""
    return tuple(Seed("command", seed.target, seed.text, seed.form, seed.beside) for seed in specs())
