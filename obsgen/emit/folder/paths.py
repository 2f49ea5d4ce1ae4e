"""Where a file of ours may lie: below the output folder, under a name that every system takes, and never hidden."""

from __future__ import annotations

from obsgen.printable import shortened

# What file systems take: 255 bytes for a name everywhere, and 1,024 for a whole path on the strictest.
_NAME_BYTES = 255
_PATH_BYTES = 1024
_SHOWN = 100
# Of names that nothing but malice writes, some are enough for a message.
NAMED = 20


def path_fault(path: str) -> str | None:
    """Why no file of ours can lie at this path; None where one may."""
    names = path.split("/")
    if not path:
        return "is empty"
    if path.startswith("/") or ".." in names:
        return "leads out of the folder"
    if not path.isprintable() or "\\" in path:
        return "has a character that no file of ours has in its name"
    if any(not name or name.startswith(".") for name in names):
        return "has a part that is empty or begins with a dot"
    if len(path.encode()) > _PATH_BYTES or any(len(name.encode()) > _NAME_BYTES for name in names):
        return f"is longer than a file system takes ({_NAME_BYTES} bytes a name, {_PATH_BYTES} in all)"
    return None


def shown(path: str) -> str:
    """A path that somebody else wrote, short enough and plain enough for a message."""
    plain = path if path.isprintable() else path[:_SHOWN].encode("unicode_escape").decode()
    return shortened(plain, _SHOWN)
