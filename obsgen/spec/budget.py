"""How much the templates of one stack may give together: each text is bounded, and there may be many of them."""

from __future__ import annotations

from obsgen.limits import STACK_BLOCK_CHARACTERS, STACK_CHARACTERS
from obsgen.spec.expression.effort import begin_effort
from obsgen.spec.expression.fault import TemplateFault
from obsgen.spec.expression.values import Names
from obsgen.spec.template import has_blocks, render


class Budget:
    """Renders templates as long as there is room for what they give."""

    def __init__(self) -> None:
        begin_effort()
        self._left = STACK_CHARACTERS
        self._blocks_left = STACK_BLOCK_CHARACTERS

    def render(self, text: str, names: Names) -> str:
        """The text rendered; TemplateFault once where it is too much, and empty texts from then on."""
        if self._left < 0 or self._blocks_left < 0:
            return ""
        if has_blocks(text):
            self._blocks_left -= len(text)
            if self._blocks_left < 0:
                msg = f"the templates with blocks have more than {STACK_BLOCK_CHARACTERS} characters together"
                raise TemplateFault(msg)
        rendered = render(text, names)
        self._left -= len(rendered)
        if self._left < 0:
            msg = f"the templates give more than {STACK_CHARACTERS} characters together"
            raise TemplateFault(msg)
        return rendered
