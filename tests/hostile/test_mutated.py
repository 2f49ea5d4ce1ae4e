"""Mutants of everything that is read: each is taken or refused as documented, whatever stands in it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.hostile import seeds
from tests.hostile.figures import PROPERTY
from tests.hostile.isolated import Isolated
from tests.hostile.mutations import mutants
from tests.hostile.readers import Outcome
from tests.hostile.seeds import Seed

# How many are tried of all kinds together: few and always the same in `make test`, many and new ones in `make fuzz`.
TRIED = int(os.environ.get("OBSGEN_FUZZ", "500"))
SEED = int(os.environ.get("OBSGEN_FUZZ_SEED", "1"))
QUICKLY_READ = ("go", "keepalived", "probe", "service")

# Kinds by their share of the tries.
KINDS: dict[str, tuple[int, Callable[[], tuple[Seed, ...]]]] = {
    "specs": (24, seeds.specs),
    "specs-in-commands": (12, seeds.commanded),
    "packs": (22, lambda: seeds.packs(QUICKLY_READ if TRIED <= 500 else ())),
    "windows": (2, seeds.windows),
    "surroundings": (2, seeds.surroundings),
    "objectives-of-other-tools": (12, seeds.exchanged),
    "values-of-charts": (2, seeds.values),
    "configurations-of-alertmanager": (12, seeds.routings),
    "manifests": (4, seeds.manifests),
    "answers": (6, seeds.answers),
    "samples": (2, seeds.samples),
}


@dataclass
class Figures:
    """What became of all mutants of a kind; `worst` holds the shortest one for each fault."""

    results: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    worst: dict[str, tuple[Seed, bytes, Outcome]] = field(default_factory=dict)

    def note(self, tried: Seed, body: bytes, outcome: Outcome) -> None:
        self.results[outcome.result] += 1
        self.reasons[outcome.reason] += 1
        known = self.worst.get(outcome.reason)
        if outcome.result == "bad" and (known is None or len(body) < len(known[1])):
            self.worst[outcome.reason] = (tried, body, outcome)

    def told(self) -> str:
        """Every fault with the mutant that shows it, to be kept as a case."""
        return "\n\n".join(
            f"{outcome.reason}\n{outcome.detail}\n-- {tried.target} --\n{body.decode(errors='backslashreplace')}"
            for tried, body, outcome in self.worst.values()
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutant_is_taken_or_refused_as_documented(
    kind: str, isolated: Isolated, record_property: Callable[[str, object], None]
) -> None:
    share, seeds_of_kind = KINDS[kind]
    figures = Figures()

    @seed(SEED)
    @settings(
        max_examples=TRIED * share // 100,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        chosen = data.draw(st.randoms(use_true_random=True)).choice(seeds_of_kind())
        body = data.draw(mutants(chosen.text, chosen.form))
        beside = {name: text.encode() for name, text in chosen.beside.items()}
        figures.note(chosen, body, isolated.outcome(chosen.reader, {**beside, chosen.target: body}))

    tried()
    record_property(PROPERTY, {"kind": kind, **figures.results, "refusals": dict(figures.reasons), "seed": SEED})
    assert not figures.worst, figures.told()
