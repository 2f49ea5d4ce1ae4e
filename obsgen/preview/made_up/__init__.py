"""A made-up platform, well but for one signal of each component, from which every dashboard can be drawn."""
