"""Expressions read into trees; operators bind as in Jinja2, in which packs were written before."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from obsgen.diagnostics import did_you_mean
from obsgen.limits import EXPRESSION_DEPTH, EXPRESSION_STEPS
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.functions import FUNCTIONS
from obsgen.spec.expression.tokens import Token, tokens
from obsgen.spec.expression.tree import (
    Calculation,
    Call,
    Choice,
    Comparison,
    Constant,
    Defined,
    Either,
    Listed,
    Name,
    Negation,
    Node,
    Part,
    Signed,
)
from obsgen.spec.expression.values import bounded_number

_CONSTANTS: Final = {"true": True, "false": False, "True": True, "False": False}
_KEYWORDS: Final = frozenset({"and", "defined", "else", "if", "in", "is", "not", "or"})
_COMPARED: Final = ("==", "!=", "<", "<=", ">", ">=", "in")
# From the loosest to the tightest.
_CALCULATED: Final = (("+", "-"), ("~",), ("*", "/", "//", "%"), ("**",))
_ESCAPES: Final = {"n": "\n", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A tree, the text that it was read from, and where that ends."""

    tree: Node
    text: str
    stop: int


def parse_expression(template: str, start: int = 0) -> Expression:
    """The expression that begins at `start` and ends with the next `}` or with the text.

    TemplateFault is raised where it is none, with the text up to the fault.
    """
    reader = _Reader(template, start)
    tree = reader.choice()
    end = reader.current
    if end.kind != "end":
        reader.refuse(f"'{end.text}' is not expected here", end)
    return Expression(tree, template[max(0, start - 2) : end.stop], end.stop)


