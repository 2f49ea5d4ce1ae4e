"""What the makers of the real components publish of their forms, read from their packages."""
