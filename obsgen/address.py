"""Addresses over HTTP: whether a text is one, and how it is shown without what is secret in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

# Libraries do not agree on where the host ends in a text with a backslash, and leave control characters out.
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_HOST = re.compile(r"(\[[^]]+\]|[^][:]*)(:[0-9]*)?")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: `url` without a user, and the `login`, user:password, that was written in it."""

    url: str
    host: str
    encrypted: bool
    login: str | None = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Address:
        """ValueError says why the text is no address, and does not repeat it."""
        if _UNFIT.search(text):
            msg = "it holds a space, a backslash or a control character"
            raise ValueError(msg)
        parts, host = _split(text)
        if not _SCHEME.match(text) or not host:
            msg = "it does not begin with http:// or https:// and a host"
            raise ValueError(msg)
        return cls(
            parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/"),
            host,
            parts.scheme == "https",
            None if parts.username is None else f"{unquote(parts.username)}:{unquote(parts.password or '')}",
        )

    @property
    def on_this_machine(self) -> bool:
        """Whether what is sent there leaves no machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")


def is_address(text: str) -> bool:
    """Whether the text is one."""
    try:
        Address.read(text)
    except ValueError:
        return False
    return True


def shown(text: str) -> str:
    """The text without a user, password and parameters, also where it is no address: a scheme may be forgotten."""
    scheme = _SCHEME.match(text)
    start = scheme[0] if scheme else ""
    authority, slash, path = text[len(start) :].partition("/")
    if "@" in path:
        # A password with a slash in it ends here too: nothing before the last sign is surely no secret.
        return f"{start}…@{_bare(path.rpartition('@')[2])}"
    return f"{start}{_bare(authority.rpartition('@')[2] + slash + path)}"


def _bare(text: str) -> str:
    return re.split(r"[?#]", text, maxsplit=1)[0]


def _split(text: str) -> tuple[SplitResult, str]:
    """The parts, all of which can be read, and the host, which has a name that can be looked up."""
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        # Of a plain name the codec, which takes its time to load, has nothing to say.
        if not host.isascii() or any(not 0 < len(label) < 64 for label in host.split(".")):
            host.encode("idna")
        readable = parts.port != 0 and _HOST.fullmatch(parts.netloc.rpartition("@")[2])
    except ValueError:
        readable, host = False, ""
    if not readable:
        msg = "its host or port cannot be read"
        raise ValueError(msg)
    return parts, host
