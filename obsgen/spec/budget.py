"""How much the templates of one stack may give together: each text is bounded, and there may be many of them."""

from __future__ import annotations

from obsgen.limits import STACK_BLOCK_CHARACTERS, STACK_CHARACTERS, STACK_EFFORT, TEXT_EFFORT
from obsgen.spec.expression.effort import begin_effort, effort_left
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.values import Names
from obsgen.spec.template import has_blocks, render


class Budget:
    """Renders templates as long as there is room for what they give."""

    def __init__(self) -> None:
        self._left = STACK_CHARACTERS
        self._blocks_left = STACK_BLOCK_CHARACTERS
        self._effort_left = STACK_EFFORT

    def render(self, text: str, names: Names) -> str:
        """The text rendered; TemplateFault once where it is too much, and empty texts from then on."""
        if min(self._left, self._blocks_left, self._effort_left) < 0:
            return ""
        if has_blocks(text):
            self._blocks_left -= len(text)
            if self._blocks_left < 0:
                msg = f"the templates with blocks have more than {STACK_BLOCK_CHARACTERS} characters together"
                raise TemplateFault(msg)
        begin_effort(TEXT_EFFORT)
        try:
            rendered = render(text, names)
        finally:
            self._effort_left -= TEXT_EFFORT - effort_left()
        self._left -= len(rendered)
        if self._left < 0:
            msg = f"the templates give more than {STACK_CHARACTERS} characters together"
            raise TemplateFault(msg)
        if self._effort_left < 0:
            msg = "the templates take too long together"
            raise TemplateFault(msg)
        return rendered
