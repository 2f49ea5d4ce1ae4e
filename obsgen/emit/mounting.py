"""What receivers' fields are filled with: paths of mounted secrets, and templates by their name."""

from __future__ import annotations

from obsgen.model.stack import Stack

# prometheus-operator mounts here and nowhere else.
_OPERATORS_FOLDER = "/etc/alertmanager/secrets"


def mounting_folder(stack: Stack) -> str:
    """Below which folder the operator mounts the Secrets that the Alertmanager object lists."""
    mounts = stack.installation.mounts if stack.installation else None
    return mounts.folder if mounts else _OPERATORS_FOLDER


def mounted_secrets(stack: Stack) -> tuple[str, ...]:
    """The Secrets that the Alertmanager object must list for the operator to mount them."""
    # An AlertmanagerConfig names Secrets and keys, which the operator reads itself.
    if stack.environment.alertmanager.delivery == "alertmanagerconfig":
        return ()
    ways = [way for receiver in stack.routing.receivers.values() for _, way in receiver.ways()]
    return tuple(sorted({reference.partition("/")[0] for way in ways for _, reference in way.secrets()}))


def mounted(reference: str, folder: str) -> str:
    """Where Alertmanager reads a key of a Secret: `<folder>/<secret>/<key>`."""
    return f"{folder.rstrip('/')}/{reference}"


def filled(template: str) -> str:
    """A field that holds nothing but one of the templates."""
    return f'{{{{ template "obsgen.{template}" . }}}}'
