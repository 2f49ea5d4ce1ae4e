"""Resolve: overlays, packs and defaults become a model with nothing left to inherit."""
