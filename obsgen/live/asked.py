"""What the caller of a capacity report may want beside the figures of the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypedDict

from obsgen.live.answers.what_if import Question
from obsgen.live.watermarks import Watermark
from obsgen.units import NO_TIME, Duration

DEFAULT_HISTORY: Final = Duration.parse("1d")


@dataclass(frozen=True, slots=True)
class Asked:
    """How far back to look, a size of pod to fit, what to suppose, and who owns which namespace.

    `owners` go by namespace; a namespace's own label `team` goes before them.
    """

    history: Duration = DEFAULT_HISTORY
    pod: Mapping[str, float] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)


class Terms(TypedDict):
    """What is asked of one cluster as of several: arguments of both reports."""

    watermarks: Mapping[str, Watermark]
    window: Duration
    asked: Asked


THE_PRESENT: Final = Asked(history=NO_TIME)
EVERYTHING_USUAL: Final = Asked()
