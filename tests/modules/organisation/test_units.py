"""The unit tree through time: create, revise, merge, scope, seller, parameters."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmis.modules.organisation import operations, queries
from cmis.modules.organisation.models import Unit, UnitParameter, UnitVersion
from cmis.modules.organisation.queries import UnableToFindUnit
from cmis.modules.organisation.roles import Role
from cmis.modules.translog import queries as translog

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START = date(2020, 1, 1)
MERGER = date(2026, 8, 1)


def create(code: str, level: str, parent: str = "", **details: str) -> int:
    return operations.create_unit(
        code=code,
        level=level,
        name=details.pop("name", f"Đơn vị {code}"),
        parent_code=parent,
        valid_from=START,
        actor="boss",
        at=AT,
        **details,
    )


@pytest.fixture
def tree(settings: Any) -> dict[str, int]:
    """Corporation PX with two companies; the first has three districts, the second one."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # not about it
    ids = {"PX": create("PX", "corporation")}
    ids["PX01"] = create("PX01", "company", "PX", tax_code="0100000000")
    ids["PX02"] = create("PX02", "company", "PX")
    for code in ("PX0100", "PX0101", "PX0102"):
        ids[code] = create(code, "district", "PX01")
    ids["PX0200"] = create("PX0200", "district", "PX02")
    return ids


def history(code: str) -> list[tuple[str, date, date | None]]:
    rows = UnitVersion.objects.filter(unit__code=code).order_by("valid_from", "pk")
    return list(rows.values_list("name", "valid_from", "valid_to"))


def everything_stored() -> list[tuple[object, ...]]:
    return [
        *Unit.objects.order_by("pk").values_list(),
        *UnitVersion.objects.order_by("pk").values_list(),
        *UnitParameter.objects.order_by("pk").values_list(),
    ]


def revise(code: str, on: date, **changes: str) -> None:
    operations.revise_unit(code, on=on, actor="boss", at=AT, **changes)


def test_a_revision_closes_the_older_version_on_its_day(tree: dict[str, int]) -> None:
    revise("PX0100", date(2026, 7, 1), name="Điện lực  Thử")

    assert history("PX0100") == [
        ("Đơn vị PX0100", START, date(2026, 7, 1)),
        ("Điện lực Thử", date(2026, 7, 1), None),
    ]
    assert queries.unit("PX0100", date(2026, 6, 30)).name == "Đơn vị PX0100"
    assert queries.unit("PX0100", date(2026, 7, 1)).name == "Điện lực Thử"


def test_a_revision_keeps_what_it_does_not_name(tree: dict[str, int]) -> None:
    revise("PX01", date(2026, 7, 1), bank_bin="970400", bank_account="0000 01")

    facts = queries.unit("PX01", date(2026, 7, 1))
    assert (facts.tax_code, facts.parent_code, facts.bank_bin) == ("0100000000", "PX", "970400")


def test_a_revision_between_two_versions_ends_where_the_next_begins(tree: dict[str, int]) -> None:
    revise("PX0100", date(2026, 9, 1), name="C")
    revise("PX0100", date(2026, 7, 1), name="B")

    assert history("PX0100") == [
        ("Đơn vị PX0100", START, date(2026, 7, 1)),
        ("B", date(2026, 7, 1), date(2026, 9, 1)),
        ("C", date(2026, 9, 1), None),
    ]


def test_a_second_revision_of_a_day_leaves_the_first_in_history_without_days(
    tree: dict[str, int],
) -> None:
    revise("PX0100", START, name="B")
    revise("PX0100", START, name="C")

    assert history("PX0100") == [
        ("Đơn vị PX0100", START, START),
        ("B", START, START),
        ("C", START, None),
    ]
    assert queries.unit("PX0100", START).name == "C"


