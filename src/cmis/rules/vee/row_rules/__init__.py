"""Rules about one register. Each file: ``CODE``, ``EXPLANATION``, ``USUAL`` and ``check``."""
