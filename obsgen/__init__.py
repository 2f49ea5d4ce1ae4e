"""One spec of the three-layer monitoring of a Kubernetes platform, compiled and proved."""

__version__ = "0.1.0"
