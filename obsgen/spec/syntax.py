"""Why a text is not YAML: the reader's complaint, in words that say what to change and where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from obsgen.diagnostics import Diagnostic, Location

Place = Callable[[Any], Location]

# libyaml's wording, what it means, and the way out.
_COMPLAINTS = (
    (
        "mapping values are not allowed",
        "a ':' stands where no key can be",
        "quote a value that holds ': ', or mend the indentation",
    ),
    ("undefined alias", "no anchor of this name stands above", "quote a value that begins with *"),
    ("another document", "a second document begins here", "a file holds one: take out the line '---'"),
    (
        "did not find expected key",
        "a key of the mapping above was expected here",
        "indent all keys of a mapping alike; inside single quotes write '' for '",
    ),
    (
        "did not find expected '-'",
        "an entry of the list above was expected here",
        "begin each entry with '- ', all indented alike",
    ),
    (
        "block sequence entries are not allowed",
        "a list cannot begin behind its key",
        "put each '- ' on a line of its own",
    ),
    (
        "unknown escape character",
        "a backslash in double quotes begins an escape",
        "use single quotes, in which a backslash is only a backslash",
    ),
    (
        "expected node content",
        "a value was expected here",
        "quote a value that begins with a bracket, a brace or a comma",
    ),
    ("second occurrence", "an anchor of this name stands above already", "give it another name"),
    ("tab character", "a tab cannot indent", "indent with spaces"),
)
# What stands in another place than the one at which the reader gave up.
_BEGUN = (
    ("unexpected end of stream", "the quote that opens here is never closed", "close it with the same quote"),
    ("could not find expected ':'", "this line has no ':' behind its key", "write key: value"),
)


def syntax_mistake(error: yaml.MarkedYAMLError, place: Place, text: str) -> Diagnostic:
    """The reader's error as a diagnostic at the place where a person would mend it."""
    problem = error.problem or error.context or str(error)
    where = place(error.problem_mark) if error.problem_mark else None
    begun = place(error.context_mark) if error.context_mark else where
    for part, message, hint in _BEGUN:
        if part in problem:
            return Diagnostic("OBS102", f"this is not YAML: {message}", begun, hint)
    if "expected ',' or" in problem and begun:
        opening = begun.source_line[begun.column - 1 : begun.column]
        hint = "close it, or quote a value inside it that holds a bracket, a brace or a comma"
        message = f"this is not YAML: '{opening}' on line {begun.line}, column {begun.column} is not closed"
        return Diagnostic("OBS102", message, _within(text, where, begun), hint)
    if "cannot start any token" in problem and where:
        return _no_token(where)
    for part, message, hint in _COMPLAINTS:
        if part in problem:
            return Diagnostic("OBS102", f"this is not YAML: {message}", where, hint)
    return Diagnostic("OBS102", f"this is not YAML: {problem}", where)


def unreadable_character(text: str, name: str) -> Diagnostic:
    """A character that YAML does not allow, such as a control character that an editor does not show."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    start = found.start() if found else 0
    lines = text[:start].split("\n")
    where = Location(name, len(lines), len(lines[-1]) + 1)
    character = f"U+{ord(text[start]):04X}" if found else "a character"
    hint = "take it out, or write it as an escape in double quotes"
    return Diagnostic("OBS102", f"this is not YAML: it holds {character}, which no text may", where, hint)


def _no_token(where: Location) -> Diagnostic:
    character = where.source_line[where.column - 1 : where.column]
    if character == "\t":
        return Diagnostic("OBS102", "this is not YAML: a tab cannot indent", where, "indent with spaces")
    message = f"this is not YAML: a value cannot begin with '{character}'"
    return Diagnostic("OBS102", message, where, "put the value in quotes")


def _within(text: str, where: Location | None, begun: Location) -> Location:
    """At the end of the file there is nothing to show: then what was opened is shown instead."""
    return begun if where is None or where.line > len(text.splitlines()) else where
