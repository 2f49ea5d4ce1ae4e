"""How much a written test makes promtool do: the samples of its series, and the evaluations up to its last moment."""

from __future__ import annotations

import re

from obsgen.limits import TEST_SAMPLES
from obsgen.model.stack import Case
from obsgen.units import NO_TIME

_REPEATED = re.compile(r"x(\d+)$")


class Endless(Exception):  # noqa: N818 - a mistake of the pack, caught where findings are noted
    """Raised where promtool would be busy for minutes or fill the memory; says with what."""


def refuse_endless(case: Case) -> None:
    """Endless where the case has more samples or evaluations than any honest test."""
    until = max((one.at for one in (*case.fires, *case.silent)), default=NO_TIME)
    _refuse(f"{until} by steps of {case.interval}", until.milliseconds // max(1, case.interval.milliseconds))
    for name, values in case.series.items():
        _refuse(f"the series '{name}'", sum(map(_samples_of, values.split())))


def _refuse(what: str, count: int) -> None:
    if count > TEST_SAMPLES:
        msg = f"{what} makes more than {TEST_SAMPLES} samples"
        raise Endless(msg)


def _samples_of(word: str) -> int:
    """The samples that a word of promtool's notation stands for, a repeated native histogram's too."""
    found = _REPEATED.search(word)
    # Ten digits are too many, and thousands of them too many to read.
    return 1 + int(found[1][:10]) if found else 1
