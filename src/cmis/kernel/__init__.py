"""Floor 0: the words of the trade. No Django, no clock, no I/O but the glossary file."""
