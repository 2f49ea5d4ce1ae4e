"""The spec that a newcomer starts from: as it is shipped, or with what was found or chosen in its middle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Final, TypeAlias

import yaml

from obsgen.printable import one_line
from obsgen.spec.shipped import shipped

_WIDTH: Final = 118
_MIDDLE: Final = "environment:\n"
_ROUTING: Final = "# Receivers and routes."

Value: TypeAlias = "str | bool | Mapping[str, Entry] | None"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the spec, the comment above it, and comments that end the mapping that it is."""

    value: Value = None
    why: str = ""
    after: tuple[str, ...] = ()


def starter_text(name: str, cluster: str) -> str:
    """`config/starter.yaml` with the stack's and the cluster's name filled in."""
    return _named(name).replace("cluster: my-cluster", f"cluster: {_scalar(cluster)}")


def fitted_text(name: str, sections: Mapping[str, Entry]) -> str:
    """The same with these sections instead of its own; only its head and its routing stay."""
    above, _, rest = _named(name).partition(_MIDDLE)
    written = "\n\n".join("\n".join(_lines({section: entry}, "")) for section, entry in sections.items())
    return f"{above}{written}\n\n{_ROUTING}{rest.partition(_ROUTING)[2]}"


def _named(name: str) -> str:
    text = (shipped("config") / "starter.yaml").read_text(encoding="utf-8")
    return text.replace("name: my-stack", f"name: {_scalar(name)}")


def _lines(entries: Mapping[str, Entry], indent: str) -> Iterator[str]:
    for key, entry in entries.items():
        yield from _comment(entry.why, indent)
        if not isinstance(entry.value, Mapping):
            yield f"{indent}{_scalar(key)}:{'' if entry.value is None else ' ' + _scalar(entry.value)}"
        else:
            yield f"{indent}{_scalar(key)}:{'' if entry.value else ' {}'}"
            yield from _lines(entry.value, f"{indent}  ")
        for line in entry.after:
            yield from _comment(line, f"{indent}  ")


def _comment(text: str, indent: str) -> Iterator[str]:
    """What comes from a server stands in comments too, so nothing of it may begin a line of its own."""
    for line in wrap(one_line(text), _WIDTH - len(indent) - 2, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _scalar(value: object) -> str:
    written: str = yaml.safe_dump(value, default_flow_style=True, width=float("inf"), allow_unicode=True)
    return written.removesuffix("\n").removesuffix("\n...")
