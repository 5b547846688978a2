"""Open JSON for programs."""
