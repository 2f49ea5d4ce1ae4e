"""Why series are missing: judged from what the server has instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from obsgen.live.coverage.remedies import SHOWN_VALUE, Remedies, named_otherwise
from obsgen.live.coverage.selection import Identities, Matchers, Selection
from obsgen.live.coverage.survey import Survey, Targets
from obsgen.live.coverage.types import Fault
from obsgen.model.source import Source
from obsgen.model.stack import Component
from obsgen.printable import shortened
from obsgen.promql.matcher import Matcher

# Every target has these, whatever it is: that they come under another name says nothing.
_OF_ANY_TARGET: Final = ("up", "scrape_", "process_", "go_", "promhttp_")
_NEAR_JOB: Final = 0.85
_MANY: Final = 3


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing is wrong: the series come with an event that has not been."""

    why: str


class Diagnosis:
    """Knows what a server has, and what all of one component's selectors tell together.

    `taken` are matchers by which the stack reads something: their series are not this component's under another name.
    """

    def __init__(self, component: Component | None, identities: Identities, seen: Survey, taken: Set[Matcher]) -> None:
        self._taken = taken
        self._identities = identities
        self._seen = seen
        self.remedies = Remedies(component)
        self._renamed: dict[Matchers, tuple[Matcher, str] | None] = {}
        self._there: set[Matchers] = set()

    def learn(self, selections: Iterable[Selection]) -> None:
        """Look at everything that is read from each source: what one metric leaves open, all together show."""
        by_source: dict[Matchers, dict[str, Selection]] = {}
        for one in selections:
            if one.source and not one.metric.startswith(_OF_ANY_TARGET):
                by_source.setdefault(one.source, {})[one.metric or one.text] = one
        for source, read in by_source.items():
            if any(one.step(len(source)) in self._seen.series for one in read.values()):
                self._there.add(source)
            self._renamed[source] = self._other_name(list(read.values()))

    def _other_name(self, read: list[Selection]) -> tuple[Matcher, str] | None:
        """A matcher of the source, and the value that most of its metrics carry instead.

        One of many that is there under another name is not enough: others may expose a metric of its name.
        """
        votes: Counter[tuple[Matcher, str]] = Counter()
        for one in read:
            place = self._seen.removing(one)
            if place is not None and place < len(one.source):
                matcher = one.source[place]
                votes.update({(matcher, value) for value in self._free(one, place)[:1]})
        found = sum(one.steps[0] in self._seen.series for one in read)
        best = votes.most_common(1)
        return best[0][0] if best and best[0][1] * 2 >= found and best[0][1] * 4 >= len(read) else None

    def _free(self, selection: Selection, place: int) -> list[str]:
        """What the label of the matcher is instead, where nothing else is read by that."""
        matcher = selection.matchers[place]
        values = self._seen.values.get((selection.step(place), matcher.name), ())
        return [value for value in values if Matcher(matcher.name, "=", value) not in self._taken]

    def why(self, selection: Selection) -> Fault | Quiet | None:
        """What is wrong with these series; None where they are there."""
        if selection.text in self._seen.series:
            return None
        place = self._seen.removing(selection)
        if place is not None and place >= len(selection.source):
            return self._without_value(selection, place)
        metric = self._identities.metrics.get(selection.metric)
        there = selection.source in self._there or self._up(selection)
        if metric and metric.only_while and there:
            return Quiet(f"it is there only while {metric.only_while}")
        if selection.text in self._seen.lately and there and place is None and not self._dropped(selection):
            return Quiet("it was there within the last day")
        cause, remedy = self._of_source(selection, place)
        return Fault(selection.text, cause, remedy, selection.text in self._seen.lately)

    def _without_value(self, selection: Selection, place: int) -> Fault | Quiet:
        """The metric is there; one of the matchers that choose among its series takes the last one."""
        matcher = selection.matchers[place]
        values = self._seen.values.get((selection.step(place), matcher.name), ())
        if any(values):
            return Quiet(f"nothing has {matcher} now; here {matcher.name} is {_listed(values)}")
        cause = f"no series of {selection.metric} has the label '{matcher.name}'"
        return Fault(selection.text, cause, self.remedies.without_label(matcher.name))

    def _of_source(self, selection: Selection, place: int | None) -> tuple[str, str]:
        source = next(self._identities.giving(selection.source), None)
        targets = self._seen.targets_of(selection.source)
        renamed = None if selection.source in self._there else self._renamed.get(selection.source)
        if renamed and not targets:
            return named_otherwise(*renamed), self.remedies.rename(source, *renamed)
        if not targets:
            return self._absent(selection, source)
        if all(one.down == one.all for one in targets):
            return _down(selection.source, targets), self.remedies.down()
        return self._elsewhere(selection, source, place) or self._of_metric(selection, source)

    def _elsewhere(self, selection: Selection, source: Source | None, place: int | None) -> tuple[str, str] | None:
        """This one metric of a source comes under another name than all others."""
        if source is None or place is None or selection.metric.startswith(_OF_ANY_TARGET) or self._dropped(selection):
            return None
        matcher, values = selection.source[place], self._free(selection, place)
        if not values:
            return None
        cause = f"{selection.metric} comes with {matcher.name} {_listed(values)} here, not with {matcher}"
        return cause, self.remedies.rename(source, matcher, values[0])

    def _absent(self, selection: Selection, source: Source | None) -> tuple[str, str]:
        if not selection.source:
            near = self._called_now(selection.metric)
            return near or ("no target gives it", self.remedies.without_target())
        cause = f"no target has {label_text(selection.source)}"
        return cause + self._near_job(selection.source), self.remedies.scrape(source, selection.source)

    def _of_metric(self, selection: Selection, source: Source | None) -> tuple[str, str]:
        """The target is up, and this metric is not among what is kept of it."""
        name = selection.metric or selection.text
        metric = self._identities.metrics.get(name)
        if source and (known := self._known_to_drop(source, name, selection)):
            return known
        if metric and metric.needs and selection.text not in self._seen.lately:
            return f"the target is up, and exposes it only with {metric.needs}", self.remedies.exporter(metric.needs)
        if metric and (metric.since or metric.until) and selection.text not in self._seen.lately:
            return _of_version(metric.since, metric.until), self.remedies.exporter("it")
        dropped = self._dropped(selection)
        if dropped and not _drops_knowingly(source):
            return f"the target is up, and {dropped}: this is likely among them", self.remedies.keep(source)
        if near := self._called_now(name):
            return near
        either = f", or {dropped} and this is among them" if dropped else ""
        return f"the target is up and does not expose it{either}", self.remedies.exporter("it")

    def _known_to_drop(self, source: Source, name: str, selection: Selection) -> tuple[str, str] | None:
        """What the spec or the installation says of the metric, whatever the server shows."""
        if any(Matcher("", "=~", one).matches(name) for job in source.jobs for one in job.drop_metrics):
            return "drop_metrics of the scrape job drops it", "take it out of drop_metrics of its scrape job"
        if source.absent or not (why := source.lacks(name, selection.matchers)):
            return None
        listed = source.keeps if source.keeps and source.keeps.leaves_out(name) else None
        return f"the target is up, and {why}", listed.remedy if listed else self.remedies.keep(source)

    def _dropped(self, selection: Selection) -> str:
        targets = self._seen.targets_of(selection.source)
        scraped, kept = sum(one.scraped for one in targets), sum(one.kept for one in targets)
        if not kept < scraped:
            return ""
        return f"metric relabeling drops {scraped - kept:,.0f} of the {scraped:,.0f} samples that it gives"

    def _called_now(self, name: str) -> tuple[str, str] | None:
        """Another metric whose name is so much alike that it may be this one in another version."""
        near = self._seen.called.of(name, self._identities.metrics)
        if near is None:
            return None
        return f"the server has {near}, but no {name}", self.remedies.other_metric(name, near)

    def _up(self, selection: Selection) -> bool:
        return any(one.down < one.all for one in self._seen.targets_of(selection.source))

    def _near_job(self, source: Matchers) -> str:
        wanted = next((one.value for one in source if one.name == "job" and one.op == "="), "")
        every = {one.labels.get("job", "") for one in self._seen.targets} - {""}
        jobs = {job for job in every if len(job) <= SHOWN_VALUE}
        within = [job for job in sorted(jobs) if wanted and (wanted in job or job in wanted)]
        near = get_close_matches(wanted, within or sorted(jobs), n=1, cutoff=0 if within else _NEAR_JOB)
        return f"; there is a job '{near[0]}'" if near else ""


def label_text(matchers: Matchers) -> str:
    """Matchers as people write them between braces."""
    return ",".join(map(str, matchers))


def _down(source: Matchers, targets: list[Targets]) -> str:
    count = sum(one.all for one in targets)
    return f"{'the only target' if count == 1 else f'each of the {count} targets'} with {label_text(source)} is down"


def _drops_knowingly(source: Source | None) -> bool:
    """Whether it is known what the scrape drops, so that it explains samples that are not kept."""
    return source is not None and bool(source.drops or source.keeps or any(job.drop_metrics for job in source.jobs))


def _of_version(since: str | None, until: str | None) -> str:
    if since and until:
        return f"it is exposed from {since} to {until}: what runs here is probably another version"
    if since:
        return f"it is exposed since {since}: what runs here is probably older"
    return f"it is exposed up to {until}: what runs here is probably newer"


def _listed(values: Iterable[str]) -> str:
    shown = [f"'{shortened(one, SHOWN_VALUE)}'" for one in values if one]
    return ", ".join(shown[:_MANY]) + (", …" if len(shown) > _MANY else "") if shown else "missing"
