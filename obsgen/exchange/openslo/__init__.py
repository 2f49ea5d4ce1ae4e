"""OpenSLO v1, read and written."""
