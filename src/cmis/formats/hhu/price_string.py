"""The price string of a row (readings: price string): which share of which register costs what.

`` BT: 100%*1518-SXBT-A; CD: 100%*2735-SXBT-A; TD: 100%*983-SXBT-A``

The prices in it are a snapshot taken at export. Show them; never bill from them.
"""

import re
from dataclasses import dataclass

from cmis.formats.hhu.failures import UnableToReadPriceText

TEXT_LIMIT = 1_000
_SHOWN_CHARACTERS = 80
_FULL_SHARE_PERCENT = 100

_GROUP = re.compile(r"(KT|BT|CD|TD): (.+)", re.ASCII)
_TERM = re.compile(
    r"(0|[1-9][0-9]{0,2})%\*(?:(0|[1-9][0-9]{0,8})-)?([A-Z][A-Z0-9]*)(?:-([A-Z0-9]+))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class PriceTerm:
    """A share of a register's energy under one price group.

    ``price_vnd_per_kwh`` is ``None`` for stepped household prices; ``sub_code`` is ``None`` where
    the string names none.
    """

    share_percent: int
    price_vnd_per_kwh: int | None
    group_code: str
    sub_code: str | None

    def __str__(self) -> str:
        price = "" if self.price_vnd_per_kwh is None else f"{self.price_vnd_per_kwh}-"
        sub_code = "" if self.sub_code is None else f"-{self.sub_code}"
        return f"{self.share_percent}%*{price}{self.group_code}{sub_code}"


@dataclass(frozen=True, slots=True)
class PriceGroup:
    """The terms of one register segment (KT, BT, CD or TD); their shares sum to 100."""

    segment: str
    terms: tuple[PriceTerm, ...]

    def __str__(self) -> str:
        return f"{self.segment}: " + " + ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True)
class PriceText:
    """A whole price string; ``str()`` gives the text it was read from.

    Files carry a leading blank, answers of newer services do not: it is kept.
    """

    groups: tuple[PriceGroup, ...]
    leading_blank: bool = True

    def __str__(self) -> str:
        return (" " if self.leading_blank else "") + "; ".join(map(str, self.groups))


def read_price_text(text: str) -> PriceText:
    """Parse a price string.

    Raises:
        UnableToReadPriceText: outside the grammar, a segment twice, or shares not summing to 100.
    """
    if len(text) > TEXT_LIMIT:
        raise _refused(text, "quá dài", "it is too long")
    body = text[1:] if text.startswith(" ") else text
    groups = tuple(_group(part, text) for part in body.split("; "))
    segments = [group.segment for group in groups]
    if len(set(segments)) != len(segments):
        raise _refused(text, "một bộ chỉ số lặp lại", "a register stands in it twice")
    return PriceText(groups, leading_blank=body is not text)


def _group(part: str, text: str) -> PriceGroup:
    match = _GROUP.fullmatch(part)
    if match is None:
        raise _refused(text, f"không hiểu «{part}»", f"“{part}” is not understood")
    terms = tuple(_term(term, text) for term in match[2].split(" + "))
    shares_percent = sum(term.share_percent for term in terms)
    if shares_percent != _FULL_SHARE_PERCENT:
        raise _refused(
            text,
            f"tỷ lệ của {match[1]} cộng lại là {shares_percent}",
            f"the shares of {match[1]} sum to {shares_percent}",
        )
    return PriceGroup(match[1], terms)


def _term(term: str, text: str) -> PriceTerm:
    match = _TERM.fullmatch(term)
    if match is None:
        raise _refused(text, f"không hiểu «{term}»", f"“{term}” is not understood")
    share, price, group_code, sub_code = match.groups()
    return PriceTerm(int(share), None if price is None else int(price), group_code, sub_code)


def _refused(text: str, reason_vi: str, reason_en: str) -> UnableToReadPriceText:
    return UnableToReadPriceText(
        text=text[:_SHOWN_CHARACTERS],
        reason_vi=reason_vi[:_SHOWN_CHARACTERS],
        reason_en=reason_en[:_SHOWN_CHARACTERS],
    )
