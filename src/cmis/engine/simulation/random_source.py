"""The one source of chance: decided by the words it is made from, on every machine."""

from random import Random


def seeded(*words: object) -> Random:
    """A random source that is the same for the same words."""
    return Random("|".join(map(str, words)))  # noqa: S311 - invented data, no secret
