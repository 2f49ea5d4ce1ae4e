"""Load: YAML with positions becomes the spec, exactly as written."""
