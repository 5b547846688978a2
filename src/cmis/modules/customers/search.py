"""The one search box: names with or without accents, addresses, codes, phones, meter serials."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from cmis.engine.dated_rows import in_force
from cmis.kernel.text import search_key
from cmis.modules.customers.models import CustomerSearch, CustomerVersion
from cmis.modules.customers.search_words import code_keys
from cmis.modules.customers.types import SearchHit
from cmis.modules.organisation.types import UnitScope

#: Shorter than this a text finds only whole codes: everything would match.
LETTERS_AT_LEAST = 2
#: So many characters make the beginning, or the inside, of a code worth looking for.
BEGINNING_AT_LEAST = 3
INSIDE_AT_LEAST = 4

OWN_CODE, OTHER_CODE, CODE_BEGINS, CODE_HOLDS, NAME_BEGINS, PHRASE, ALL_WORDS = range(7)


def search(
    scope: UnitScope, text: str, limit: int, *, on: date | None = None
) -> tuple[SearchHit, ...]:
    """Customers of the scope that a text may mean, best first.

    A text is taken as one code (blanks, dots and dashes left out; ``+84`` is ``0``) and as words
    that must all occur. Order: his own code, any other whole code (point, phone, meter serial),
    codes beginning with it, codes holding it, names beginning with it, the words in a row, the
    words anywhere; within one kind by customer code.

    Args:
        on: the day whose names and addresses are shown; None = the latest known.
    """
    matches = _ranked(text)
    if not matches or limit < 1:
        return ()
    found = (
        _rows(scope)
        # the widest alone: few conditions are what a trigram index is used for
        .filter(_any([match.condition for match in matches if match.is_widest]))
        .annotate(
            rank=Case(
                *(When(match.condition, then=Value(match.rank)) for match in matches),
                default=Value(ALL_WORDS),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "customer__code")[:limit]
    )
    hits = list(
        found.values_list("customer_id", "customer__code", "unit__code", "customer__kind", "rank")
    )
    shown = {
        customer_id: (name, address)
        for customer_id, name, address in CustomerVersion.objects.filter(
            Q(valid_to=None) if on is None else in_force(on),
            customer_id__in=[hit[0] for hit in hits],
        ).values_list("customer_id", "name", "address")
    }
    return tuple(
        SearchHit(id_, code, unit, kind, *shown.get(id_, ("", "")), rank)
        for id_, code, unit, kind, rank in hits
    )


def _rows(scope: UnitScope) -> QuerySet[CustomerSearch]:
    rows = CustomerSearch.objects.all()
    return rows if scope.covers_all else rows.filter(unit_id__in=scope.unit_ids)


@dataclass(frozen=True, slots=True)
class _Match:
    """One way a text may be meant. ``is_widest``: the ones ranked before it match no more."""

    condition: Q
    rank: int
    is_widest: bool = False


def _ranked(text: str) -> list[_Match]:
    """What the text may mean, best first."""
    matches: list[_Match] = []
    for key in code_keys(text):
        # a customer's own code stands first among his codes
        ways = [
            _Match(Q(codes__startswith=f" {key} "), OWN_CODE),
            _Match(Q(codes__contains=f" {key} "), OTHER_CODE),
        ]
        if len(key) >= BEGINNING_AT_LEAST:
            ways.append(_Match(Q(codes__contains=f" {key}"), CODE_BEGINS))
        if len(key) >= INSIDE_AT_LEAST:
            ways.append(_Match(Q(codes__contains=key), CODE_HOLDS))
        ways[-1] = replace(ways[-1], is_widest=True)
        matches += ways
    phrase = search_key(text)
    if len(phrase) >= LETTERS_AT_LEAST:
        matches.append(_Match(Q(words__startswith=f" {phrase}"), NAME_BEGINS))
        matches.append(_Match(Q(words__contains=f" {phrase}"), PHRASE))
        matches.append(_Match(_all_words(phrase.split()), ALL_WORDS, is_widest=True))
    return sorted(matches, key=lambda match: match.rank)


def _all_words(words: list[str]) -> Q:
    """Every word begins a word of the name or address, or is inside a code."""
    condition = Q()
    for word in words:
        one = Q(words__contains=f" {word}")
        if len(word) >= INSIDE_AT_LEAST:
            one |= Q(codes__contains=word)
        condition &= one
    return condition


def _any(conditions: list[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either
