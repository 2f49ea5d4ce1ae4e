"""What to say of a setting that a pack does not have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from obsgen.diagnostics import did_you_mean, nearest
from obsgen.spec.library import Pack

Kind = Literal["threshold", "parameter", "selector"]


def unknown_setting(pack: Pack, kind: Kind, name: str) -> tuple[str, str, str]:
    """The finding's code and message, and what was meant: one of this kind, one of another, or any that there is."""
    spec = pack.spec
    known: Mapping[Kind, Collection[str]] = {
        "threshold": spec.thresholds,
        "parameter": spec.parameters,
        "selector": spec.selectors,
    }
    return "OBS203", f"pack '{pack.name}' has no {kind} '{name}'", spec.renamed(name) or _meant(known, kind, name)


def _meant(known: Mapping[Kind, Collection[str]], kind: Kind, name: str) -> str:
    if not nearest(name, known[kind]):
        for other, names in known.items():
            if near := nearest(name, names):
                return f"did you mean the {other} '{near}'? it is written under '{other}s'"
    there = [f"{other}s: {', '.join(sorted(names))}" for other, names in known.items() if names]
    otherwise = f"the pack has no {kind}s; its {'; its '.join(there)}" if there else "the pack takes no settings"
    return did_you_mean(name, known[kind], noun=f"its {kind}s", otherwise=otherwise)
