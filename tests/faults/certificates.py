"""Certificates for loopback, made by openssl: an authority, a server's, an expired one, a client's."""

from __future__ import annotations

import subprocess
from pathlib import Path

_NAME = "subjectAltName=IP:127.0.0.1"


def authority(folder: Path, name: str = "ca") -> Path:
    """A certificate authority; its key lies beside it."""
    _openssl(
        *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
        *("-subj", f"/CN=obsgen {name}", "-keyout", str(folder / f"{name}.key"), "-out", str(folder / f"{name}.pem")),
    )
    return folder / f"{name}.pem"


def issued(folder: Path, name: str, *, days: int = 2, extension: str = _NAME) -> tuple[str, str]:
    """A certificate of the authority `ca`, and its key; negative days lie in the past."""
    request, key, made = (folder / f"{name}.{ending}" for ending in ("csr", "key", "pem"))
    _openssl(
        *("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-subj", f"/CN={name}", "-keyout", str(key), "-out", str(request)),
    )
    (folder / f"{name}.ext").write_text(f"{extension}\n")
    _openssl(
        *("x509", "-req", "-in", str(request), "-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key")),
        *("-CAcreateserial", "-days", str(days), "-extfile", str(folder / f"{name}.ext"), "-out", str(made)),
    )
    return str(made), str(key)


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
