"""Tenants of a shared backend: the header that names them, and what their names may be."""

from __future__ import annotations

import re
from typing import Final

TENANT_HEADER: Final = "X-Scope-OrgID"
TENANT_FORM: Final = "letters, digits and !-_.*'() are allowed, up to 150; several are joined by |"
_TENANTS: Final = re.compile(r"[A-Za-z0-9!\-_.*'()]{1,150}(\|[A-Za-z0-9!\-_.*'()]{1,150})*")


def names_tenants(text: str) -> bool:
    """Whether Mimir, Loki and Tempo take this for one tenant or several, joined by a bar."""
    return _TENANTS.fullmatch(text) is not None
