"""Objectives from and to the formats of other tools: sloth and OpenSLO."""
