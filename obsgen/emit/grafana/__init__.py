"""Grafana dashboards: one thin layer that makes grafanalib 0.7.1 write what Grafana 11 to 13 reads."""
