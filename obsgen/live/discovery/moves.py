"""Sources whose metrics are there under another job than the one they are expected under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from obsgen.live.discovery.asking import Asking, Labels
from obsgen.live.discovery.packs import IsThere
from obsgen.live.discovery.reads import Candidates, Read
from obsgen.live.discovery.recognising import plain
from obsgen.model.source import Source
from obsgen.promql.matcher import Matcher
from obsgen.query.samples import Sample

# Every source that is missed costs a question.
_MOST_SOURCES = 8
_TOLD_BY = ("metrics_path", "endpoint")


@dataclass(frozen=True, slots=True)
class Move:
    """A source's selector as it is here, and why."""

    selector: str
    why: str


def moves(candidates: Candidates, is_there: IsThere, asking: Asking, targets: Sequence[Labels]) -> dict[str, Move]:
    """The sources of which nothing is where it should be, found elsewhere by what only they expose."""
    missed = dict(_own_metrics(candidates, is_there))
    named = asking.existing(metric for metrics in missed.values() for metric in metrics)
    found: dict[str, Move] = {}
    for name, metrics in missed.items():
        existing = [metric for metric in metrics if metric in named]
        if 2 * len(existing) >= len(metrics) and len(found) < _MOST_SOURCES:
            move = _moved(asking.jobs_with(existing), len(existing), targets)
            if move:
                found[name] = move
    return found


def scraped_already(candidates: Candidates, is_there: IsThere, targets: Sequence[Labels]) -> dict[str, Move]:
    """Sources that obsgen would scrape and somebody does; its own jobs' targets carry the label cluster."""
    others = [one for one in targets if not one.get("cluster")]
    reads = [read for pack in candidates.packs for read in pack.reads if read.of_exporter]
    there = {read.source for read in reads if is_there(read)}
    return {
        name: Move(source.selector, "Scraped already, so obsgen writes no monitor of it.")
        for name, source in candidates.sources.items()
        if name in there and source.jobs and any(_of(source, one) for one in others)
    }


def _of(source: Source, target: Labels) -> bool:
    jobs = [one for one in source.matchers if one.name == "job"]
    return bool(jobs) and all(one.matches(target.get("job", "")) for one in jobs)


def _own_metrics(candidates: Candidates, is_there: IsThere) -> Iterator[tuple[str, list[str]]]:
    reads = [read for pack in candidates.packs for read in pack.reads if read.of_exporter and read.source]
    readers: dict[str, set[str]] = {}
    by_source: dict[str, list[Read]] = {}
    for read in reads:
        readers.setdefault(read.metric, set()).add(read.source)
        by_source.setdefault(read.source, []).append(read)
    for source, own in by_source.items():
        metrics = [read.metric for read in own if len(readers[read.metric]) == 1]
        if metrics and not any(is_there(read) for read in own):
            yield source, list(dict.fromkeys(metrics))


def _moved(jobs: Iterable[Sample], wanted: int, targets: Sequence[Labels]) -> Move | None:
    """The jobs that bring the most of them, where that is at least half."""
    counted = {_place(sample.labels): sample.value for sample in jobs if plain(sample.labels.get("job", ""))}
    most = max(counted.values(), default=0)
    best = [place for place, count in counted.items() if count == most]
    if 2 * most < wanted or len({tuple(place)[1:] for place in best}) > 1:
        return None
    matchers = [Matcher("job", "=~" if len(best) > 1 else "=", "|".join(sorted(place[0] for place in best)))]
    job = {place[0] for place in best}
    for label, value in zip(_TOLD_BY, best[0][1:], strict=True):
        if value and len({one.get(label, "") for one in targets if one.get("job") in job}) > 1:
            matchers.append(Matcher(label, "=", value))
    return Move(",".join(map(str, matchers)), f"{round(most)} of {wanted} of its metrics are there under this job.")


def _place(labels: Mapping[str, str]) -> tuple[str, ...]:
    return (labels["job"], *(labels.get(label, "") for label in _TOLD_BY))
