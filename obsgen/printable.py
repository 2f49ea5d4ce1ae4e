"""Text from outside, made fit to be shown: no escape sequence reaches a terminal, a table or a page.

What has no shape of its own, and what moves the shapes beside it, is written as JSON would write it: `\\u001b`. So one
escape is right everywhere: a person sees it, JSON means by it what was there, and XML allows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

# Unicode's controls, formats, surrogates and separators of lines, and what else it lets a renderer draw as nothing.
# Spaces of any width and what joins letters stay. Of selectors, the one behind a pictograph is at home there.
_UNPRINTABLE: Final = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
    "]|(?<![\u203c-\u3299\U0001f000-\U0001faff])\ufe0f"
)
_BREAKS: Final = re.compile(r"[\n\t]")
# With the indent that messages give their own further lines.
_NEXT_LINE: Final = re.compile(r"\n(?: {2})?")
# What a CI system takes from a log as a command: GitHub's at the start of a line, those of Azure and TeamCity anywhere.
_COMMAND: Final = re.compile(r"^(?P<indent>[^\S\n]*):(?=:[^\n]*::)|(?P<before>#)#(?=\w*\[)", re.MULTILINE)
# A spreadsheet runs what begins so; where it parts cells at semicolons, behind each of them too.
_FORMULA: Final = re.compile(r"(^|;)(?=\s*[=+\-@＝＋－＠])")
# Everything that Markdown, also GitHub's with its mathematics, reads as more than itself.
_MARKUP: Final = re.compile(r"[\\`*~\[\]<>|&$]|(?<![^\W_])_|_(?![^\W_])")
# Addresses and names that a renderer links or tells by itself; it looks at the text that remains, so text is parted.
_LINKED: Final = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[@#])(?=\w)", re.IGNORECASE)
_SARIF_LINK: Final = re.compile(r"\[([^\[\]]*)\](?=\()")


def printable(text: str) -> str:
    """The text with its lines and tabs, and everything else that is not drawn as itself written out."""
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub(lambda found: escape(found[0]), text)


def one_line(text: str) -> str:
    """The same on one line, so that a value cannot write the line after its own."""
    return _BREAKS.sub(lambda found: "\\n" if found[0] == "\n" else "\\t", printable(text))


def joined(lines: Iterable[str]) -> str:
    """A text of these lines and no others."""
    return "\n".join(map(one_line, lines))


def continued(text: str, indent: str) -> str:
    """A text of several lines, behind whose first line none begins where a line of our own would."""
    return _NEXT_LINE.sub(f"\n{indent}", printable(text))


def shortened(text: str, most: int) -> str:
    """At most so many characters of the text, and a sign that there are more."""
    return text if len(text) <= most else f"{text[:most]}…"


def width(text: str) -> int:
    """How many cells of a terminal the text takes: letters of East Asia take two, combining marks none."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - most text is ASCII, and need not wait for it

    return cell_len(text)


def powerless(text: str) -> str:
    """The text without a line that a CI system would take from its log as a command."""
    if "::" not in text and "##" not in text:
        return text
    return _COMMAND.sub(lambda found: f"{found['indent'] or ''}{found['before'] or ''}{escape(found[0][-1])}", text)


def encodable(text: str, encoding: str) -> str:
    """The text with what the encoding lacks written out."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(letter if _in(letter, encoding) else escape(letter) for letter in text)
    return text


def csv_cell(text: str) -> str:
    """A name as a spreadsheet shows it, and never runs it."""
    return _FORMULA.sub(r"\1'", one_line(text))


def markdown(text: str) -> str:
    """Text that ends no cell and begins no link, image, mention or HTML."""
    return _LINKED.sub("<!-- -->", _MARKUP.sub(r"\\\g<0>", one_line(text)))


def workflow_message(text: str) -> str:
    """The message of a workflow command of GitHub, which ends with its line."""
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def workflow_property(text: str) -> str:
    """The value of a workflow command's property, which ends with a comma or a colon."""
    return workflow_message(text).replace(":", "%3A").replace(",", "%2C")


def sarif_message(text: str) -> str:
    """A message of SARIF, in which brackets before parentheses would be a link."""
    return _SARIF_LINK.sub(r"\\[\1\\]", text)


def throughout(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in it changed: in dataclasses, mappings and sequences, at any depth.

    What is the same object before is the same after.
    """
    return _Changing(change).changed(value)


class _Changing:
    """Changes each object once, and keeps what has no text to change."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self._change = change
        # With the object itself, whose id is its own only as long as it lives.
        self._done: dict[int, tuple[Any, Any]] = {}

    def changed(self, value: Any) -> Any:
        """The value itself where nothing in it changes."""
        if isinstance(value, str):
            return self._change(value)
        if id(value) not in self._done:
            self._done[id(value)] = (value, self._rebuilt(value))
        return self._done[id(value)][1]

    def _rebuilt(self, value: Any) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            return self._replaced(value)
        if isinstance(value, Mapping):
            pairs = {self.changed(name): self.changed(inside) for name, inside in value.items()}
            return value if _same(pairs.items(), value.items()) else pairs
        if isinstance(value, list | tuple):
            items = [self.changed(inside) for inside in value]
            return value if all(new is old for new, old in zip(items, value, strict=True)) else type(value)(items)
        return value

    def _replaced(self, value: Any) -> Any:
        own = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        new = {name: self.changed(inside) for name, inside in own.items()}
        return value if _same(new.items(), own.items()) else replace(value, **new)


def _same(new: Iterable[tuple[Any, Any]], old: Iterable[tuple[Any, Any]]) -> bool:
    return all(name is was and one is other for (name, one), (was, other) in zip(new, old, strict=False))


def escape(letter: str) -> str:
    """A letter as JSON writes it out, where it has no short form: in units of UTF-16."""
    units = letter.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def _in(letter: str, encoding: str) -> bool:
    try:
        letter.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
