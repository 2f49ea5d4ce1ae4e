"""Dashboards drawn with live data, so that a change is seen before Grafana has it."""
