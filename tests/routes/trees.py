"""Trees written by hand in one line each, and random ones as an Alertmanager's configuration spells them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as some

from obsgen.ir.routes import Route
from obsgen.promql.matcher import Matcher
from obsgen.routes.matcher_text import parse_matchers
from obsgen.routes.reading import ReadRouting, read_routing
from obsgen.units import Duration

LABELS = ("severity", "team", "env")
WORDS = ("a", "b", "ab", "A", "aab", "prod-1", "PROD-x", "12", "x-12", "", "other")
PATTERNS = (
    *("a|b", "a", "b", "ab|b", "a.*", ".*b", ".*a.*", "(?i)a.*", "(?i)prod-.*", "(?i:A)b?", "[ab]+", "[^a]", "[^a]*"),
    *(
        "",
        ".+",
        ".*",
        "^a",
        "b$",
        "^$",
        "^(a|b)$",
        "(a|aa)(b|ab)?",
        "a{1,3}",
        "a{2,}b*?",
        r"\d+",
        r"\w-[0-9]{2}",
        "x-1?2",
    ),
    *(r"[[:alpha:]]+", r"\Qx-\E.*", ".", "..", "(prod|x)-.+", "a^b", "a$|b"),
)


def route(receiver: str, matchers: str = "", *routes: Route, continues: bool = False) -> Route:
    """A route with the matchers in this text."""
    asked: tuple[Matcher, ...] = parse_matchers(matchers)
    wait = Duration.of_seconds(30)
    return Route(receiver, (), wait, wait, wait, asked, continues, routes=routes)


@some.composite
def configs(draw: some.DrawFn) -> dict[str, Any]:
    """A random configuration; each route has a receiver of its own, so that the receiver tells the route."""
    names = (f"r{number}" for number in range(10_000))
    root = {"receiver": next(names), "routes": draw(_children(names, 4))}
    return {"route": root, "receivers": [{"name": name} for name in sorted(_receivers(root))]}


def _receivers(part: dict[str, Any]) -> Iterator[str]:
    yield part["receiver"]
    for child in part.get("routes", ()):
        yield from _receivers(child)


@some.composite
def _children(draw: some.DrawFn, names: Iterator[str], depth: int) -> list[dict[str, Any]]:
    found = []
    for _ in range(draw(some.integers(2, 4) if depth == 4 else some.integers(0, 2))):
        child = {
            "receiver": next(names),
            **draw(_matching()),
            "continue": draw(some.sampled_from((False, False, True))),
        }
        below = draw(_children(names, depth - 1)) if depth > 1 else []
        found.append({**child, "routes": below} if below else child)
    return found


@some.composite
def _matching(draw: some.DrawFn) -> dict[str, Any]:
    """Some matchers, in one of the spellings that Alertmanager knows."""
    asked = draw(some.lists(_matchers(), min_size=draw(some.sampled_from((0, 1, 1, 1, 1))), max_size=2))
    spelling = draw(some.sampled_from(("list", "list", "one", "braces", "old")))
    if spelling == "old" and all(matcher.op in {"=", "=~"} for matcher in asked):
        match = {matcher.name: matcher.value for matcher in asked if matcher.op == "="}
        return {"match": match, "match_re": {one.name: one.value for one in asked if one.op == "=~"}}
    joined = ", ".join(map(str, asked))
    return {"matchers": {"one": [joined], "braces": [f"{{{joined}}}"]}.get(spelling, [str(one) for one in asked])}


def _matchers() -> some.SearchStrategy[Matcher]:
    # Negative matchers take most alerts, and leave little to be told apart after them.
    plain = some.builds(
        Matcher, some.sampled_from(LABELS), some.sampled_from(("=", "=", "!=")), some.sampled_from(WORDS)
    )
    asked = some.sampled_from(("=~", "=~", "!~"))
    return plain | some.builds(Matcher, some.sampled_from(LABELS), asked, some.sampled_from(PATTERNS))


def alerts() -> some.SearchStrategy[dict[str, str]]:
    """Random labels, often such as the matchers name, and now and then any text."""
    text = some.sampled_from(WORDS) | some.text("abA-x12 é", max_size=4)
    return some.fixed_dictionaries({}, optional=dict.fromkeys(LABELS, text))


def read(config: dict[str, Any]) -> ReadRouting:
    """The configuration as it is read."""
    return read_routing(config)
