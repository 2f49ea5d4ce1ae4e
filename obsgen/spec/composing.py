"""YAML composed to nodes within bounds, whatever the text: no recursion, and aliases count as what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from obsgen.limits import FOREIGN_TEXT, YAML_DEPTH, YAML_KEY, YAML_NODES, YAML_TEXT

TAG: Final = "tag:yaml.org,2002:"
MERGE: Final = TAG + "merge"
BOOL: Final = TAG + "bool"
_STR: Final = TAG + "str"
# The only plain words that are told apart by their tag: everything else is read from its text.
_PLAIN: Final = {
    "<<": MERGE,
    **{
        form: BOOL
        for word in ("yes", "no", "on", "off", "true", "false")
        for form in (word, word.upper(), word.title())
    },
}


class BeyondBounds(yaml.MarkedYAMLError):
    """A document that is YAML and still not read; `code` is the diagnostic's."""

    def __init__(self, code: str, problem: str, mark: Any, hint: str) -> None:
        super().__init__(None, None, problem, mark)
        self.code = code
        self.hint = hint


def compose(text: str) -> yaml.Node | None:
    """The node of the one document in a file of ours; yaml.YAMLError where there are more, or it is not read."""
    documents = _Composing(text, YAML_TEXT, single=True).documents()
    return documents[0] if documents else None


def compose_all(text: str) -> list[yaml.Node]:
    """The nodes of all documents in a file of another tool, whose texts may be longer."""
    return _Composing(text, FOREIGN_TEXT, single=False).documents()


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    node: yaml.CollectionNode
    anchor: str | None
    before: int
    """How many values there were before it."""
    height: int = 1
    key: yaml.Node | None = None

    def take(self, node: yaml.Node, height: int) -> None:
        """The next value inside."""
        self.height = max(self.height, height + 1)
        if isinstance(self.node, yaml.SequenceNode):
            self.node.value.append(node)
        elif self.key is None:
            self.key = node
        else:
            self.node.value.append((self.key, node))
            self.key = None

    @property
    def wants_key(self) -> bool:
        return self.key is None and isinstance(self.node, yaml.MappingNode)


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A finished value that aliases may stand for."""

    node: yaml.Node
    size: int
    height: int


@dataclass(slots=True)
class _Composing:
    text: str
    longest: int
    single: bool
    count: int = 0
    open: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Anchored | None] = field(default_factory=dict)
    """None for those whose value is still open."""
    found: list[yaml.Node] = field(default_factory=list)

    def documents(self) -> list[yaml.Node]:
        parser: Any = yaml.CSafeLoader(self.text)
        try:
            while True:
                event = parser.get_event()
                step = _STEPS.get(type(event))
                if step:
                    step(self, event)
                elif isinstance(event, yaml.StreamEndEvent):
                    return self.found
        finally:
            parser.dispose()

    def begin_document(self, event: Any) -> None:
        if self.single and self.found:
            problem = "but found another document"
            raise yaml.composer.ComposerError("expected a single document", None, problem, event.start_mark)
        self.anchors.clear()
        self._counted(1, event)

    def scalar(self, event: Any) -> None:
        value: str = event.value
        if len(value) > YAML_KEY:
            self._fitting(value, event)
        tag = event.tag
        if tag is None or tag == "!":
            tag = _PLAIN.get(value, _STR) if event.implicit[0] else _STR
        node = yaml.ScalarNode(tag, value, event.start_mark, event.end_mark, event.style)
        self._named(event)
        self._counted(1, event)
        self._finished(node, event.anchor, 1, 1)

    def begin(self, event: Any) -> None:
        is_list = isinstance(event, yaml.SequenceStartEvent)
        kind, usual = (yaml.SequenceNode, "seq") if is_list else (yaml.MappingNode, "map")
        tag = TAG + usual if event.tag in (None, "!") else event.tag
        self._named(event)
        self._shallow(len(self.open) + 1, event)
        self.open.append(_Open(kind(tag, [], event.start_mark), event.anchor, self.count))
        self._counted(1, event)

    def end(self, _event: Any) -> None:
        closed = self.open.pop()
        self._finished(closed.node, closed.anchor, self.count - closed.before, closed.height)

    def alias(self, event: Any) -> None:
        if event.anchor not in self.anchors:
            raise yaml.composer.ComposerError(None, None, "found undefined alias", event.start_mark)
        meant = self.anchors[event.anchor]
        if meant is None:
            begun = next(one.node.start_mark for one in self.open if one.anchor == event.anchor)
            raise BeyondBounds("OBS105", "an anchor contains itself", begun, "write the value out")
        self._shallow(len(self.open) + meant.height, event)
        self._counted(meant.size, event)
        self._placed(meant.node, meant.height)

    def _named(self, event: Any) -> None:
        if event.anchor is None:
            return
        if event.anchor in self.anchors:
            raise yaml.composer.ComposerError(None, None, "second occurrence", event.start_mark)
        self.anchors[event.anchor] = None

    def _finished(self, node: yaml.Node, anchor: str | None, size: int, height: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = _Anchored(node, size, height)
        self._placed(node, height)

    def _placed(self, node: yaml.Node, height: int) -> None:
        if self.open:
            self.open[-1].take(node, height)
        else:
            self.found.append(node)

    def _counted(self, more: int, event: Any) -> None:
        self.count += more
        if self.count > YAML_NODES:
            problem = f"the file holds more than {YAML_NODES} values, aliases counted as what they stand for"
            raise BeyondBounds("OBS118", problem, event.start_mark, "divide it into several files")

    def _shallow(self, depth: int, event: Any) -> None:
        if depth > YAML_DEPTH:
            problem = f"lists and mappings stand more than {YAML_DEPTH} deep in one another"
            raise BeyondBounds("OBS117", problem, event.start_mark, "nothing that is read here is so deep")

    def _fitting(self, value: str, event: Any) -> None:
        is_key = bool(self.open) and self.open[-1].wants_key
        most = YAML_KEY if is_key else self.longest
        if len(value) > most:
            problem = f"this {'key' if is_key else 'value'} has {len(value)} characters, and {most} are the most"
            raise BeyondBounds("OBS119", problem, event.start_mark, "long texts stand in files of their own")


_STEPS: Final[Mapping[type, Callable[[_Composing, Any], None]]] = {
    yaml.ScalarEvent: _Composing.scalar,
    yaml.SequenceStartEvent: _Composing.begin,
    yaml.MappingStartEvent: _Composing.begin,
    yaml.SequenceEndEvent: _Composing.end,
    yaml.MappingEndEvent: _Composing.end,
    yaml.AliasEvent: _Composing.alias,
    yaml.DocumentStartEvent: _Composing.begin_document,
}
