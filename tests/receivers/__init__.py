"""Receivers: their form in every version of Alertmanager, what they say, and what really arrives."""
