"""What receivers' fields are filled with: paths of mounted secrets, and templates by their name."""

from __future__ import annotations


def mounted(reference: str, folder: str) -> str:
    """Where Alertmanager reads a key of a Secret: `<folder>/<secret>/<key>`."""
    return f"{folder.rstrip('/')}/{reference}"


def filled(template: str) -> str:
    """A field that holds nothing but one of the templates."""
    return f'{{{{ template "obsgen.{template}" . }}}}'
