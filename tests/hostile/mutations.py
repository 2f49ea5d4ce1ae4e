"""Mutants of a tree that somebody wrote: values of another type, lost and doubled keys, hostile texts, spoilt bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Protocol

from hypothesis import strategies as st

# Deep enough for readers that call themselves, and within what each of them promises to take or to refuse.
DEEPEST = 60
LONGEST = 5000

ODD_VALUES = (
    *(None, True, False, 0, -1, 1, 2, 0.5, -0.0, 1e308, 5e-324, 10**30, -(10**18)),
    *("", " ", "\0", "~", "x" * LONGEST, "null", "yes", "1", "-"),
    *([], {}, [[]], [None], [""], {"": None}, {"a": {"a": {"a": 1}}}, ["a", 1, None, {}]),
)
TEMPLATES = (
    *("${", "}", "${}", "${v}", "${ v }", "${-v}", "${unknown}", "${selector}", "${selectors.x}", "${thresholds}"),
    *("${thresholds.x.y}", "${1/0}", "${1 if v else}", "${'a' * 100}", "${2 ** 64}", "${v.x}", "${v()}", "${v|upper}"),
    *("${[1]}", "${''.join}", "${self}", "${loop}", "${true}", "${'${v}'}", "${nan}", "${1e400}", "${events}"),
    *("<%", "%>", "<% if v %>", "<% endif %>", "<% for i in v %>", "<# ", " #>", "<% set x = 1 %>", "$${v}"),
)
PROMQL = (
    *("sum(", ")", "((", "{", "}", "[5m]", "[${window}]", "[5m:]", "[1y:1ms]", "[0s]", " offset -1w", " offset 1000y"),
    *(" @ end()", " @ -1e300", " by (", " by (cluster)", " or ", " unless ", " and on() ", " bool ", ' {b=~"("}'),
    *("0x1F", "1e999", "NaN", "-Inf", "--", "==", ' label_replace(up, "a", "$1", "b", "(")', "absent(up)", "time()"),
    *("`", "#", "'", 'up{a="b"}', "up{}", '{__name__=~".+"}', 'x{a="1",a="2"}', "vector(1)", '"text"', "sum", "le"),
    *('"a\\xff"', 'up{a="\\ud800"}', '{"quoted name"}', "histogram_quantile(2, up)", "1 ^ 2 ^ 3", "group_left"),
)
PATTERNS = (
    *("(", "[", "(?=a)", "(a|b)*c", "a{1000}", "a{2,1}", "\\", "\\d", "(?i)", ".*", "[[:alpha:]]", "(a*)*", "\\pL"),
    *("$", "^", "(?P<x>a)", "\\Q", "a**", "[z-a]", "|", "(?s).", "\\x{110000}", "[^\\x00-\\x{10FFFF}]", "\\b"),
)
TIMES = (
    *("0s", "5", "-5m", "1y", "290y", "1h30m", "1m1h", "0.5h", "month", "1ms", "7d", "90d", "09:00-17:00", "24:00"),
    *("2026-13-45", "0000-01-01", "2026-02-30:2026-01-01", "monday:sunday", "Europe/Nowhere", "../UTC", "17:30"),
)
NUMBERS = (
    "1e400",
    "-1",
    "100%",
    "200%",
    "0%",
    "1Ki",
    "8Gi",
    "NaN",
    "\u0663",
    "\u00b2",
    "0x10",
    "1_000",
    "1e-400",
    "٣%",
)
GO_TEMPLATES = (
    *("{{", "}}", "{{ $value }}", "{{ $labels.x }}", '{{ template "x" }}', "{{ $value | humanize }}", "{{ range }}"),
    *(
        "{{ query `up` }}",
        "{{/* x",
        '{{ printf "%d" $value }}',
        "{{ $value | humanizePercentage | title }}",
        "{{ end }}",
    ),
    *('{{ printf "%9999d" 1 }}', '{{ printf "%.99f" $value }}', "{{.window}}", "{{ . }}", "{{ end }}"),
)
TEXTS = (
    *("\0", "\x1b[31m", "\u202e", "é", "\u2028", "\r\n", "\t", "'", '"', "\\", ": ", "- ", "&a", "*a", "<<", "%", "$"),
    *("!!python/object:os.system x", "/", "..", "../keep.txt", "/etc/passwd", "|", ",", "=", "a" * 300, "__name__"),
    *("http://[::1", "http://u:p@h/", "https://", "file:///x", "http://h:99999/", "http://h/?token=x", "//", "h:0"),
)
# What stays what it was by its form, so that the mistake is one of meaning: durations, shares, names.
DURATIONS = ("0s", "1ms", "1s", "29s", "1m", "4m59s", "5m", "1h", "1d", "6d23h", "7d", "30d", "89d", "90d", "1y")
SHARES = ("0%", "0.0001%", "1%", "50%", "99%", "99.9999999%", "100%", "101%", "1000%", "0", "0.5", "1", "2.5")
NAMES = ("a", "a-b", "x" * 50, "default", "platform", "chat", "critical", "up", "cluster", "obsgen", "null", "true")
_FORMS = (
    (re.compile(r"(\d+(ms|[ywdhms]))+"), DURATIONS),
    (re.compile(r"\d+(\.\d+)?%?"), SHARES),
    (re.compile(r"[a-z0-9-]+"), NAMES),
)
FRAGMENTS = (*TEMPLATES, *PROMQL, *PATTERNS, *TIMES, *NUMBERS, *GO_TEMPLATES, *TEXTS)

Draw = Callable[[st.SearchStrategy[Any]], Any]
Slot = tuple[Any, Any]


class Form(Protocol):
    """How a file is spelled: its text as a tree, and back."""

    def tree(self, text: str) -> Any: ...

    def text(self, tree: Any) -> str: ...


def slots(tree: Any) -> Iterator[Slot]:
    """Every value below the top, as the container that holds it and its key there."""
    keys: Any = range(len(tree)) if isinstance(tree, list) else list(tree) if isinstance(tree, dict) else ()
    for key in keys:
        yield tree, key
        yield from slots(tree[key])


def _spliced(draw: Draw, tree: Any) -> None:
    """Put a hostile piece into a text, or in its place."""
    _splice(draw, *_slot(draw, tree, (str,)))


def _splice(draw: Draw, box: Any, key: Any) -> None:
    text = str(box[key])
    start = draw(st.integers(0, len(text)))
    end = draw(st.sampled_from((start, min(len(text), start + 3), len(text))))
    piece = draw(st.one_of(st.sampled_from(FRAGMENTS), st.text(st.characters(codec="utf-8"), max_size=6)))
    box[key] = draw(st.sampled_from((text[:start] + piece + text[end:], piece)))


def _kept_in_form(draw: Draw, tree: Any) -> None:
    """Put another value of the same form there, or a hostile piece into text that has none."""
    box, key = _slot(draw, tree, (str, int, float))
    old = box[key]
    if not isinstance(old, str):
        box[key] = not old if isinstance(old, bool) else type(old)(draw(st.sampled_from((0, 1, 2, 3, 1000, 10**9))))
        return
    known = next((values for form, values in _FORMS if form.fullmatch(old)), None)
    if known is None:
        _splice(draw, box, key)
        return
    alike = [box[key] for box, key in slots(tree) if isinstance(box[key], str) and " " not in box[key]]
    box[key] = draw(st.sampled_from((*known, *alike)))


def _replaced(draw: Draw, tree: Any) -> None:
    box, key = _slot(draw, tree)
    odd = st.one_of(st.sampled_from(ODD_VALUES), st.sampled_from(FRAGMENTS), st.integers(-5, 400), st.floats())
    box[key] = deepcopy(draw(odd))


def _deleted(draw: Draw, tree: Any) -> None:
    box, key = _slot(draw, tree)
    del box[key]


def _doubled(draw: Draw, tree: Any) -> None:
    box, key = _slot(draw, tree)
    if isinstance(box, list):
        box.insert(key, deepcopy(box[key]))
    else:
        box[f"{key}{draw(st.sampled_from(('-2', 'X', '_', '2')))}"] = deepcopy(box[key])


def _renamed(draw: Draw, tree: Any) -> None:
    named = [(box, key) for box, key in slots(tree) if isinstance(box, dict)]
    if named:
        box, key = draw(st.sampled_from(named))
        others = [other for _, other in named]
        value = box.pop(key)
        box[draw(st.one_of(st.sampled_from(others), st.sampled_from(FRAGMENTS)))] = value


def _swapped(draw: Draw, tree: Any) -> None:
    """Put one part where another stands; a copy, so that no tree contains itself."""
    (box, key), (other, place) = _slot(draw, tree), _slot(draw, tree)
    box[key] = deepcopy(other[place])


def _nested(draw: Draw, tree: Any) -> None:
    box, key = _slot(draw, tree)
    for _ in range(draw(st.sampled_from((1, 2, DEEPEST)))):
        box[key] = draw(st.sampled_from(([box[key]], {"a": box[key]})))


def _slot(draw: Draw, tree: Any, types: tuple[type, ...] = (object,)) -> Slot:
    """A value of one of the types, or any where there is none."""
    every = list(slots(tree))
    return draw(st.sampled_from([slot for slot in every if isinstance(slot[0][slot[1]], types)] or every))


# Half of the mutants keep the form of what they change, so that the stages behind the reading meet something too.
OPERATIONS = (
    *(_kept_in_form,) * 16,
    *(_spliced,) * 5,
    *(_replaced, _swapped, _deleted) * 3,
    *(_doubled, _renamed, _nested),
)


@st.composite
def mutants(draw: Draw, text: str, form: Form) -> bytes:
    """The file with one to three changes of its tree, now and then with spoilt bytes instead."""
    if draw(st.integers(0, 11)) == 0:
        return draw(spoilt(text.encode()))
    tree = form.tree(text)
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        if tree:
            draw(st.sampled_from(OPERATIONS))(draw, tree)
    return form.text(tree).encode("utf-8", "replace")


@st.composite
def spoilt(draw: Draw, body: bytes) -> bytes:
    """The bytes with a piece cut out, doubled, or overwritten."""
    start = draw(st.integers(0, len(body)))
    end = min(len(body), start + draw(st.sampled_from((0, 1, 2, 8, 60, LONGEST))))
    pieces = st.one_of(st.binary(max_size=4), st.sampled_from((b"", body[start:end] * 2, b"\xff\xfe", b"\t", b"\n- ")))
    return body[:start] + draw(pieces) + body[end:]
