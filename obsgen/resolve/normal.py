"""What is normal for a pack in this cluster, as its distribution and its installation say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from obsgen.diagnostics import Location
from obsgen.spec.overrides import ThresholdsSpec
from obsgen.spec.source import Places


@dataclass(frozen=True, slots=True)
class Normal:
    """What distribution and installation say of one pack; the later wins."""

    parameters: Mapping[str, tuple[bool | str | float, Location]]
    thresholds: tuple[tuple[ThresholdsSpec, Places], ...]
    pack: str = ""


USUAL = Normal({}, ())
