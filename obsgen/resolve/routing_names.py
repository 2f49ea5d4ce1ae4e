"""The names that routing uses: receivers and hours that must be defined."""

from __future__ import annotations

from dataclasses import dataclass

from obsgen.diagnostics import Findings, did_you_mean
from obsgen.spec.load import LoadedSpec
from obsgen.spec.source import Path_, Places

_NONE = "none are defined; they stand under routing.{}"


@dataclass(frozen=True, slots=True)
class Names:
    """Looks names up; what is not defined is noted."""

    loaded: LoadedSpec
    findings: Findings

    @property
    def places(self) -> Places:
        """Where the spec's words stand."""
        return self.loaded.places

    def receiver(self, receiver: str, *path: str | int) -> str:
        """The receiver's name; noted where there is no such receiver."""
        known = self.loaded.spec.routing.receivers
        if receiver not in known:
            hint = did_you_mean(receiver, known, noun="receivers that are defined", otherwise=_NONE.format("receivers"))
            where = self.places.of("routing", *path)
            self.findings.error("OBS220", f"receiver '{receiver}' is not defined", where, hint)
        return receiver

    def hours(self, name: str, path: Path_) -> str:
        """The hours' name; noted where there are none of it."""
        known = self.loaded.spec.routing.hours
        if name not in known:
            hint = did_you_mean(name, known, noun="hours that are defined", otherwise=_NONE.format("hours"))
            where = self.places.of("routing", *path)
            self.findings.error("OBS223", f"hours '{name}' are not defined", where, hint)
        return name