def test_every_change_is_audited_with_before_and_after(tree: dict[str, int]) -> None:
    revise("PX0100", date(2026, 7, 1), name="B")

    acts = translog.audit_of(queries.everything(), "unit", "PX0100")
    assert [(act.actor, act.action, act.at) for act in acts] == [
        ("boss", "create_unit", AT),
        ("boss", "revise_unit", AT),
    ]
    assert acts[1].detail == {
        "from": "2026-07-01",
        "before": {"name": "Đơn vị PX0100"},
        "after": {"name": "B"},
    }


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("PX0100", "district", "PX01"),  # taken
        ("px0109", "district", "PX01"),  # not capitals
        ("PX0109", "village", "PX01"),  # no such level
        ("PX0109", "company", "PX01"),  # the parent is not above it
        ("PX0109", "corporation", "PX0100"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_and_nothing_changes(
    tree: dict[str, int], code: str, level: str, parent: str
) -> None:
    before = everything_stored()
    with pytest.raises(operations.UnableToCreateUnit):
        create(code, level, parent)
    assert everything_stored() == before


def test_a_unit_without_a_name_is_refused(tree: dict[str, int]) -> None:
    before = everything_stored()
    with pytest.raises(operations.UnableToCreateUnit):
        create("PX0109", "district", "PX01", name="  ")
    with pytest.raises(operations.UnableToReviseUnit):
        revise("PX0100", date(2026, 7, 1), name=" ")
    assert everything_stored() == before


def test_a_unit_is_unknown_before_its_first_day(tree: dict[str, int]) -> None:
    with pytest.raises(UnableToFindUnit) as refusal:
        queries.unit("PX0100", date(2019, 12, 31))
    assert refusal.value.code == "ORG-001"
    with pytest.raises(UnableToFindUnit):
        queries.scope_of("PX0100", date(2019, 12, 31))
    with pytest.raises(operations.UnableToReviseUnit):
        revise("PX0100", date(2019, 12, 31), name="B")


def test_scope_is_the_unit_and_everything_below(tree: dict[str, int]) -> None:
    scope = queries.scope_of("PX01", START)

    assert scope.unit_codes == {"PX01", "PX0100", "PX0101", "PX0102"}
    assert scope.unit_ids == {tree[code] for code in scope.unit_codes}
    assert (scope.root_code, scope.covers_all) == ("PX01", False)
    assert tree["PX0100"] in scope
    assert tree["PX0200"] not in scope
    assert queries.scope_of("PX", START).covers_all
    assert queries.scope_of("PX0100", START).unit_codes == {"PX0100"}


def test_everything_is_every_unit_that_ever_was(tree: dict[str, int]) -> None:
    assert queries.everything().unit_ids == frozenset(tree.values())
    assert queries.everything().covers_all


def test_a_unit_moves_to_another_parent_by_date(tree: dict[str, int]) -> None:
    revise("PX0102", MERGER, parent_code="PX02")

    assert "PX0102" in queries.scope_of("PX01", date(2026, 7, 31)).unit_codes
    assert "PX0102" not in queries.scope_of("PX01", MERGER).unit_codes
    assert queries.scope_of("PX02", MERGER).unit_codes == {"PX02", "PX0102", "PX0200"}


@pytest.mark.parametrize("parent", ["PX0100", "PX02", "PX01"])
def test_a_parent_stands_above_so_no_circle_comes_about(tree: dict[str, int], parent: str) -> None:
    before = everything_stored()
    with pytest.raises(operations.UnableToReviseUnit):
        revise("PX01", MERGER, parent_code=parent)
    assert everything_stored() == before


def merge(*codes: str, into: str) -> None:
    operations.merge_units(codes=codes, into=into, valid_from=MERGER, actor="boss", at=AT)


def test_a_merger_moves_scope_on_its_day_and_names_the_successor(tree: dict[str, int]) -> None:
    merge("PX0101", "PX0102", into="PX0100")

    day_before = date(2026, 7, 31)
    assert queries.scope_of("PX0100", day_before).unit_codes == {"PX0100"}
    assert queries.scope_of("PX0101", day_before).unit_codes == {"PX0101"}
    all_three = {"PX0100", "PX0101", "PX0102"}
    assert queries.scope_of("PX0100", MERGER).unit_codes == all_three
    assert queries.scope_of("PX0101", MERGER).unit_codes == all_three
    assert queries.scope_of("PX0101", MERGER).root_code == "PX0100"
    assert queries.unit("PX0101", day_before).successor_code == ""
    assert queries.unit("PX0101", MERGER).successor_code == "PX0100"
    assert queries.acting_unit(tree["PX0101"], MERGER).code == "PX0100"
    assert queries.acting_unit(tree["PX0101"], day_before).code == "PX0101"


def test_a_merged_company_brings_its_districts(tree: dict[str, int]) -> None:
    merge("PX02", into="PX01")

    assert queries.scope_of("PX01", date(2026, 7, 31)).unit_codes == {
        "PX01",
        "PX0100",
        "PX0101",
        "PX0102",
    }
    assert queries.scope_of("PX01", MERGER).unit_codes == {
        "PX01",
        "PX02",
        "PX0100",
        "PX0101",
        "PX0102",
        "PX0200",
    }
    assert queries.unit("PX0200", MERGER).parent_code == "PX01"
    assert queries.seller_of(tree["PX0200"], MERGER).code == "PX01"
    assert queries.seller_of(tree["PX0200"], date(2026, 7, 31)).code == "PX02"


@pytest.mark.parametrize(
    ("codes", "into"),
    [
        (("PX0100",), "PX0100"),  # into itself
        (("PX0101", "PX0101"), "PX0100"),  # twice
        ((), "PX0100"),
        (("PX02",), "PX0100"),  # another level
    ],
)
def test_a_merger_that_cannot_be_changes_nothing(
    tree: dict[str, int], codes: tuple[str, ...], into: str
) -> None:
    before = everything_stored()
    with pytest.raises(operations.UnableToMergeUnits):
        merge(*codes, into=into)
    assert everything_stored() == before


def test_a_merged_unit_can_be_neither_merged_nor_revised_again(tree: dict[str, int]) -> None:
    merge("PX0101", into="PX0100")
    before = everything_stored()
    with pytest.raises(operations.UnableToMergeUnits):
        merge("PX0101", into="PX0102")
    with pytest.raises(operations.UnableToReviseUnit):
        revise("PX0101", date(2026, 9, 1), name="B")
    assert everything_stored() == before


def test_a_successor_may_be_merged_later(tree: dict[str, int]) -> None:
    merge("PX0101", into="PX0100")
    later = date(2026, 10, 1)
    operations.merge_units(codes=["PX0100"], into="PX0102", valid_from=later, actor="boss", at=AT)
    assert queries.scope_of("PX0101", later).root_code == "PX0102"
    assert queries.scope_of("PX0102", later).unit_codes == {"PX0100", "PX0101", "PX0102"}
    assert queries.scope_of("PX0100", date(2026, 9, 30)).unit_codes == {"PX0100", "PX0101"}


def test_a_merger_that_brings_duties_together_is_refused(tree: dict[str, int]) -> None:
    operations.create_staff(
        username="lan",
        full_name="Lan Thử",
        unit_code="PX0100",
        password="mot-mat-khau-dai",
        actor="boss",
        at=AT,
    )
    for role, unit in ((Role.READER, "PX0101"), (Role.CASHIER, "PX0102")):
        operations.grant_role(
            username="lan", role=role, unit_code=unit, valid_from=START, actor="boss", at=AT
        )
    before = everything_stored()
    with pytest.raises(operations.UnableToMergeUnits) as refusal:
        merge("PX0101", into="PX0102")
    assert "lan" in refusal.value.message("vi")
    assert everything_stored() == before

    operations.end_role(
        username="lan", role=Role.READER, unit_code="PX0101", on=MERGER, actor="boss", at=AT
    )
    merge("PX0101", into="PX0102")
    assert queries.unit("PX0101", MERGER).successor_code == "PX0102"


def test_the_seller_is_the_nearest_unit_with_a_tax_code(tree: dict[str, int]) -> None:
    assert queries.seller_of(tree["PX0100"], START).code == "PX01"
    revise("PX0100", date(2026, 7, 1), tax_code="0100000000-001")
    assert queries.seller_of(tree["PX0100"], date(2026, 6, 30)).code == "PX01"
    assert queries.seller_of(tree["PX0100"], date(2026, 7, 1)).code == "PX0100"


def test_without_a_tax_code_the_company_sells(tree: dict[str, int]) -> None:
    assert queries.seller_of(tree["PX0200"], START).code == "PX02"
    assert queries.seller_of(tree["PX"], START).code == "PX"


def set_parameter(unit: str, value: object, on: date) -> None:
    operations.set_parameter(
        unit_code=unit, name="payment_term_days", value=value, valid_from=on, actor="boss", at=AT
    )


def test_the_nearest_parameter_upwards_wins_by_date(tree: dict[str, int]) -> None:
    def term(unit: str, on: date) -> object:
        return queries.parameter(tree[unit], "payment_term_days", on, 10)

    assert term("PX0100", START) == 10
    set_parameter("PX", 7, date(2026, 1, 1))
    set_parameter("PX0100", 5, date(2026, 7, 1))
    set_parameter("PX0100", 6, date(2026, 8, 1))
    assert term("PX0100", date(2025, 12, 31)) == 10
    assert term("PX0100", date(2026, 6, 30)) == 7
    assert term("PX0100", date(2026, 7, 31)) == 5
    assert term("PX0100", date(2026, 8, 1)) == 6
    assert term("PX0101", date(2026, 8, 1)) == 7
    assert UnitParameter.objects.count() == 3


def ensure(code: str, on: date = START) -> int:
    return operations.ensure_units_for(code, on, AT, "adoption")


def test_units_named_in_a_book_are_created_with_those_above() -> None:
    unit_id = ensure("PX0100")

    rows = Unit.objects.order_by("code").values_list("code", "level")
    assert list(rows) == [("PX", "corporation"), ("PX01", "company"), ("PX0100", "district")]
    facts = queries.unit_by_id(unit_id, START)
    assert (facts.code, facts.name, facts.parent_code) == ("PX0100", "Điện lực PX0100", "PX01")
    assert queries.unit("PX01", START).name == "Công ty Điện lực PX01"
    assert queries.unit("PX", START).name == "Tổng công ty Điện lực PX"


def test_known_units_stay_as_they_are(tree: dict[str, int]) -> None:
    before = everything_stored()
    assert ensure("PX0100") == tree["PX0100"]
    assert everything_stored() == before
    assert ensure("PX0103") not in tree.values()
    assert Unit.objects.count() == 8


def test_an_older_book_makes_a_unit_known_from_an_earlier_day() -> None:
    unit_id = ensure("PX0100", date(2026, 7, 1))
    revise("PX0100", date(2026, 7, 1), name="Điện lực Mẫu")
    assert ensure("PX0100", date(2026, 6, 1)) == unit_id
    assert queries.unit("PX0100", date(2026, 6, 1)).name == "Điện lực Mẫu"
    assert queries.scope_of("PX", date(2026, 6, 1)).unit_codes == {"PX", "PX01", "PX0100"}
    before = everything_stored()
    assert ensure("PX0100", date(2026, 6, 15)) == unit_id
    assert everything_stored() == before


@pytest.mark.parametrize("code", ["", "P", "PX0", "PX010", "px0100", "PX01-0", "PX01000"])
def test_a_code_without_a_level_is_refused(code: str) -> None:
    with pytest.raises(operations.UnableToCreateUnit):
        ensure(code)
    assert Unit.objects.count() == 0
