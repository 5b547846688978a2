"""Element lists (``versions.yaml``) turned into fast writers and readers.

A table row says tag, field, kind and size; a new tag is a new row. Each row is compiled once, so
that writing an invoice costs little beside its signature.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from cmis.kernel.errors import Bilingual, UnableTo

TOTAL_DIGITS = 21  # the format's own limits; versions.yaml holds the same and a test compares
DECIMALS = 6
NO_LIMIT = 10_000


class UnableToBuildInvoice(UnableTo):
    """A value cannot be written into the format. ``field`` names it; the value stays private."""

    code = "EIV-001"
    what = Bilingual(
        "Không lập được hóa đơn: trường {field} {problem_vi}.",
        "The invoice cannot be built: field {field} {problem_en}.",
    )
    next_step = Bilingual(
        "Sửa dữ liệu nguồn của trường này rồi lập lại; chưa số hóa đơn nào bị dùng.",
        "Correct the source of this field and build again; no invoice number has been used.",
    )


MISSING = {"problem_vi": "bị thiếu", "problem_en": "is missing"}
NOT_OF_THE_KIND = {
    "problem_vi": "không đúng kiểu hoặc quá nhiều chữ số",
    "problem_en": "has the wrong kind or too many digits",
}
ILLEGAL = {
    "problem_vi": "chứa ký tự không được phép trong XML",
    "problem_en": "holds a character that XML does not allow",
}


def escaped(text: str) -> str:
    """Text as canonical XML writes it (C14N 1.0 §2.3: ``&``, ``<``, ``>`` and carriage return)."""
    if "&" in text or "<" in text or ">" in text or "\r" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        text = text.replace(">", "&gt;").replace("\r", "&#xD;")
    return text


def number_text(value: int | Decimal) -> str:
    """A number with ``.`` and without exponent or trailing zeros; no float can come in.

    Raises:
        ValueError: when it has more than 21 digits or 6 decimals, or is not finite.
    """
    if isinstance(value, int):
        if abs(value) >= 10**TOTAL_DIGITS:
            raise ValueError("too many digits")
        return int.__repr__(value)
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ValueError("not a number of the format")
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, decimals = text.lstrip("-").partition(".")
    if len(decimals) > DECIMALS or len(whole) + len(decimals) > TOTAL_DIGITS:
        raise ValueError("too many digits")
    return "0" if text in ("-0", "") else text


def number_of(text: str) -> int | Decimal:
    """Read a number of the format back: ``int`` when it is whole.

    Raises:
        ValueError: when the text is not a plain decimal number.
    """
    digits = text[1:] if text.startswith("-") else text
    whole, dot, decimals = digits.partition(".")
    if not (whole.isascii() and whole.isdigit()):
        raise ValueError(f"not a number: {text[:30]!r}")
    if not dot:
        return int(text)
    if not (decimals.isascii() and decimals.isdigit()):
        raise ValueError(f"not a number: {text[:30]!r}")
    return Decimal(text)


RENDER: Mapping[str, Callable[[Any], str]] = {
    "text": escaped,
    "number": number_text,
    "date": date.isoformat,
}
READ: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "number": number_of,
    "date": date.fromisoformat,
}
_EXTRA_KINDS = {"text": "string", "number": "numeric", "date": "date"}


@dataclass(frozen=True, slots=True)
class Element:
    """One row of an element list."""

    name: str  # tag, or field name inside TTKhac
    is_extra: bool
    field: str
    kind: str
    size: int
    need: bool
    fixed: str | None = None

    @property
    def opening(self) -> str:
        if self.is_extra:
            kind = _EXTRA_KINDS[self.kind]
            return f"<TTin><TTruong>{escaped(self.name)}</TTruong><KDLieu>{kind}</KDLieu><DLieu>"
        return f"<{self.name}>"

    @property
    def closing(self) -> str:
        return "</DLieu></TTin>" if self.is_extra else f"</{self.name}>"


_Row = tuple[str, str, Callable[[Any], str], int, bool, str]


class Section:
    """The element list of one place in the document, compiled.

    Args:
        elements: rows in binding order, at least two.
        attributes: attribute names of the content class of this place; other fields are looked up
            in its ``extra`` values and in what the builder adds.
    """

    def __init__(self, elements: Sequence[Element], attributes: frozenset[str]) -> None:
        self.elements = tuple(elements)
        self._rows: tuple[_Row, ...] = tuple(_row(element) for element in elements)
        self._looked_up = tuple(
            (index, element.field)
            for index, element in enumerate(elements)
            if element.fixed is None and element.field not in attributes
        )
        # attrgetter fetches all values in one call; a row without attribute gets the class of the
        # object in its place, which a fixed row ignores and a looked-up row replaces
        self._values: Callable[[Any], tuple[Any, ...]] = attrgetter(
            *(
                element.field
                if element.fixed is None and element.field in attributes
                else "__class__"
                for element in elements
            )
        )

    def write(self, source: Any, *, more: Mapping[str, Any] | None = None) -> str:
        """The elements of one object, one after the other.

        Args:
            source: object of the content class of this section.
            more: values of fields that the object does not hold itself, such as a running number.

        Raises:
            UnableToBuildInvoice: a needed value is missing, too long or not a number.
        """
        values: Sequence[Any] = self._values(source)
        if self._looked_up:
            values = self._with_looked_up(values, source, more)
        parts: list[str] = []
        for (opening, closing, render, size, need, field), value in zip(
            self._rows, values, strict=True
        ):
            if value is None or value == "":
                if need:
                    raise UnableToBuildInvoice(field=field, **MISSING)
                continue
            if value.__class__ is int and render is number_text:
                text = str(value)  # the commonest case, without a call
            else:
                try:
                    text = render(value)
                except (ValueError, TypeError) as error:
                    raise UnableToBuildInvoice(field=field, **NOT_OF_THE_KIND) from error
            if len(text) > size and (render is not escaped or len(value) > size):
                raise UnableToBuildInvoice(
                    field=field,
                    problem_vi=f"dài quá {size} ký tự",
                    problem_en=f"is longer than {size} characters",
                )
            parts.append(f"{opening}{text}{closing}")
        return "".join(parts)

    def _with_looked_up(
        self, values: Sequence[Any], source: Any, more: Mapping[str, Any] | None
    ) -> list[Any]:
        lookup = {**dict(source.extra), **(more or {})}
        filled = list(values)
        for index, field in self._looked_up:
            filled[index] = lookup.get(field)
        return filled


def _row(element: Element) -> _Row:
    render = RENDER[element.kind]
    if element.fixed is not None:
        fixed = escaped(element.fixed)
        render = lambda _: fixed  # noqa: E731
    size = element.size or (TOTAL_DIGITS + 2 if element.kind == "number" else NO_LIMIT)
    return (element.opening, element.closing, render, size, element.need, element.field)
