"""`extends`: specs laid over each other, mappings merged by key, everything else replaced, later wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from obsgen.diagnostics import Diagnosed, Diagnostic, placed
from obsgen.limits import SPEC_FILES, SPEC_NODES
from obsgen.spec.mistakes import mapping_of
from obsgen.spec.root import Root, SpecFile, SpecPath
from obsgen.spec.source import Path_, Places, Source, parse_yaml, read_text
from obsgen.spec.stack import KIND, StackSpec

_FIELDS = frozenset(field.alias or name for name, field in StackSpec.model_fields.items())
_BEGIN = "`obsgen init` writes one to begin with"


Read = tuple[Source, tuple[str, ...]]


def read_with_bases(spec: SpecPath) -> Read:
    """The document with everything it extends beneath it, and the names of all files read, bases first."""
    file = SpecFile.of(spec)
    root = Root.of(file)
    found = root.admitted(file.path, file.path)
    text = read_text(file.path, absent=_BEGIN)
    # Who names a file knows what stands in it, but a link in a stranger's repository can lead to any other.
    source = parse_yaml(text, str(file.path), ours=is_spec if found.name != file.path.name else None)
    return _Reading(root).over_bases(source, file.path, file.path.parent, (found,))


@dataclass(slots=True)
class _Reading:
    """One spec with its bases, and how much of them was read so far."""

    root: Root
    files: int = 0
    values: int = 0

    def over_bases(self, source: Source, path: Path, folder: Path, chain: tuple[Path, ...]) -> Read:
        """The chain's last file over its bases, which lie in the folder; `path` is what messages call that file."""
        mapping_of(source, "a spec", _BEGIN)
        self.files += 1
        self.values += len(source.places.values)
        merged: Source | None = None
        files: tuple[str, ...] = ()
        for index, base in enumerate(_extended(source)):
            with placed(source.places.of("extends", index)):
                lower, lower_files = self.base(base, path, folder, chain)
            merged = lower if merged is None else _laid_over(merged, lower)
            files += tuple(file for file in lower_files if file not in files)
        return (source if merged is None else _laid_over(merged, source)), (*files, str(path))

    def base(self, written: str, named_in: Path, folder: Path, chain: tuple[Path, ...]) -> Read:
        """One base over its own; `written` is its name in the file that extends it."""
        found = self.root.admitted(folder / written, written)
        if found in chain:
            raise _circle(*chain[chain.index(found) :], found)
        if self.files >= SPEC_FILES or self.values > SPEC_NODES:
            message = f"a spec with all that it extends comes to more than {SPEC_FILES} files or {SPEC_NODES} values"
            raise Diagnosed([Diagnostic("OBS118", message, hint="extend fewer files, each of them once")])
        text = read_text(found, written, absent=f"the path is taken from '{named_in}'")
        path = named_in.parent / written
        return self.over_bases(parse_yaml(text, str(path), ours=is_spec), path, found.parent, (*chain, found))


def _circle(*files: Path) -> Diagnosed:
    circle = " extends ".join(f"'{file.name}'" for file in files)
    hint = "take one of these files out of 'extends'"
    return Diagnosed([Diagnostic("OBS107", f"'extends' goes in a circle: {circle}", hint=hint)])


def is_spec(node: yaml.Node | None) -> bool:
    """Whether a document says that it is a spec, or holds nothing but fields of one."""
    if not isinstance(node, yaml.MappingNode):
        return False
    keys = {key.value: value.value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    return keys["kind"] == KIND if "kind" in keys else keys.keys() <= _FIELDS


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
