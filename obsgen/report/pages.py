"""Pages: templates in which every text from outside is text, whatever it spells."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from obsgen.printable import powerless, printable


def page_templates(package: str) -> Environment:
    """The templates in the package's folder `html`."""
    return Environment(
        loader=PackageLoader(package, "html"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: Any) -> Any:
    """What an expression of a template comes to; markup is our own, of which every part came through here."""
    return powerless(printable(value)) if isinstance(value, str) and not isinstance(value, Markup) else value
