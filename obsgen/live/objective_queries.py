"""Every query of the report on objectives, and which of them the user chose."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from obsgen.live.queries import late
from obsgen.lower import names
from obsgen.promql.matcher import quote
from obsgen.units import Duration

_BASE = Duration.parse("5m")
# What is known at one moment; the windows are found by their names, as a spec may bring its own.
_READ = (
    rf"objective:error_ratio:(rate([0-9]+(ms|[dhms]))+|month)|{names.BUDGET_REMAINING}"
    "|objective:total:(increase[0-9].*|month)"
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The objectives of the report; nothing given means all."""

    cluster: str | None = None
    component: str | None = None
    objective: str | None = None

    def series(self, metric: str, *matchers: str) -> str:
        """The metric's series of the chosen objectives."""
        inside = ",".join((*self.matchers, *matchers))
        return f"{metric}{{{inside}}}" if inside else metric

    @property
    def matchers(self) -> tuple[str, ...]:
        """As PromQL has them."""
        own = {"cluster": self.cluster, "component": self.component, "objective": self.objective}
        return tuple(f"{label}={quote(value)}" for label, value in own.items() if value is not None)


def objective_queries(chosen: Chosen) -> Mapping[str, str]:
    """Name to PromQL, in the order in which they are asked; the last one is a range query over each period."""
    spending = spending_query(chosen, (), Duration.parse("1h"))
    return {**newest_queries(chosen), **standing_queries(chosen), "spending, every hour of the period": spending}


def newest_queries(chosen: Chosen) -> Mapping[str, str]:
    """Asked first: the time of every cluster's newest sample, now and in the hour before."""
    newest = f"max by (cluster) (timestamp({chosen.series(names.TARGET)}))"
    return {"newest": newest, "newest_of_an_hour": late(newest)}


def standing_queries(chosen: Chosen) -> Mapping[str, str]:
    """What was promised, and everything recorded about it, whatever its windows and groups."""
    return {"promised": chosen.series(names.TARGET), "recorded": chosen.series("", f'__name__=~"{_READ}"')}


def spending_query(chosen: Chosen, components: Collection[str], step: Duration) -> str:
    """The failed events of each step, as a sum of recorded rates; only those of some components if any are given."""
    among = () if chosen.component is not None or not components else (f"component=~{quote(_any_of(components))}",)
    return f"sum_over_time({chosen.series(names.errors_rate(_BASE), *among)}[{step}]) > 0"


def _any_of(values: Collection[str]) -> str:
    return "|".join(re.escape(value) for value in sorted(values))
