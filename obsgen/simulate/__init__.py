"""Made-up clusters whose every figure is known: samples to ask about, and the true answers."""
