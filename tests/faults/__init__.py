"""A real Prometheus behind a server that fails: what `obsgen capacity` then says, and never says."""
