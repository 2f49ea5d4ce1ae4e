"""Coverage: which alerts, recordings, objectives and panels see the series that they read, and why others do not."""
