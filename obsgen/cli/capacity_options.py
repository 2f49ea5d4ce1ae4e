"""What `obsgen capacity` is asked for beside the source of samples: read from options, checked, made into values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from obsgen.cli.arguments import ToSpec, mistakes_reported, spec_options
from obsgen.cli.server import refuse
from obsgen.cli.server_options import FILE, at_option

if TYPE_CHECKING:
    from obsgen.live.asked import Terms
    from obsgen.live.selectors import Scope
    from obsgen.model.stack import Stack
    from obsgen.report.capacity_rows import View
    from obsgen.units import Duration

_Value = TypeVar("_Value")

# Spelled here too, so that help does not wait for the report; a test compares them.
DIMENSIONS = ("cluster", "node", "pool", "zone", "namespace", "team", "workload")

_OPTIONS = (
    click.option("--by", type=click.Choice(DIMENSIONS), help="Show this dimension only; CSV shows nodes otherwise."),
    click.option("--top", type=click.IntRange(min=1), metavar="N", help="The N fullest, or biggest users, of each."),
    click.option(
        "--namespace", "namespaces", multiple=True, metavar="NAME", help="Only its workloads; may be repeated."
    ),
    click.option(
        "--history",
        default="1d",
        show_default=True,
        help="How far back percentiles, forecasts and recommendations look; 0 for not at all.",
    ),
    click.option("--fit", metavar="SIZE", help="How many more pods of it fit: cpu=500m,memory=1Gi."),
    click.option(
        "--what-if",
        "questions",
        multiple=True,
        metavar="QUESTION",
        help="Suppose 'replicas of shop/orders=10'; may be repeated.",
    ),
    click.option("--window", default="5m", show_default=True, help="CPU is a mean over this; take four scrapes."),
    at_option,
    click.option(
        "--spec",
        type=FILE,
        metavar="FILE",
        help="Its watermarks, namespaces' teams and, without --url, clusters.",
    ),
    spec_options,
    click.option(
        "--allow-credentials-from-spec",
        is_flag=True,
        help="Send the variables that the spec names, and the files below its root, to the servers that it names.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(min=1, max=64),
        default=4,
        show_default=True,
        metavar="N",
        help="Clusters of a spec that are asked at once; of one server, never more than two.",
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options as they were written."""

    by: str | None
    top: int | None
    namespaces: tuple[str, ...]
    history: str
    fit: str | None
    questions: tuple[str, ...]
    window: str
    at: float | None
    spec: Path | None
    allow_credentials_from_spec: bool
    to_spec: ToSpec
    workers: int

    @property
    def view(self) -> View:
        """What is to be shown."""
        from obsgen.report.capacity_rows import View

        return View(self.by, self.top)  # type: ignore[arg-type]  # click has checked it

    @property
    def scope(self) -> Scope:
        """Which namespaces are asked about."""
        from obsgen.live.selectors import Scope

        return Scope(namespaces=self.namespaces)

    def rate_window(self) -> Duration:
        """What CPU is a mean over."""
        window = _duration("--window", self.window)
        if not window.milliseconds:
            refuse("--window", "'0' holds no samples: take four scrape intervals or more, such as 5m")
        return window

    def history_span(self) -> Duration:
        """How far back to look."""
        return _duration("--history", self.history)

    def stack(self) -> Stack | None:
        """The spec, where there is one."""
        if self.spec is None:
            return None
        from obsgen.pipeline import load_stack

        with mistakes_reported():
            return load_stack(self.to_spec(self.spec))

    def terms(self, stack: Stack | None) -> Terms:
        """What every cluster is asked for, with the watermarks of the spec and its applications' teams."""
        from obsgen.live.answers.fits import parse_pod
        from obsgen.live.answers.what_if import parse_question
        from obsgen.live.asked import Asked, Terms
        from obsgen.live.watermarks import DEFAULT_WATERMARKS, watermarks_of

        pod = _read("--fit", parse_pod, self.fit) if self.fit else {}
        questions = tuple(_read("--what-if", parse_question, text) for text in self.questions)
        return Terms(
            watermarks=watermarks_of(stack.capacity) if stack else DEFAULT_WATERMARKS,
            window=self.rate_window(),
            asked=Asked(self.history_span(), pod, questions, _owners(stack) if stack else {}),
        )


def wanted_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options above; the command gets them as one `wanted`."""

    @wraps(command)
    def with_wanted(**options: Any) -> None:
        wanted = Wanted(**{name: options.pop(name) for name in Wanted.__dataclass_fields__})
        command(wanted=wanted, **options)

    # Decorators apply from below: the last option first, so that help lists them in order.
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), with_wanted)


def _read(option: str, parse: Callable[[str], _Value], text: str) -> _Value:
    try:
        return parse(text)
    except ValueError as error:
        refuse(option, str(error))


def _duration(option: str, text: str) -> Duration:
    from obsgen.units import Duration

    return _read(option, Duration.parse, text)


def _owners(stack: Stack) -> Mapping[str, str]:
    """The applications' teams by namespace, where they agree on one."""
    teams: dict[str, set[str]] = {}
    for one in stack.components:
        if one.application:
            teams.setdefault(one.namespace, set()).add(one.team)
    return {namespace: next(iter(names)) for namespace, names in teams.items() if len(names) == 1}
