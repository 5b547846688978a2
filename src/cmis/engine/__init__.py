"""Floor 3: the heavy batch. Knows rules and formats, not the Django modules."""
