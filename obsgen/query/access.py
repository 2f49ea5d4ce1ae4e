"""How a server is entered: credentials from files or variables, tenant headers, certificate authorities."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from requests import PreparedRequest
from requests.auth import AuthBase, HTTPBasicAuth

BEARER_TOKEN_VARIABLE = "OBSGEN_BEARER_TOKEN"  # noqa: S105 - the variable's name, not a token
BASIC_AUTH_VARIABLE = "OBSGEN_BASIC_AUTH"


class CredentialsUnreadable(ValueError):  # noqa: N818 - it names the fault
    """A file or variable that should hold credentials does not."""


class Authorization(AuthBase):
    """Sends one fixed Authorization header.

    An AuthBase and not a plain header, because requests lets an entry in ~/.netrc replace a plain one.
    """

    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: PreparedRequest) -> PreparedRequest:  # noqa: D102 - requests says it
        request.headers["Authorization"] = self._value
        return request


class BearerTokenFile(AuthBase):
    """Sends the file's token, read anew for each request: Kubernetes rotates mounted tokens in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        _secret(path, "a bearer token")

    def __call__(self, request: PreparedRequest) -> PreparedRequest:  # noqa: D102 - requests says it
        request.headers["Authorization"] = f"Bearer {_secret(self._path, 'a bearer token')}"
        return request


@dataclass(frozen=True, slots=True)
class Access:
    """Everything sent besides the query; `headers` may name a tenant (X-Scope-OrgID).

    `ca_file` replaces the system's certificate authorities. The credentials never appear in the repr.
    """

    auth: AuthBase | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: Path | None = None

    @classmethod
    def of(
        cls,
        *,
        bearer_token_file: Path | None = None,
        basic_auth_file: Path | None = None,
        headers: Mapping[str, str] | None = None,
        ca_file: Path | None = None,
    ) -> Access:
        """From files, else from OBSGEN_BEARER_TOKEN or OBSGEN_BASIC_AUTH; CredentialsUnreadable is raised."""
        plain = dict(headers or {})
        written = next((plain.pop(name) for name in tuple(plain) if name.lower() == "authorization"), None)
        if sum(source is not None for source in (bearer_token_file, basic_auth_file, written)) > 1:
            msg = "bearer token file, basic auth file and Authorization header exclude each other: give one"
            raise CredentialsUnreadable(msg)
        if ca_file is not None and not ca_file.is_file():
            msg = f"'{ca_file}' is not a file: name a PEM file of certificate authorities"
            raise CredentialsUnreadable(msg)
        auth = Authorization(written) if written else _from_files(bearer_token_file, basic_auth_file)
        return cls(auth or _from_environment(), plain, ca_file)


def _from_files(bearer_token_file: Path | None, basic_auth_file: Path | None) -> AuthBase | None:
    if bearer_token_file is not None:
        return BearerTokenFile(bearer_token_file)
    if basic_auth_file is not None:
        return _basic(_secret(basic_auth_file, "user:password"), f"'{basic_auth_file}'")
    return None


def _from_environment() -> AuthBase | None:
    if token := os.environ.get(BEARER_TOKEN_VARIABLE):
        return Authorization(f"Bearer {token.strip()}")
    if pair := os.environ.get(BASIC_AUTH_VARIABLE):
        return _basic(pair.strip(), BASIC_AUTH_VARIABLE)
    return None


def _basic(pair: str, source: str) -> AuthBase:
    user, colon, password = pair.partition(":")
    if not colon:
        msg = f"{source} has no colon: write user:password on one line"
        raise CredentialsUnreadable(msg)
    # requests would encode text as Latin-1, servers read UTF-8.
    return HTTPBasicAuth(user.encode(), password.encode())


def _secret(path: Path, wanted: str) -> str:
    try:
        text = path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        msg = f"'{path}' cannot be read: {reason}; it should hold {wanted}"
        raise CredentialsUnreadable(msg) from None
    if not text or "\n" in text:
        msg = f"'{path}' should hold {wanted} on one line and nothing else"
        raise CredentialsUnreadable(msg)
    return text
