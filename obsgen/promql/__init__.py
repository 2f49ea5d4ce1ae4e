"""PromQL as text, tree, labels and versions."""
