"""What operators ask next: what still fits, what a loss leaves, what is stranded, what to request, when it is full."""
