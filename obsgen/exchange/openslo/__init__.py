"""OpenSLO v1, read and written; of v1alpha what sloth reads too."""
