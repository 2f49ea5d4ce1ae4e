"""Where the names of the packs' metrics were seen, counted for each pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from obsgen.document import json_text
from obsgen.printable import joined
from obsgen.report.columns import columns
from obsgen.spec.library import Pack, load_pack, pack_folders
from obsgen.spec.seen import HOW, SeenSpec, witnesses


def render_seen(form: str) -> str:
    """A line for each shipped pack, and the sums; then every metric that nobody could confirm."""
    packs = [load_pack(folder) for folder in pack_folders().values()]
    told = {pack.name: seen_of(pack) for pack in packs}
    counted = {pack: Counter(one.how for one in seen.values()) for pack, seen in told.items()}
    unconfirmed = {
        pack: [name for name, one in seen.items() if one.how == "unconfirmed"] for pack, seen in told.items()
    }
    if form == "json":
        body = {name: {**_counts(one), "unconfirmed_metrics": unconfirmed[name]} for name, one in counted.items()}
        return json_text(body).rstrip("\n")
    head = ["layer", "pack", *HOW]
    rows = ([pack.layer, pack.name, *map(str, _counts(counted[pack.name]).values())] for pack in packs)
    total = ["", "all", *(str(sum(one[how] for one in counted.values())) for how in HOW)]
    lines = columns([head, *rows, total], right=frozenset(range(2, 2 + len(HOW))))
    return joined([*lines, *_doubtful(unconfirmed)])


def seen_of(pack: Pack) -> Mapping[str, SeenSpec]:
    """What speaks for each metric of the pack."""
    seen = pack.spec.source.seen if pack.spec.source else []
    return {name: seen[number] for name, number in witnesses(pack.spec.metrics, seen).items() if number is not None}


def seen_lines(pack: Pack) -> Iterator[str]:
    """Each place in which metrics of the pack were seen, and of how many it speaks."""
    seen = pack.spec.source.seen if pack.spec.source else []
    spoken = Counter(witnesses(pack.spec.metrics, seen).values())
    for number, one in enumerate(seen):
        yield f"{one.how}: {one.where or one.metrics} ({spoken[number]})"


def _counts(counted: Mapping[Any, int]) -> dict[str, int]:
    return {how: counted.get(how, 0) for how in HOW}


def _doubtful(unconfirmed: Mapping[str, list[str]]) -> Iterator[str]:
    if any(unconfirmed.values()):
        yield ""
        yield "unconfirmed"
        yield from (f"  {pack}: {name}" for pack, names in unconfirmed.items() for name in names)
