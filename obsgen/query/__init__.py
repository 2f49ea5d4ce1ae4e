"""Query: one live Prometheus, asked carefully."""
