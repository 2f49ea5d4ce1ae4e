"""Asks a server what there is of the series that are read: now, over the last day, and under which other labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from obsgen.live.coverage.batches import answers, counts
from obsgen.live.coverage.likeness import Likeness
from obsgen.live.coverage.selection import Selection
from obsgen.promql.matcher import LABEL_NAME, METRIC_NAME, Matcher
from obsgen.query.errors import AnswerTooLarge, PrometheusError, QueryFailed, TooSlow
from obsgen.query.prometheus import Prometheus
from obsgen.query.rules import LoadedRule
from obsgen.query.samples import Sample

DAY: Final = 86_400.0
# Selectors whose series are counted in one query: with 500 nodes they may have 15,000 each.
AT_ONCE: Final = 40
# Of the values that a label has instead; one more would be asked for to know that there are more.
_VALUES: Final = 6
# Metrics that are compared by name; the largest servers have some ten thousand.
_MANY: Final = 100_000
# Characters of a metric's name: the longest of any pack has 80.
_LONGEST: Final = 200
# Kinds of targets, told apart by job, namespace and what else sources select by.
_KINDS: Final = 20_000
_TARGETS: Final = {
    "all": "count by ({labels}) (up)",
    "down": "count by ({labels}) (up == 0)",
    "scraped": "sum by ({labels}) (scrape_samples_scraped)",
    "kept": "sum by ({labels}) (scrape_samples_post_metric_relabeling)",
}


@dataclass(frozen=True, slots=True)
class Targets:
    """Targets with these labels: how many there are and are down, their samples, and how many of these are kept."""

    labels: Mapping[str, str]
    all: int = 0
    down: int = 0
    scraped: float = 0.0
    kept: float = 0.0


@dataclass(frozen=True, slots=True)
class Survey:
    """What the server holds; selectors are texts, those without series are in no mapping."""

    series: Mapping[str, float]
    lately: Mapping[str, float]
    """Of those whose metric has no series now: how many there were within the last day."""
    values: Mapping[tuple[str, str], tuple[str, ...]]
    """What a label is on the series of a selector, the most frequent first; empty for series without it."""
    targets: Sequence[Targets]
    rules: Sequence[LoadedRule] | None
    called: Likeness = field(default_factory=lambda: Likeness(()))
    """The server's metrics, where any is missing."""
    warnings: tuple[str, ...] = field(default=())

    def removing(self, selection: Selection) -> int | None:
        """The place of the matcher behind which no series is left; None where there are some, or were none before."""
        steps = selection.steps
        if steps[0] not in self.series or steps[-1] in self.series:
            return None
        return next(place for place, step in enumerate(steps[1:]) if step not in self.series)

    def targets_of(self, matchers: Iterable[Matcher]) -> list[Targets]:
        """The targets that pass these matchers, as far as targets have such labels."""
        known = {name for one in self.targets for name in one.labels}
        asked = [one for one in matchers if one.name in known]
        if not any(one.matches("") is False for one in asked):
            return []
        return [one for one in self.targets if all(m.matches(one.labels.get(m.name, "")) for m in asked)]


def survey(prometheus: Prometheus, selections: Iterable[Selection], *, at: float) -> Survey:
    """In four rounds, each about what the former found missing."""
    asked = list(dict.fromkeys(selections))
    series = dict(counts(prometheus, [one.text for one in asked], at=at, most=AT_ONCE))
    missing = [one for one in asked if one.text not in series]
    series |= counts(prometheus, [step for one in missing for step in one.steps[:-1]], at=at)
    gone = [one.text for one in missing if one.steps[0] not in series]
    lately, warning = _lately(prometheus, gone, at)
    labels = sorted({matcher.name for one in asked for matcher in one.source if LABEL_NAME.fullmatch(matcher.name)})
    found = Survey(series, lately, {}, _targets(prometheus, labels, at), _rules(prometheus))
    return Survey(
        series,
        lately,
        _values(prometheus, missing, found, at),
        found.targets,
        found.rules,
        Likeness(_names(prometheus, at) if gone else ()),
        warning,
    )


def _lately(prometheus: Prometheus, selectors: Sequence[str], at: float) -> tuple[Mapping[str, float], tuple[str, ...]]:
    over_a_day = {text: f"count_over_time({text}[1d])" for text in selectors}
    try:
        found = counts(prometheus, over_a_day.values(), at=at)
    except (QueryFailed, TooSlow) as error:
        # A day of what a whole cluster no longer sends may be more than one query may read.
        return {}, (f"whether missing series were there within the last day is not known: {error}",)
    return {text: found[asked] for text, asked in over_a_day.items() if asked in found}, ()


def _targets(prometheus: Prometheus, labels: Sequence[str], at: float) -> tuple[Targets, ...]:
    queries = {name: query.format(labels=", ".join(labels)) for name, query in _TARGETS.items()}
    found = answers(prometheus, queries.values(), at=at)

    def by_labels(name: str) -> dict[tuple[str, ...], Sample]:
        samples = found.get(queries[name], ())
        return {tuple(one.labels.get(label, "") for label in labels): one for one in samples}

    if len(found.get(queries["all"], ())) > _KINDS:
        msg = f"{prometheus.title} has more than {_KINDS:,} kinds of targets, by {', '.join(labels)}"
        raise AnswerTooLarge(msg, query=queries["all"])

    figures = {name: by_labels(name) for name in _TARGETS}

    def of(name: str, key: tuple[str, ...]) -> float:
        return figures[name][key].value if key in figures[name] else 0.0

    return tuple(
        Targets(one.labels, int(one.value), int(of("down", key)), of("scraped", key), of("kept", key))
        for key, one in figures["all"].items()
    )


def _rules(prometheus: Prometheus) -> tuple[LoadedRule, ...] | None:
    """None where others evaluate them, or nobody."""
    try:
        return prometheus.rules()
    except PrometheusError:
        return None


def _values(
    prometheus: Prometheus, missing: Iterable[Selection], found: Survey, at: float
) -> dict[tuple[str, str], tuple[str, ...]]:
    asked: dict[str, tuple[str, str]] = {}
    for one in missing:
        place = found.removing(one)
        if place is not None and LABEL_NAME.fullmatch(label := one.matchers[place].name):
            step = one.step(place)
            asked[f"topk({_VALUES}, count by ({label}) ({step}))"] = step, label
    return {
        asked[query]: tuple(one.labels.get(asked[query][1], "") for one in sorted(samples, key=lambda one: -one.value))
        for query, samples in answers(prometheus, asked, at=at).items()
    }


def _names(prometheus: Prometheus, at: float) -> Collection[str]:
    """They only help to guess what a metric is called now: of very many, or of other things, none is looked at."""
    try:
        names = prometheus.metric_names(start=at - DAY, end=at)
    except PrometheusError:
        return ()
    return [one for one in names if METRIC_NAME.fullmatch(one) and len(one) <= _LONGEST] if len(names) <= _MANY else ()
