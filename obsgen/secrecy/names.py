"""Names of fields that hold a secret, however a tool spells them and whatever prefix they carry."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

# A name is judged by its end: `token_file` is a file, `smtp_auth_username` a user, `bot_token` a token.
_ENDINGS: Final = frozenset(
    {"token", "password", "passwd", "passphrase", "pwd", "pass", "secret", "credential", "authorization", "auth"}
    | {"bearer", "apikey", "cookie"}
)
# Words before `key` that make a secret of it; a label's or a sorting key is none.
_KEYS: Final = frozenset(
    {"api", "routing", "service", "integration", "private", "secret", "access", "signing", "encryption", "account"}
    | {"user", "app", "auth", "webhook", "shared", "master", "license", "ssh", "tls"}
)
# Addresses to which everybody can send who knows them.
_ADDRESSES: Final = frozenset({"webhook", "hook", "api", "slack", "teams", "discord", "mattermost"})
_RUN_TOGETHER: Final = tuple(
    [f"{word}key" for word in sorted(_KEYS)] + [f"{word}url" for word in sorted(_ADDRESSES)] + ["bottoken"]
)
# So that a misspelt name is no way around: these are long enough to be recognised.
_MISSPELT: Final = ("token", "password", "passphrase", "secret", "credentials", "authorization")
_LIKENESS: Final = 0.83
_FIELD: Final = re.compile(r"[A-Za-z_][\w.-]{0,79}")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@lru_cache(maxsize=4096)
def names_secret(name: str) -> bool:
    """Whether a field of this name holds a secret itself, and not a file, a variable or a user's name."""
    if not _FIELD.fullmatch(name):
        return False
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    return bool(words) and (_ends_in_secret(words) or _is_misspelt(words[-1]))


def _ends_in_secret(words: Sequence[str]) -> bool:
    last = words[-1].removesuffix("s") if words[-1] not in ("pass", "address") else words[-1]
    before = words[-2] if len(words) > 1 else ""
    if last == "key":
        return before in _KEYS
    if last in ("url", "uri"):
        return before in _ADDRESSES
    return last in _ENDINGS or "".join(words).removesuffix("s").endswith(_RUN_TOGETHER)


def _is_misspelt(word: str) -> bool:
    return len(word) > 3 and bool(get_close_matches(word, _MISSPELT, n=1, cutoff=_LIKENESS))
