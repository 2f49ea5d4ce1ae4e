"""Unit tests derived from the model: every alert, at the user's own numbers, from both sides."""
