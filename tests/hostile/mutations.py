"""Mutants of a tree that somebody wrote: values of another type, lost and doubled keys, hostile texts, spoilt bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any, Protocol

from hypothesis import strategies as st

# Deeper than readers take, and not so deep that the writer of the mutants gives up.
DEEPEST = 120
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
    *("${9**9**9}", "${'x'*10**9}", "<% for i in range(10**9) %>", "${cycler.__init__.__globals__}", "${'%9999d' % v}"),
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


def _spliced(random: Random, tree: Any) -> None:
    """Put a hostile piece into a text, or in its place."""
    _splice(random, *_slot(random, tree, (str,)))


def _splice(random: Random, box: Any, key: Any) -> None:
    text = str(box[key])
    start = random.randint(0, len(text))
    end = random.choice((start, min(len(text), start + 3), len(text)))
    anything = "".join(chr(random.choice((random.randrange(256), random.randrange(0xD800)))) for _ in range(3))
    piece = random.choice((*FRAGMENTS, anything))
    box[key] = random.choice((text[:start] + piece + text[end:], piece))


def _kept_in_form(random: Random, tree: Any) -> None:
    """Put another value of the same form there, or a hostile piece into text that has none."""
    box, key = _slot(random, tree, (str, int, float))
    old = box[key]
    if not isinstance(old, str):
        box[key] = not old if isinstance(old, bool) else type(old)(random.choice((0, 1, 2, 3, 1000, 10**9)))
        return
    known = next((values for form, values in _FORMS if form.fullmatch(old)), None)
    if known is None:
        _splice(random, box, key)
        return
    alike = [box[key] for box, key in slots(tree) if isinstance(box[key], str) and " " not in box[key]]
    box[key] = random.choice((*known, *alike))


def _replaced(random: Random, tree: Any) -> None:
    box, key = _slot(random, tree)
    box[key] = deepcopy(random.choice((*ODD_VALUES, *FRAGMENTS, random.randint(-5, 400), random.uniform(-1, 100))))


def _deleted(random: Random, tree: Any) -> None:
    box, key = _slot(random, tree)
    del box[key]


def _doubled(random: Random, tree: Any) -> None:
    box, key = _slot(random, tree)
    if isinstance(box, list):
        box.insert(key, deepcopy(box[key]))
    else:
        box[f"{key}{random.choice(('-2', 'X', '_', '2'))}"] = deepcopy(box[key])


def _renamed(random: Random, tree: Any) -> None:
    named = [(box, key) for box, key in slots(tree) if isinstance(box, dict)]
    if named:
        box, key = random.choice(named)
        value = box.pop(key)
        box[random.choice((*(other for _, other in named), *FRAGMENTS))] = value


def _swapped(random: Random, tree: Any) -> None:
    """Put one part where another stands; a copy, so that no tree contains itself."""
    (box, key), (other, place) = _slot(random, tree), _slot(random, tree)
    box[key] = deepcopy(other[place])


def _nested(random: Random, tree: Any) -> None:
    box, key = _slot(random, tree)
    for _ in range(random.choice((1, 2, DEEPEST))):
        box[key] = random.choice(([box[key]], {"a": box[key]}))


def _slot(random: Random, tree: Any, types: tuple[type, ...] = (object,)) -> Slot:
    """A value of one of the types, or any where there is none."""
    every = list(slots(tree))
    return random.choice([slot for slot in every if isinstance(slot[0][slot[1]], types)] or every)


# Most mutants keep the form of what they change, so that the stages behind the reading meet something too.
OPERATIONS = (
    *(_kept_in_form,) * 24,
    *(_spliced,) * 5,
    *(_replaced, _swapped, _deleted) * 3,
    *(_doubled, _renamed, _nested),
)


@st.composite
def mutants(draw: st.DrawFn, text: str, form: Form) -> bytes:
    """The file with one to three changes of its tree, now and then with spoilt bytes instead."""
    # What hypothesis draws by itself tends to small numbers, and would change the first few values all the time.
    random = draw(st.randoms(use_true_random=True))
    if random.randrange(12) == 0:
        return _spoilt(random, text.encode())
    tree = form.tree(text)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        if tree:
            random.choice(OPERATIONS)(random, tree)
    return form.text(tree).encode("utf-8", "replace")


def _spoilt(random: Random, body: bytes) -> bytes:
    """The bytes with a piece cut out, doubled, or overwritten."""
    start = random.randint(0, len(body))
    end = min(len(body), start + random.choice((0, 1, 2, 8, 60, LONGEST)))
    piece = random.choice((b"", body[start:end] * 2, b"\xff\xfe", b"\t", b"\n- ", random.randbytes(3)))
    return body[:start] + piece + body[end:]
