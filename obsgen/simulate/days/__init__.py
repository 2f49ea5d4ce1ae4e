"""Days of one healthy cluster: its rhythm, and all that is done to it on purpose."""
