"""The form of a guard: what is done on purpose, and looks like a fault meanwhile."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from obsgen.spec.feeds import FeedSpec
from obsgen.spec.metrics import Metric
from obsgen.spec.written import Identifier, LabelName, Template, Written

_Feeds = Annotated[list[FeedSpec], Field(min_length=1)]


class GuardSpec(Written):
    """A state of the cluster in which some alerts are none, written once for all of them.

    An alert that names it under `unless` holds only where the guard has no series with the same labels `on`.
    """

    about: str
    on: list[LabelName] = Field(min_length=1, description="the labels in which guard and alert agree")
    metrics: dict[str, Metric] = Field(min_length=1, description="every metric that it reads, with its type")
    expr: Template = Field(description="PromQL that has a series for whatever is in this state")
    silent_while: dict[str, _Feeds] = Field(
        min_length=1, description="by the words for it, series with which the guard holds; each is a test of each alert"
    )
    fires_while: dict[str, _Feeds] = Field(
        default_factory=dict, description="series that look alike, and with which the alert fires all the same"
    )
    covers: list[Template] = Field(
        default_factory=list, description="selectors of what looks like a fault then: alerts on it must take a stand"
    )


class GuardsSpec(Written):
    """`config/guards.yaml`: what alerts of several packs wait for."""

    guards: dict[Identifier, GuardSpec]
