"""The output folder: what would change, then only that, whole or not at all, and never a file that is not ours."""
