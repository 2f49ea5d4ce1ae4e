"""The form of the clusters that `obsgen capacity` asks: where each one's metrics are, and how they are reached."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from obsgen.address import Address, shown
from obsgen.spec.written import Written
from obsgen.units import Duration


def _address(url: str) -> str:
    try:
        Address.read(url)
    except ValueError:
        msg = f"'{shown(url)}' is not an address: write https:// or http:// and the host"
        raise ValueError(msg) from None
    return url.rstrip("/")


WrittenAddress = Annotated[str, AfterValidator(_address)]


class ClusterSpec(Written):
    """One cluster's query API. Files are taken from the folder of the file that names them.

    Tokens, files, certificates and proxies are used only with the consent of who runs obsgen.
    """

    url: WrittenAddress = Field(description="Prometheus, Thanos, Mimir or VictoriaMetrics with the query API")
    label: str | None = Field(None, description="value of the cluster label, where the server holds several clusters")
    tenant: str | None = Field(None, description="X-Scope-OrgID; several tenants are joined by |")
    bearer_token_file: str | None = None
    bearer_token_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    basic_auth_file: str | None = Field(None, description="holds user:password")
    headers: dict[str, str] = Field(default_factory=dict)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    proxy: WrittenAddress | None = None
    params: dict[str, str] = Field(default_factory=dict, description="join every query, such as dedup: 'true'")
    timeout: Duration | None = Field(None, description="for each query, retries included")
