"""Hostile input and interrupted runs: nothing runs, leaks, is deleted or is left behind."""
