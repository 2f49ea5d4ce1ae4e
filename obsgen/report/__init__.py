"""Report: results as tables and JSON."""
