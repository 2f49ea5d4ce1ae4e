"""Pass: where series lack the label `cluster`, tests feed none with it.

Tests are made as if the label were there; groups that lie in clusters of their own become tests of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from obsgen.ir.bundle import Bundle
from obsgen.ir.proofs import InputSeries, Proof, ReadingAssertion, RenderedAssertion, StateAssertion
from obsgen.model.stack import Stack
from obsgen.promql.series import series_labels, series_text

_LABEL = "cluster"


def without_cluster(stack: Stack, bundle: Bundle) -> Bundle:
    """The proofs as they hold in this one cluster."""
    if not stack.clusterless:
        return bundle
    home = stack.environment.cluster
    return replace(bundle, proofs=tuple(one for proof in bundle.proofs for one in _apart(proof, home)))


def _apart(proof: Proof, home: str) -> Iterator[Proof]:
    fed = [series_labels(one.series).get(_LABEL, home) for one in proof.series]
    clusters = dict.fromkeys((home, *fed))
    for name in clusters:
        alone = _Cluster(name, home, frozenset(clusters)).alone(proof)
        if name == home and (home in fed or not fed):
            yield alone
        # Healthy strangers show nothing by themselves; an objective's groups each come just short of something.
        elif name in fed and (proof.objective or _something_fires(alone)):
            yield alone


def _something_fires(proof: Proof) -> bool:
    return any(one.labels for one in proof.states) or any(one.alerts for one in proof.rendered)


@dataclass(frozen=True, slots=True)
class _Cluster:
    """One cluster's part of a proof, told as that of `home`."""

    name: str
    home: str
    clusters: frozenset[str]

    def alone(self, proof: Proof) -> Proof:
        """What is fed and expected there."""
        return replace(
            proof,
            series=tuple(self._unlabelled(proof.series)),
            states=tuple(self._state(one) for one in proof.states),
            rendered=tuple(self._rendered(one) for one in proof.rendered),
            readings=tuple(self._reading(one) for one in proof.readings),
        )

    def _unlabelled(self, series: Iterable[InputSeries]) -> Iterator[InputSeries]:
        for one in series:
            labels = series_labels(one.series)
            lies_in = labels.pop(_LABEL, None)
            if lies_in is None:
                yield one
            elif lies_in == self.name:
                yield InputSeries(series_text(labels), one.values)

    def _state(self, state: StateAssertion) -> StateAssertion:
        return replace(state, labels=tuple(self._at_home(one) for one in state.labels if self._holds(one)))

    def _rendered(self, assertion: RenderedAssertion) -> RenderedAssertion:
        here = (one for one in assertion.alerts if self._holds(one.labels))
        return replace(assertion, alerts=tuple(replace(one, labels=self._at_home(one.labels)) for one in here))

    def _reading(self, reading: ReadingAssertion) -> ReadingAssertion:
        here = ((self._at_home(labels), value) for labels, value in reading.samples if self._holds(labels))
        return replace(reading, samples=tuple(here))

    def _holds(self, labels: Mapping[str, str]) -> bool:
        lies_in = labels.get(_LABEL, self.home)
        # A value that no series has is the rule's own.
        return (lies_in if lies_in in self.clusters else self.home) == self.name

    def _at_home(self, labels: Mapping[str, str]) -> dict[str, str]:
        renamed = {_LABEL: self.home} if labels.get(_LABEL) in self.clusters else {}
        return {**labels, **renamed}
