"""What stands in a configuration that PyYAML read: typed access, and errors that say where."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from reprlib import Repr
from typing import Any, Final

from obsgen.units import Duration

_CUT: Final = Repr()
_CUT.maxstring = _CUT.maxother = 80


def shown(found: object) -> str:
    """What stands there, cut where it is long."""
    return _CUT.repr(found)


class ReadingError(ValueError):
    """A configuration that Alertmanager refuses; the message begins with the place."""


@dataclass(frozen=True, slots=True)
class Written:
    """A mapping of the file, and the way to it."""

    place: str
    body: Mapping[str, Any]

    @classmethod
    def of(cls, place: str, found: object) -> Written:
        """The mapping that must stand there."""
        if not isinstance(found, Mapping):
            raise ReadingError(f"{place}: {shown(found)} is not a mapping")
        return cls(place, found)

    def refuse(self, reason: object) -> ReadingError:
        """The reason, with the place before it."""
        return ReadingError(f"{self.place}: {reason}")

    def only(self, keys: Collection[str]) -> None:
        """Nothing but these keys."""
        for key in self.body:
            if key not in keys:
                raise self.refuse(f"'{key}' is not a field that is known here")

    def items(self, key: str) -> list[Any]:
        """A list, empty where nothing stands."""
        found = self.body.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            raise self.refuse(f"{key}: {shown(found)} is not a list")
        return found

    def parts(self, key: str) -> list[Written]:
        """A list of mappings."""
        return [Written.of(f"{self.place}.{key}[{number}]", one) for number, one in enumerate(self.items(key))]

    def texts(self, key: str) -> list[str]:
        """A list of texts."""
        return [self._plain(key, one) for one in self.items(key)]

    def text(self, key: str) -> str | None:
        """A text; None where nothing stands, or an empty one."""
        found = self.body.get(key)
        return None if found is None or found == "" else self._plain(key, found)

    def pairs(self, key: str) -> dict[str, str]:
        """A mapping of texts to texts."""
        below = Written.of(f"{self.place}.{key}", self.body.get(key) or {})
        return {str(name): below._plain(str(name), value) for name, value in below.body.items()}

    def flag(self, key: str) -> bool:
        """True or false; false where nothing stands."""
        found = self.body.get(key)
        if found not in (None, True, False):
            raise self.refuse(f"{key}: {shown(found)} is neither true nor false")
        return bool(found)

    def duration(self, key: str, otherwise: Duration) -> Duration:
        """A duration, or what holds where none stands."""
        found = self.body.get(key)
        if found is None:
            return otherwise
        try:
            return Duration.parse(str(found))
        except ValueError as error:
            raise self.refuse(f"{key}: {error}") from None

    def _plain(self, key: str, found: object) -> str:
        if isinstance(found, str):
            return found
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
        # YAML has turned it into something else already, and how it was spelled is lost.
        raise self.refuse(f"{key}: {shown(found)} is not a text; put it in quotes")
