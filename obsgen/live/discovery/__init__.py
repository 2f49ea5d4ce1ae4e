"""What a live Prometheus shows of its cluster, so that a first spec fits it."""
