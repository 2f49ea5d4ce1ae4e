"""Prometheus' annotation templates: the part that names labels and prints the value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from obsgen.promql import humanize
from obsgen.promql.gostring import printf, unquoted
from obsgen.promql.matcher import quote

SUPPORTED: Final = (
    '{{ $labels.name }}, {{ $value }}, {{ $externalLabels.name }}, {{ "text" }}, printf, '
    "humanize, humanize1024, humanizeDuration, humanizePercentage and humanizeTimestamp, joined by |"
)

_STRING: Final = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
# A quote that is never closed leaves its action open, as it does to Go.
_UNQUOTED: Final = '[^"`]'
_ACTION: Final = re.compile(
    rf"\{{\{{(?P<left>-\s)?(?P<body>(?:{_STRING}|(?!\s-\}}\}}|\}}\}}){_UNQUOTED})*+)(?P<right>\s-)?\}}\}}", re.DOTALL
)
_TOKEN: Final = re.compile(
    rf"\s*(?:(?P<text>{_STRING})|(?P<label>\$labels|\.Labels)\.(?P<name>\w+)|(?P<value>\$value|\.Value)(?![\w.])"
    r"|(?P<external>\$externalLabels|\.ExternalLabels)\.\w+|(?P<pipe>\|)|(?P<function>[a-zA-Z]\w*)(?![\w.]))",
)
_COMMENT: Final = re.compile(r"\s*/\*.*\*/\s*", re.DOTALL)
_LABEL_USE: Final = re.compile(
    rf"(?P<text>{_STRING})|(?:\$labels|\$?\.Labels)\.(?P<field>\w+)"
    r"|\bindex\s+(?:\$labels|\$?\.Labels)\s+\"(?P<indexed>[^\"]*)\""
)

Value = str | float

_HUMANIZERS: Final[Mapping[str, Callable[[float], str]]] = {
    "humanize": humanize.humanize,
    "humanize1024": humanize.humanize1024,
    "humanizeDuration": humanize.humanize_duration,
    "humanizePercentage": humanize.humanize_percentage,
    "humanizeTimestamp": humanize.humanize_timestamp,
}


class UnsupportedTemplate(Exception):  # noqa: N818 - Prometheus may well take it
    """A template outside the part that is rendered here; `what` names the construct."""

    def __init__(self, text: str, what: str) -> None:
        self.text = text
        self.what = what
        super().__init__(f"{what} in the template '{text}' is not supported: use {SUPPORTED}")


def render(text: str, labels: Mapping[str, str], value: float) -> str:
    """What Prometheus makes of a template, external labels empty; UnsupportedTemplate outside the subset."""
    if "{{" not in text:
        return text
    rendered, done, trim = "", 0, False
    for action in _actions(text):
        between = _outside(text, text[done : action.start()], trim=trim)
        rendered += between.rstrip() if action["left"] else between
        rendered += _printed(_Pipeline(text, action["body"], labels, value).result())
        done, trim = action.end(), bool(action["right"])
    return rendered + _outside(text, text[done:], trim=trim)


def labels_used(text: str) -> frozenset[str]:
    """The labels a template reads, also where it is more than `render` supports."""
    found = [use for action in _actions(text) for use in _LABEL_USE.finditer(action["body"])]
    return frozenset(use["field"] or use["indexed"] for use in found if not use["text"])


def written_out(text: str, label: str, value: str) -> str:
    """The template with the label's value where it reads the label; the value holds no braces of a template."""
    literal = quote(value)

    def named(use: re.Match[str]) -> str:
        return literal if label in (use["field"], use["indexed"]) else use[0]

    pieces, done = list[str](), 0
    for action in _actions(text):
        body = _LABEL_USE.sub(named, action["body"])
        plain = body.strip() == literal and not action["left"] and not action["right"]
        inside = text[action.start() : action.start("body")], body, text[action.end("body") : action.end()]
        pieces += [text[done : action.start()], *((value,) if plain else inside)]
        done = action.end()
    return "".join((*pieces, text[done:]))


def _actions(text: str) -> Iterator[re.Match[str]]:
    """The actions up to the first that is never closed: behind it, each opening brace would look for an end again."""
    at = text.find("{{")
    while at >= 0 and (action := _ACTION.match(text, at)):
        yield action
        at = text.find("{{", action.end())


def _outside(text: str, between: str, *, trim: bool) -> str:
    if "{{" in between:
        raise UnsupportedTemplate(text, "an action '{{' that is never closed")
    return between.lstrip() if trim else between


def _printed(value: Value) -> str:
    return value if isinstance(value, str) else humanize.go_float(value)


class _Pipeline:
    """One action: commands joined by `|`, each handing its result to the next as last argument."""

    def __init__(self, text: str, body: str, labels: Mapping[str, str], value: float) -> None:
        self._text = text
        self._body = body
        self._labels = labels
        self._value = value

    def result(self) -> Value:
        """What the action prints."""
        if _COMMENT.fullmatch(self._body):
            return ""
        piped: list[Value] = []
        for command in self._commands():
            piped = [self._run(command, piped)]
        return piped[0]

    def _commands(self) -> Iterator[list[re.Match[str]]]:
        command: list[re.Match[str]] = []
        for token in self._tokens():
            if token["pipe"]:
                yield command
                command = []
            else:
                command.append(token)
        yield command

    def _tokens(self) -> Iterator[re.Match[str]]:
        at, end = 0, len(self._body.rstrip())
        while at < end:
            token = _TOKEN.match(self._body, at)
            if not token:
                raise self._unsupported(f"'{self._body[at:].strip()}'")
            yield token
            at = token.end()

    def _run(self, command: Sequence[re.Match[str]], piped: list[Value]) -> Value:
        if not command:
            raise self._unsupported("an empty command")
        first, *rest = command
        arguments = [self._operand(token) for token in rest] + piped
        if first["function"]:
            return self._call(first["function"], arguments)
        if arguments:
            raise self._unsupported(f"arguments after '{first[0].strip()}'")
        return self._operand(first)

    def _operand(self, token: re.Match[str]) -> Value:
        if token["function"]:
            raise self._unsupported(f"'{token['function']}' as an argument")
        if token["text"]:
            return self._text_of(token["text"])
        if token["label"]:
            return self._labels.get(token["name"], "")
        return self._value if token["value"] else ""

    def _text_of(self, literal: str) -> str:
        try:
            return unquoted(literal)
        except ValueError as error:
            raise self._unsupported(str(error)) from None

    def _call(self, function: str, arguments: list[Value]) -> Value:
        if function == "printf" and arguments and isinstance(arguments[0], str):
            try:
                return printf(arguments[0], arguments[1:])
            except ValueError as error:
                raise self._unsupported(str(error)) from None
        if function not in _HUMANIZERS or len(arguments) != 1:
            raise self._unsupported(f"'{function}' with {len(arguments)} arguments")
        try:
            number = float(arguments[0])
        except ValueError:
            raise self._unsupported(f"'{function}' of '{arguments[0]}', which is not a number,") from None
        try:
            return _HUMANIZERS[function](number)
        except ValueError as error:
            raise self._unsupported(f"'{function}': {error}") from None

    def _unsupported(self, what: str) -> UnsupportedTemplate:
        return UnsupportedTemplate(self._text, what)
