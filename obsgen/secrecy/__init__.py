"""What is secret, decided in one place: names of fields, places in documents, values that give themselves away."""
