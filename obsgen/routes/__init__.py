"""What a routing tree does with every alert there can be: exactly, and not by samples."""
