"""Lower: the passes that turn the model into the bundle."""
