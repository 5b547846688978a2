"""Anticipated failures: what happened, why, and what to do next, in two languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same sentence in Vietnamese and English, with ``{name}`` places."""

    vi: str
    en: str

    def render(self, language: str = "vi", **values: object) -> str:
        return (self.en if language == "en" else self.vi).format(**values)


class UnableTo(Exception):
    """Base of all anticipated failures. A subclass stands beside the operation that raises it.

    Class attributes ``code`` (stable, such as ``READ-014``), ``what`` and ``next_step`` are
    bilingual; ``values`` fill their places and never hold personal data.
    """

    code: str = ""
    what: Bilingual = Bilingual("", "")
    next_step: Bilingual = Bilingual("", "")

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.message("en"))

    def message(self, language: str = "vi") -> str:
        what = self.what.render(language, **self.values)
        step = self.next_step.render(language, **self.values)
        return f"{self.code}: {what} {step}".strip()