class _Reader:
    """Reads the words of one expression from left to right."""

    def __init__(self, template: str, start: int) -> None:
        self._template = template
        self._start = start
        self._words = list(tokens(template, start))
        self._next = 0
        self._depth = 0
        self._steps = 0

    @property
    def current(self) -> Token:
        return self._words[self._next]

    def refuse(self, said: str, at: Token) -> NoReturn:
        msg = f"a template cannot be read: {said}"
        raise TemplateFault(msg, written=self._template[max(0, self._start - 2) : at.start])

    def choice(self) -> Node:
        """A whole expression: everything that may stand between parentheses."""
        self._depth += 1
        if self._depth > EXPRESSION_DEPTH:
            self.refuse(f"it is nested more than {EXPRESSION_DEPTH} levels deep", self.current)
        node = self._either()
        if self._skips("if"):
            condition = self._either()
            self._expect("else", "an 'if' needs its 'else'")
            node = Choice(node, condition, self.choice())
        self._depth -= 1
        return node

    def _either(self) -> Node:
        return self._left_to_right(("or",), self._both, Either)

    def _both(self) -> Node:
        return self._left_to_right(("and",), self._negated, Either)

    def _negated(self) -> Node:
        turned = False
        while self._skips("not"):
            turned = not turned
        node = self._compared()
        return Negation(node) if turned else node

    def _compared(self) -> Node:
        first, steps = self._calculated(0), []
        while symbol := self._comparison():
            steps.append((symbol, self._calculated(0)))
        return Comparison(first, tuple(steps)) if steps else first

    def _comparison(self) -> str:
        if self.current.text == "not" and self._words[self._next + 1].text == "in":
            self._next += 2
            return "not in"
        return self._skipped(_COMPARED)

    def _calculated(self, level: int) -> Node:
        if level == len(_CALCULATED):
            return self._signed()
        return self._left_to_right(_CALCULATED[level], lambda: self._calculated(level + 1), Calculation)

    def _left_to_right(
        self, symbols: tuple[str, ...], operand: Callable[[], Node], joined: Callable[[str, Node, Node], Node]
    ) -> Node:
        node = operand()
        while symbol := self._skipped(symbols):
            self._count()
            node = joined(symbol, node, operand())
        return node

    def _count(self) -> None:
        """One more step of the tree: a long chain is a deep tree, which is walked by calls within calls."""
        self._steps += 1
        if self._steps > EXPRESSION_STEPS:
            self.refuse(f"it has more than {EXPRESSION_STEPS} operators", self.current)

    def _signed(self) -> Node:
        """Signs, then what they belong to, then functions: `-x | int` makes a whole number of -x."""
        signs = []
        while sign := self._skipped(("-", "+")):
            signs.append(sign)
        node = self._with_parts(self._primary())
        if signs:
            node = Signed(signs.count("-") % 2 == 1, node)
        while self.current.text in ("|", "is"):
            self._count()
            node = self._call(node) if self._skips("|") else self._defined(node)
        return node

    def _with_parts(self, node: Node) -> Node:
        while self._skips("["):
            self._count()
            start = None if self.current.text == ":" else self.choice()
            ranged = self._skips(":")
            stop = None if not ranged or self.current.text == "]" else self.choice()
            self._expect("]", "a bracket is not closed")
            node = Part(node, start, stop, single=not ranged)
        return node

    def _call(self, operand: Node) -> Node:
        named = self._advance()
        if named.kind != "name" or named.text not in FUNCTIONS:
            self.refuse(f"there is no function '{named.text}': {did_you_mean(named.text, FUNCTIONS)}", named)
        arguments = self._entries(")") if self._skips("(") else ()
        return Call(named.text, operand, arguments)

    def _defined(self, operand: Node) -> Node:
        self._next += 1
        wanted = not self._skips("not")
        self._expect("defined", "the one question is 'is defined'")
        if not isinstance(operand, Name):
            self.refuse("'is defined' asks about a name", self._words[self._next - 1])
        return Defined(operand, wanted)

    def _primary(self) -> Node:
        token = self._advance()
        if token.kind == "number":
            return Constant(self._number(token))
        if token.kind == "text":
            return Constant(re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), token.text[1:-1]))
        if token.kind == "name" and token.text not in _KEYWORDS:
            return Constant(_CONSTANTS[token.text]) if token.text in _CONSTANTS else self._name(token)
        if token.text == "(":
            node = self.choice()
            self._expect(")", "a parenthesis is not closed")
            return node
        if token.text == "[":
            return Listed(self._entries("]"))
        said = "a value is missing" if token.kind == "end" else f"'{token.text}' stands where a value is expected"
        return self.refuse(said, token)

    def _number(self, token: Token) -> int | float:
        try:
            # Digits cost their square: a float is asked first, and is out of range where they are too many.
            size = bounded_number(float(token.text))
            return int(token.text) if token.text.isdigit() else size
        except TemplateFault as fault:
            self.refuse(str(fault), token)

    def _name(self, token: Token) -> Node:
        rest = []
        while self._skips("."):
            field = self._advance()
            if field.kind != "name":
                self.refuse("a name is missing behind the dot", field)
            rest.append(field.text)
        if self.current.text == "(" and self.current.kind == "symbol":
            self.refuse("nothing can be called like this; functions stand behind a bar, as in x | int", self.current)
        return Name(token.text, tuple(rest))

    def _entries(self, closing: str) -> tuple[Node, ...]:
        entries: list[Node] = []
        while not self._skips(closing):
            if entries:
                self._expect(",", f"a comma or '{closing}' is missing")
                if self._skips(closing):
                    break
            entries.append(self.choice())
        return tuple(entries)

    def _advance(self) -> Token:
        token = self.current
        if token.kind != "end":
            self._next += 1
        return token

    def _skipped(self, symbols: tuple[str, ...]) -> str:
        """The word, read, where it is one of these."""
        token = self.current
        if token.kind in ("symbol", "name") and token.text in symbols:
            self._next += 1
            return token.text
        return ""

    def _skips(self, symbol: str) -> bool:
        return bool(self._skipped((symbol,)))

    def _expect(self, symbol: str, said: str) -> None:
        if not self._skips(symbol):
            self.refuse(said, self.current)
