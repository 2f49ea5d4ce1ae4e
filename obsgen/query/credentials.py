"""Who is asking: Authorization headers from files and variables, read anew for each request and never printed."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

from requests import PreparedRequest
from requests.auth import AuthBase

from obsgen.regular_file import Unreadable, read_regular
from obsgen.spec.root import shown

BEARER_TOKEN_VARIABLE = "OBSGEN_BEARER_TOKEN"  # noqa: S105 - the variable's name, not a token
BASIC_AUTH_VARIABLE = "OBSGEN_BASIC_AUTH"
_TOKEN = "a bearer token"  # noqa: S105 - what the file should hold
_PAIR = "user:password"


class CredentialsUnreadable(ValueError):  # noqa: N818 - it names the fault
    """A file, variable or option that should hold credentials does not."""


class Authorization(AuthBase):
    """Sends one Authorization header.

    An AuthBase and not a plain header, because requests lets an entry in ~/.netrc replace a plain one.
    """

    def __init__(self, value: str) -> None:
        self._value = value

    def header(self) -> str:
        """The header's value as it holds now."""
        return self._value

    @property
    def title(self) -> str:
        """Where the credentials are from, fit to be printed."""
        return "an Authorization header"

    def secrets(self) -> tuple[str, ...]:
        """What must not be printed, should a server repeat it."""
        return (self.header(), self.header().partition(" ")[2])

    def __call__(self, request: PreparedRequest) -> PreparedRequest:  # noqa: D102 - requests says it
        request.headers["Authorization"] = self.header()
        return request


class BearerTokenFile(Authorization):
    """The file's token: Kubernetes rotates mounted tokens in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.header()

    def header(self) -> str:  # noqa: D102 - as above
        token = _token(_content(self._path, _TOKEN), f"'{self._path}'")
        return f"Bearer {token}"

    @property
    def title(self) -> str:  # noqa: D102 - as above
        return f"a bearer token from '{self._path}'"


class BearerTokenVariable(Authorization):
    """The environment variable's token."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.header()

    def header(self) -> str:  # noqa: D102 - as above
        token = _token(os.environ.get(self._name, ""), f"variable '{self._name}'")
        return f"Bearer {token}"

    @property
    def title(self) -> str:  # noqa: D102 - as above
        return f"a bearer token from variable '{self._name}'"


class BasicAuthFile(Authorization):
    """The file's user and password."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.header()

    def header(self) -> str:  # noqa: D102 - as above
        return _basic(self._pair(), f"'{self._path}'")

    @property
    def title(self) -> str:  # noqa: D102 - as above
        return f"a user and password from '{self._path}'"

    def secrets(self) -> tuple[str, ...]:  # noqa: D102 - as above
        return (*super().secrets(), self._pair().partition(":")[2])

    def _pair(self) -> str:
        return _content(self._path, _PAIR)


class BasicAuthVariable(BasicAuthFile):
    """The environment variable's user and password."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.header()

    def header(self) -> str:  # noqa: D102 - as above
        return _basic(self._pair(), f"variable '{self._name}'")

    @property
    def title(self) -> str:  # noqa: D102 - as above
        return f"a user and password from variable '{self._name}'"

    def _pair(self) -> str:
        return os.environ.get(self._name, "").strip()


class BasicAuthAddress(BasicAuthFile):
    """The user and password of an address."""

    def __init__(self, pair: str) -> None:
        self._written = pair

    def header(self) -> str:  # noqa: D102 - as above
        return _basic(self._pair(), "the address")

    @property
    def title(self) -> str:  # noqa: D102 - as above
        return "the user in the address"

    def _pair(self) -> str:
        return self._written


class Anonymous(AuthBase):
    """Sends nothing. Where requests is given nothing, it looks for the host's entry in ~/.netrc and sends that."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:  # noqa: D102 - requests says it
        return request


def from_environment() -> Authorization | None:
    """What obsgen's own variables hold; nothing where none is set."""
    if os.environ.get(BEARER_TOKEN_VARIABLE):
        return BearerTokenVariable(BEARER_TOKEN_VARIABLE)
    if os.environ.get(BASIC_AUTH_VARIABLE):
        return BasicAuthVariable(BASIC_AUTH_VARIABLE)
    return None


def _token(text: str, source: str) -> str:
    token = text.strip()
    # Whatever HTTP refuses would come back in an error message, token and all.
    if not re.fullmatch(r"[!-~]+", token):
        msg = f"{source} should hold {_TOKEN} on one line and nothing else"
        raise CredentialsUnreadable(msg)
    return token


def _basic(pair: str, source: str) -> str:
    user, colon, password = pair.partition(":")
    if not colon or "\n" in pair:
        msg = f"{source} has no colon: write {_PAIR} on one line"
        raise CredentialsUnreadable(msg)
    # requests would encode text as Latin-1, servers read UTF-8.
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def file_bytes(path: Path, wanted: str) -> bytes:
    """What a regular file holds; CredentialsUnreadable, which says what it should hold, for anything else."""
    try:
        return read_regular(path)
    except Unreadable as fault:
        raise _unreadable(path, str(fault), wanted) from None


def _unreadable(path: Path, fault: str, wanted: str) -> CredentialsUnreadable:
    return CredentialsUnreadable(f"'{shown(path)}' {fault}; it should hold {wanted}")


def _content(path: Path, wanted: str) -> str:
    try:
        text = file_bytes(path, wanted).decode().strip()
    except UnicodeDecodeError:
        raise _unreadable(path, "is not text", wanted) from None
    if not text or "\n" in text:
        msg = f"'{path}' should hold {wanted} on one line and nothing else"
        raise CredentialsUnreadable(msg)
    return text
