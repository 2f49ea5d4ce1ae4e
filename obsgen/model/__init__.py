"""The model: what is monitored, complete and immutable."""
