"""Objectives as rules: what is recorded, what fires, and the tests that prove both."""
