"""Objectives: written in packs and specs, resolved to what is measured and what sets off which alert."""
