"""Live: capacity computed from a running Prometheus."""
