"""The spec that a newcomer starts from."""

from __future__ import annotations

from obsgen.spec.shipped import shipped


def starter_text(name: str, cluster: str) -> str:
    """`config/starter.yaml` with the stack's and the cluster's name filled in."""
    text = (shipped("config") / "starter.yaml").read_text(encoding="utf-8")
    return text.replace("name: my-stack", f"name: {name}").replace("cluster: my-cluster", f"cluster: {cluster}")
