"""Check: own semantic checks, then promtool and amtool."""
