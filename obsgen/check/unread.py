"""Check that what is scraped is read, and that what is read is scraped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from obsgen.check.scraped import Read, left_to_others, reads
from obsgen.diagnostics import Diagnostic, Location
from obsgen.ir.bundle import Bundle
from obsgen.model.stack import Component, Stack

_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Unread:
    """A job of a component whose series nothing reads."""

    name: str
    where: Location
    off: bool = False
    """Whether it is said to be others', and not obsgen's own."""


def unmet_jobs(stack: Stack, bundle: Bundle) -> Iterator[Diagnostic]:
    """A scrape job that nothing reads, and rules that read what nothing scrapes; where each has the other, once."""
    wanted = reads(stack, bundle)
    idle = {
        component.name: [*_unread_jobs(component, bundle, wanted), *_unread_left(component, wanted)]
        for component in stack.components
    }
    lost = _unscraped(stack, bundle, [one for one in wanted if idle[one.component.name] or not _instead(one, wanted)])
    for component in stack.components:
        unread = idle[component.name]
        blind = [one for one in lost if one.component.name == component.name]
        # Under the right name it is the namespace that differs, of which the rules' finding speaks.
        if len(unread) == len(blind) == 1 and blind[0].meets_job(unread[0].name):
            unread = []
        if len(unread) == len(blind) == 1:
            yield _misnamed(unread[0], blind[0])
            continue
        yield from (_unread(job, component, wanted) for job in unread)
        yield from (_unscraped_rules(one, bundle) for one in blind)


def _unread_jobs(component: Component, bundle: Bundle, wanted: Sequence[Read]) -> Iterator[_Unread]:
    # What names no job is read from the jobs of its own component only.
    near = [one for one in wanted if one.jobs or one.component.name == component.name]
    asked_again = [job for source in component.sources.values() if source.scraped_by for job in source.jobs]
    for scrape in bundle.scrapes:
        job = scrape.job
        if scrape.component == component.name and job not in asked_again and not any(one.meets(job) for one in near):
            yield _Unread(job.name, _in_spec(job.origin, component))


def _unread_left(component: Component, wanted: Sequence[Read]) -> Iterator[_Unread]:
    """A job that is switched off, that is nobody's, and that nothing reads."""
    for job in component.left_jobs:
        if not job.declared and not any(one.meets_job(job.name) for one in wanted):
            yield _Unread(job.name, job.origin, off=True)


def _unscraped(stack: Stack, bundle: Bundle, wanted: Sequence[Read]) -> tuple[Read, ...]:
    """What rules read, each once, and neither obsgen nor, as far as the spec says, anybody else scrapes."""
    sources = left_to_others(stack)
    left = [job.name for component in stack.components for job in component.left_jobs]
    found: dict[str, Read] = {}
    for one in wanted:
        brought = (
            any(one.meets(scrape.job) for scrape in bundle.scrapes)
            or any(map(one.meets_source, sources))
            or any(map(one.meets_job, left))
        )
        if one.ruled and one.jobs and not brought:
            found.setdefault(str(one), one)
    return tuple(found.values())


def _instead(read: Read, wanted: Sequence[Read]) -> bool:
    """Whether it is read in the place of what others scrape for its component, and so is theirs too."""
    component = read.component
    own = [one for one in wanted if one.component.name == component.name]
    jobs = [job.name for job in component.left_jobs if job.declared]
    sources = [source for source in component.sources.values() if source.scraped_by]
    return not all(any(one.meets_job(job) for one in own) for job in jobs) or not all(
        any(one.meets_source(source) for one in own) for source in sources
    )


def _misnamed(job: _Unread, one: Read) -> Diagnostic:
    message = f"no rule reads the series of scrape job '{job.name}': those of '{one.component.name}' read {one}"
    hint = f"call the job '{one.job}', as the rules do"
    if not job.off:
        hint += f"; or where others scrape that, switch this one off: scrape: {{{job.name}: {{enabled: false}}}}"
    return Diagnostic("OBS436", message, job.where, hint)


def _unread(job: _Unread, component: Component, wanted: Sequence[Read]) -> Diagnostic:
    own = dict.fromkeys(one.job for one in wanted if one.component.name == component.name and one.job)
    hint = "take it out, or read its series in a signal or an alert"
    if own:
        shown = ", ".join(f"'{name}'" for name in list(own)[:_NAMED])
        hint += f"; the rules of '{component.name}' read job {shown}, and a job is changed under its own name"
    return Diagnostic("OBS436", f"no rule reads the series of scrape job '{job.name}'", job.where, hint)


def _unscraped_rules(one: Read, bundle: Bundle) -> Diagnostic:
    message, hint = f"the rules of '{one.component.name}' read {one}, and nothing scrapes that", _way_out(one, bundle)
    astray = next((scrape.job for scrape in bundle.scrapes if one.meets_job(scrape.job.name)), None)
    if astray:
        where, hint = f"namespace '{astray.namespace}'", "let the component and its scrape job name one namespace"
        if astray.targets:
            where, hint = "no namespace", f'give the component a selector without one: selector: job="{astray.name}"'
        message += f": the targets of job '{astray.name}' are in {where}"
    return Diagnostic("OBS437", message, _in_spec(one.place, one.component), hint)


def _way_out(one: Read, bundle: Bundle) -> str:
    job = one.job or "<job>"
    scraped = [scrape.job for scrape in bundle.scrapes]
    idle = [
        source.name
        for source in one.component.sources.values()
        if source.jobs and not any(own in scraped for own in source.jobs)
    ]
    others = f"scrape: {{{job}: {{enabled: false}}}}"
    if len(idle) == 1:
        others = f"environment: {{sources: {{{idle[0]}: {{selector: '{one}'}}}}}}"
    ours = f"scrape: {{{job}: {{selector: {{app: {job}}}, port: <name of the port>}}}}"
    return f"write {ours}; or, where others scrape it, {others}"


def _in_spec(place: Location | None, component: Component) -> Location:
    """The place, or this use of the pack where it lies in the pack, which the user did not write."""
    return place if place and place.file != component.places.root.file else component.origin
