"""`extends`: specs laid over each other, mappings merged by key, everything else replaced, later wins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from obsgen.diagnostics import Diagnosed, Diagnostic
from obsgen.spec.mistakes import mapping_of
from obsgen.spec.source import Path_, Places, Source, parse_yaml, read_text

_BEGIN = "`obsgen init` writes one to begin with"


def read_with_bases(path: Path, *, shown_as: str | None = None) -> tuple[Source, tuple[str, ...]]:
    """The document with everything it extends beneath it, and the names of all files read, bases first."""
    return _read(path, shown_as or str(path), ())


def _read(path: Path, name: str, above: tuple[Path, ...]) -> tuple[Source, tuple[str, ...]]:
    source = parse_yaml(read_text(path, name, absent=_BEGIN), name)
    mapping_of(source, "a spec", _BEGIN)
    merged: Source | None = None
    files: tuple[str, ...] = ()
    chain = (*above, path.resolve())
    for index, base in enumerate(_extended(source)):
        where = source.places.of("extends", index)
        below = (path.parent / base).resolve()
        if below in chain:
            circle = " extends ".join(f"'{step.name}'" for step in (*chain[chain.index(below) :], below))
            hint = "take one of these files out of 'extends'"
            raise Diagnosed([Diagnostic("OBS107", f"'extends' goes in a circle: {circle}", where, hint)])
        if not below.is_file():
            message = f"there is no file '{base}' to extend"
            raise Diagnosed([Diagnostic("OBS101", message, where, f"the path is taken from '{name}'")])
        lower, lower_files = _read(below, str(Path(name).parent / base), chain)
        merged = lower if merged is None else _laid_over(merged, lower)
        files += tuple(file for file in lower_files if file not in files)
    return (source if merged is None else _laid_over(merged, source)), (*files, name)


def _extended(source: Source) -> list[str]:
    bases = source.content.get("extends", [])
    if isinstance(bases, list) and all(isinstance(base, str) for base in bases):
        return bases
    message = "'extends' must be a list of file names"
    raise Diagnosed([Diagnostic("OBS115", message, source.places.of("extends"), "extends: [base.yaml]")])


def _laid_over(lower: Source, upper: Source) -> Source:
    content, replaced = _merge(lower.content, upper.content, ())
    kept = Places(
        lower.places.root,
        *(_without(places, replaced) for places in (lower.places.keys, lower.places.values)),
    )
    return Source(content, kept.merged_with(upper.places))


def _merge(lower: Any, upper: Any, path: Path_) -> tuple[Any, list[Path_]]:
    """The merged value, and the paths at which the lower value gave way altogether."""
    if not (isinstance(lower, Mapping) and isinstance(upper, Mapping)):
        return upper, [path]
    merged, replaced = dict(lower), []
    for key, value in upper.items():
        if key in lower and not (value is None and isinstance(lower[key], Mapping)):
            merged[key], gone = _merge(lower[key], value, (*path, key))
            replaced += gone
        elif key not in lower:
            merged[key] = value
    return merged, replaced


def _without(places: dict[Path_, Any], replaced: list[Path_]) -> dict[Path_, Any]:
    gone = set(replaced)
    return {
        path: place
        for path, place in places.items()
        if not any(path[:length] in gone for length in range(1, len(path) + 1))
    }
