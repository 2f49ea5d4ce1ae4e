"""Emit: the bundle in the formats of one target."""
