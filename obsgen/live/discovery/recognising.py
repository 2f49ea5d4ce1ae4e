"""Which installation and which distribution the targets and nodes speak of, and how sure that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from obsgen.diagnostics import Findings, Location
from obsgen.live.discovery.asking import Labels
from obsgen.printable import shortened
from obsgen.promql.matcher import Selector
from obsgen.promql.selector import parse_matchers
from obsgen.resolve.environment import installation_names
from obsgen.spec.installation import NO_INSTALLATION, InstallationChoice
from obsgen.spec.recognised import ReadingSpec, RecognisedSpec, SignsSpec
from obsgen.spec.source import Places
from obsgen.spec.stack import EnvironmentSpec
from obsgen.spec.surroundings import INSTALLATIONS

# What is written into a spec, where it may become part of a selector, a name or a comment.
# Of what a server says of itself in a comment or a message; honest names are shorter.
SHOWN = 100
_PLAIN = re.compile(r"[\w./:@-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that was recognised, why, and the options that could be read."""

    name: str
    why: str
    options: Mapping[str, str] = field(default_factory=dict)


def plain(text: str) -> bool:
    """Whether a name from a server can stand in a spec as it is."""
    return _PLAIN.fullmatch(text) is not None


def installation_of(series: Sequence[Labels], table: RecognisedSpec) -> Kind:
    """The installation of which targets and nodes show the most signs; `none` where none shows more than half.

    Others call a job `node` too: of several weak signs most must be there.
    """
    signs = {kind: one.signs for kind, one in table.installations.items() if kind in INSTALLATIONS.files()}
    found = _found(series, signs)
    fitting = [kind for kind in signs if 2 * len(found[kind]) > len(signs[kind])]
    ranked = sorted(fitting, key=lambda kind: (-len(found[kind]), len(signs[kind])))
    if not ranked:
        return Kind(NO_INSTALLATION, _not_one("No installation that obsgen knows", found, signs))
    kind, others = ranked[0], ranked[1:]
    why = f"{len(found[kind])} of its {len(signs[kind])} signs are there, such as {found[kind][0]}"
    if others:
        why += f"; it could also be {_listed(others, found, signs)}"
    return Kind(kind, why)


def distribution_of(nodes: Sequence[Labels], table: RecognisedSpec, installation: str) -> Kind:
    """The distribution that the nodes speak of; kubeadm where they say nothing else."""
    found = _found(nodes, table.distributions)
    ranked = [kind for kind in found if found[kind]]
    if not ranked:
        known = installation if installation in table.distributions else ""
        if known:
            return Kind(known, f"The installation is {known}'s own.")
        seen = "The kubelets' versions name no other" if nodes else "There is no kube_node_info to tell"
        return Kind("kubeadm", f"{seen}; --distribution names one.")
    kind, others = ranked[0], ranked[1:]
    example = next(one for one in nodes if Selector("", parse_matchers(found[kind][0])).matches(one))
    version, system = (shortened(example.get(label, ""), SHOWN) for label in ("kubelet_version", "os_image"))
    why = f"kubelet {version} on {system}"
    if others:
        why += f"; some nodes look like {', '.join(others)}"
    return Kind(kind, why)


def _found(series: Sequence[Labels], signs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {
        kind: [sign for sign in own if any(Selector("", parse_matchers(sign)).matches(one) for one in series)]
        for kind, own in signs.items()
    }


def metrics_to_look_for(kind: str, table: RecognisedSpec) -> list[str]:
    """The metrics by which options of this installation are told."""
    signs = table.installations.get(kind)
    readings = (one for listed in signs.options.values() for one in listed) if signs else ()
    return [one.metric for one in readings if one.metric]


def with_options(kind: Kind, series: Sequence[Labels], metrics: Collection[str], table: RecognisedSpec) -> Kind:
    """The same with the options that targets, nodes and metrics tell; what was given stays."""
    installation = INSTALLATIONS.load(kind.name, INSTALLATIONS.files()[kind.name])
    signs = table.installations.get(kind.name) or SignsSpec(signs=[""])
    read = {name: _read(series, listed, metrics) for name, listed in signs.options.items()}
    options = {name: value for name, value in read.items() if value} | dict(kind.options)
    for option, one in signs.overrides.items():
        choice = InstallationChoice(kind=kind.name, **options)
        environment = EnvironmentSpec(cluster="", installation=choice)
        names = installation_names(environment, installation, Places(Location("", 1, 1)), Findings())
        seen = _read(series, [one], metrics)
        if option not in options and seen and seen != names[one.name]:
            options[option] = seen
    return replace(kind, options=options)


def _read(series: Sequence[Labels], readings: Iterable[ReadingSpec], metrics: Collection[str]) -> str:
    """The first reading that fits; of a label the most frequent value."""
    for one in readings:
        where = Selector("", parse_matchers(one.where))
        fitting = [labels for labels in series if where.matches(labels)]
        if one.value is not None:
            if fitting and (one.metric is None or one.metric in metrics):
                return one.value
            continue
        texts = [labels.get(one.label or "", "") for labels in fitting]
        values = [found[1] for text in texts if (found := re.fullmatch(one.pattern, text)) and plain(found[1])]
        if values:
            return Counter(values).most_common(1)[0][0]
    return ""


def _not_one(nothing: str, found: Mapping[str, Sequence[str]], signs: Mapping[str, Sequence[str]]) -> str:
    little = [kind for kind in found if found[kind]]
    return f"{nothing} was recognised" + (f"; a little speaks for {_listed(little, found, signs)}" if little else "")


def _listed(kinds: Iterable[str], found: Mapping[str, Sequence[str]], signs: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{kind} ({len(found[kind])} of {len(signs[kind])} signs)" for kind in kinds)
