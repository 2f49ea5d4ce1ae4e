"""Two versions of a file side by side, as `diff -u` prints them, without the secrets in either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from obsgen.secrecy.document import Secrets
from obsgen.secrecy.reading import lines_of


def compared(before: str, after: str, old: str, new: str) -> str:
    """The difference of the two texts, which are called `old` and `new`; a changed secret is a line that changes."""
    if before == after:
        return ""
    return "".join([f"--- {old}\n", f"+++ {new}\n", *_hunks(before, after)])


def _hunks(before: str, after: str) -> Iterator[str]:
    left, right = (lines_of(text) for text in (before, after))
    shown_left, shown_right = Secrets(before).certain(), Secrets(after).certain()
    # Compared is what stands there, shown is what may be seen of it.
    for group in SequenceMatcher(None, left, right).get_grouped_opcodes():
        (_, first, _, start, _), (_, _, last, _, end) = group[0], group[-1]
        yield f"@@ -{_range(first, last)} +{_range(start, end)} @@\n"
        for kind, i, j, k, m in group:
            if kind == "equal":
                yield from _marked(" ", shown_left[i:j])
                continue
            yield from _marked("-", shown_left[i:j])
            yield from _marked("+", shown_right[k:m])


def _marked(sign: str, lines: Sequence[str]) -> Iterator[str]:
    return (f"{sign}{line}\n" for line in lines)


def _range(start: int, end: int) -> str:
    """Lines as `diff -u` numbers them."""
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"
