"""Other programs and threads: where they lie, how they are run, and how they end when obsgen does."""
