"""Objectives against promtool: their derived tests hold, and the maths behind them is true."""
