"""People, roles and the duties that must not meet in one person (ORG-06)."""

from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest

from cmis.modules.organisation import authorisation, operations, queries
from cmis.modules.organisation.models import RoleAssignment, Staff
from cmis.modules.organisation.permissions import permissions_table
from cmis.modules.organisation.roles import (
    ACTION_NAMES,
    PERMISSIONS,
    ROLE_NAMES,
    Role,
    conflict_between,
)
from cmis.modules.translog import queries as translog

pytestmark = pytest.mark.django_db

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
START = date(2020, 1, 1)
TODAY = date(2026, 7, 1)
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture(autouse=True)
def people(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # not about it
    for code in ("PX0100", "PX0101", "PX0200"):
        operations.ensure_units_for(code, START, AT, "boss")
    for name in ("lan", "minh"):
        operations.create_staff(
            username=name,
            full_name=f"{name} Thử",
            unit_code="PX0100",
            password=PASSWORD,
            actor="boss",
            at=AT,
        )


def grant(
    role: Role,
    unit: str = "PX0100",
    *,
    who: str = "lan",
    since: date = START,
    until: date | None = None,
    by: str = "boss",
) -> None:
    operations.grant_role(
        username=who, role=role, unit_code=unit, valid_from=since, valid_to=until, actor=by, at=AT
    )


def end(role: Role, on: date, unit: str = "PX0100", who: str = "lan") -> None:
    operations.end_role(username=who, role=role, unit_code=unit, on=on, actor="boss", at=AT)


def stored() -> list[tuple[object, ...]]:
    return list(RoleAssignment.objects.order_by("pk").values_list())


def refuse(role: Role, unit: str = "PX0100", **more: object) -> str:
    before = stored()
    with pytest.raises(operations.UnableToGrantRole) as refusal:
        grant(role, unit, **more)  # type: ignore[arg-type]
    assert stored() == before
    assert refusal.value.code == "ORG-007"
    return refusal.value.message("en")


SAME_AREA = [
    (Role.READER, Role.CASHIER),
    (Role.READER, Role.METER_INSTALLER),
    (Role.RE_CHECK, Role.READER),
    (Role.RE_CHECK, Role.READING_SECTION),
]
ANYWHERE = [
    (Role.CASHIER, Role.DEBT_CLEARING),
    (Role.CASHIER, Role.SETTLEMENT),
    (Role.DEBT_CLEARING, Role.SETTLEMENT),
]


@pytest.mark.parametrize(("held", "asked"), [*SAME_AREA, *ANYWHERE])
def test_duties_kept_apart_are_refused_in_the_same_unit_both_ways(held: Role, asked: Role) -> None:
    grant(held)
    assert ROLE_NAMES[held].en in refuse(asked)
    grant(asked, who="minh")
    refuse(held, who="minh")


@pytest.mark.parametrize(("held", "asked"), SAME_AREA)
def test_some_duties_meet_only_where_areas_do(held: Role, asked: Role) -> None:
    grant(held, "PX0100")
    refuse(asked, "PX01")  # the company holds the district
    refuse(asked, "PX")
    grant(asked, "PX0101")  # a sibling
    assert len(stored()) == 2


@pytest.mark.parametrize(("held", "asked"), ANYWHERE)
def test_money_duties_are_apart_everywhere(held: Role, asked: Role) -> None:
    grant(held, "PX0100")
    refuse(asked, "PX0200")


def test_all_other_pairs_are_free() -> None:
    apart = {frozenset(pair) for pair in [*SAME_AREA, *ANYWHERE]}
    for one in Role:
        for other in Role:
            expected = frozenset({one, other}) in apart
            assert (conflict_between(one, other) is not None) is expected


def test_duties_may_follow_each_other_in_time() -> None:
    grant(Role.CASHIER, until=date(2026, 8, 1))
    refuse(Role.SETTLEMENT, since=date(2026, 7, 31))
    refuse(Role.SETTLEMENT, since=START, until=date(2020, 1, 2))
    grant(Role.SETTLEMENT, since=date(2026, 8, 1))
    end(Role.SETTLEMENT, date(2026, 9, 1))
    grant(Role.CASHIER, since=date(2026, 9, 1))
    assert [row[-1] for row in RoleAssignment.objects.values_list("role")] == [
        "cashier",
        "settlement",
        "cashier",
    ]


def test_a_unit_that_moves_later_counts() -> None:
    grant(Role.READER, "PX0101")
    operations.revise_unit("PX0101", on=date(2027, 1, 1), parent_code="PX02", actor="boss", at=AT)
    grant(Role.CASHIER, "PX01", since=date(2027, 1, 1), who="minh")
    refuse(Role.CASHIER, "PX02", since=TODAY)  # from 2027 the reader's area lies in PX02
    grant(Role.CASHIER, "PX02", since=TODAY, until=date(2027, 1, 1))


def test_moving_a_unit_below_a_clashing_duty_is_refused() -> None:
    grant(Role.READER, "PX0101")
    grant(Role.CASHIER, "PX02")
    with pytest.raises(operations.UnableToReviseUnit):
        operations.revise_unit("PX0101", on=TODAY, parent_code="PX02", actor="boss", at=AT)
    assert queries.unit("PX0101", TODAY).parent_code == "PX01"


def test_nobody_grants_to_himself_nor_twice_nor_for_no_days() -> None:
    assert "himself" in refuse(Role.AUDITOR, by="lan")
    grant(Role.AUDITOR)
    assert "already" in refuse(Role.AUDITOR, since=TODAY)
    assert "before" in refuse(Role.BILLING, since=TODAY, until=TODAY)


def test_an_ended_role_is_not_held_on_that_day() -> None:
    grant(Role.BILLING)
    end(Role.BILLING, TODAY)
    assert queries.actor_of("lan", date(2026, 6, 30)).roles == {Role.BILLING}
    assert queries.actor_of("lan", TODAY).roles == frozenset()
    with pytest.raises(operations.UnableToEndRole):
        end(Role.BILLING, TODAY)


def test_grants_and_ends_are_audited() -> None:
    grant(Role.BILLING)
    end(Role.BILLING, TODAY)
    acts = translog.audit_of(queries.everything(), "staff", "lan")
    assert [act.action for act in acts] == ["create_staff", "grant_role", "end_role"]
    assert acts[1].detail == {
        "role": "billing",
        "unit": "PX0100",
        "from": "2020-01-01",
        "to": None,
    }


@pytest.mark.parametrize(
    ("changes", "failure"),
    [
        ({"username": "lan"}, operations.UnableToCreateStaff),
        ({"username": "Lan Anh"}, operations.UnableToCreateStaff),
        ({"full_name": " "}, operations.UnableToCreateStaff),
        ({"language": "fr"}, operations.UnableToCreateStaff),
        ({"password": "ngan"}, operations.UnableToSetPassword),
        ({"password": "password1234"}, operations.UnableToSetPassword),
        ({"unit_code": "PX0999"}, queries.UnableToFindUnit),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    changes: dict[str, str], failure: type[Exception]
) -> None:
    facts = {
        "username": "hoa",
        "full_name": "Hoa Thử",
        "unit_code": "PX0100",
        "password": PASSWORD,
    }
    with pytest.raises(failure):
        operations.create_staff(**(facts | changes), actor="boss", at=AT)  # type: ignore[arg-type]
    assert sorted(Staff.objects.values_list("username", flat=True)) == ["lan", "minh"]


def unit_id(code: str) -> int:
    return queries.unit(code, TODAY).id


def test_a_right_holds_in_the_unit_of_the_role_and_below_only() -> None:
    grant(Role.UNIT_HEAD, "PX01")
    head = queries.actor_of("lan", TODAY)
    for code, expected in (("PX01", True), ("PX0100", True), ("PX", False), ("PX0200", False)):
        assert authorisation.is_allowed(head, "sign_gate_one", unit_id(code), at=AT) is expected
    assert not authorisation.is_allowed(head, "run_night", unit_id("PX0100"), at=AT)


@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_is_what_require_lets_through(role: Role) -> None:
    grant(role)
    actor, here = queries.actor_of("lan", TODAY), unit_id("PX0100")
    passed = set()
    for action in PERMISSIONS:
        with suppress(authorisation.UnableToAct):
            authorisation.require(actor, action, here, at=AT)
            passed.add(action)
    assert passed == {action for action, allowed in PERMISSIONS.items() if role in allowed}
    denied = translog.latest_audit(queries.everything(), limit=100, action="denied")
    assert {act.object_code for act in denied} == set(PERMISSIONS) - passed


def test_a_refused_act_is_audited() -> None:
    grant(Role.BILLING)
    actor = queries.actor_of("lan", TODAY)
    with pytest.raises(authorisation.UnableToAct) as refusal:
        authorisation.require(actor, "sign_gate_one", unit_id("PX0101"), at=AT)
    assert refusal.value.code == "ORG-011"
    (act,) = translog.audit_of(queries.everything(), "action", "sign_gate_one")
    assert (act.actor, act.unit_code, act.action, act.at) == ("lan", "PX0101", "denied", AT)
    assert act.detail == {"roles": ["billing"], "home_unit": "PX0100"}
    # the unit it was tried in sees it, its sibling does not
    sees = queries.scope_of("PX0101", TODAY), queries.scope_of("PX0100", TODAY)
    assert [len(translog.audit_of(scope, "action", "sign_gate_one")) for scope in sees] == [1, 0]


def test_a_misspelt_action_never_passes() -> None:
    grant(Role.ADMINISTRATOR)
    actor = queries.actor_of("lan", TODAY)
    with pytest.raises(KeyError):
        authorisation.require(actor, "sign_gate_won", unit_id("PX0100"), at=AT)


def test_pages_without_a_unit_ask_whether_it_is_allowed_anywhere() -> None:
    grant(Role.AUDITOR)
    actor = queries.actor_of("lan", TODAY)
    authorisation.require_somewhere(actor, "see_audit", at=AT)
    with pytest.raises(authorisation.UnableToAct):
        authorisation.require_somewhere(actor, "run_night", at=AT)


def test_nobody_signs_own_work() -> None:
    grant(Role.UNIT_HEAD)
    actor = queries.actor_of("lan", TODAY)
    authorisation.refuse_own_work(actor, "minh")
    with pytest.raises(authorisation.UnableToDecideOwnWork) as refusal:
        authorisation.refuse_own_work(actor, "lan")
    assert refusal.value.code == "ORG-012"


def test_an_actor_sees_the_units_where_his_roles_allow_the_action() -> None:
    grant(Role.UNIT_HEAD, "PX0100")
    grant(Role.AUDITOR, "PX02")
    actor = queries.actor_of("lan", TODAY)
    assert queries.scope_of(actor, TODAY).unit_codes == {"PX0100", "PX02", "PX0200"}
    scope = queries.scope_of(actor, TODAY, action="sign_gate_one")
    assert (scope.unit_codes, scope.root_code) == ({"PX0100"}, "PX0100")
    nobody = queries.scope_of(queries.actor_of("minh", TODAY), TODAY)
    assert nobody.unit_ids == frozenset()
    assert not nobody.covers_all


def test_after_a_merger_people_act_in_the_successor() -> None:
    grant(Role.UNIT_HEAD, "PX0100")
    operations.merge_units(
        codes=["PX0100"], into="PX0101", valid_from=date(2026, 8, 1), actor="boss", at=AT
    )
    later = datetime(2026, 8, 1, 1, tzinfo=UTC)
    before, after = queries.actor_of("lan", TODAY), queries.actor_of("lan", date(2026, 8, 1))
    assert (before.unit_code, after.unit_code) == ("PX0100", "PX0101")
    assert queries.scope_of(after, date(2026, 8, 1)).unit_codes == {"PX0100", "PX0101"}
    successor, sibling = unit_id("PX0101"), unit_id("PX0200")
    assert not authorisation.is_allowed(before, "sign_gate_one", successor, at=AT)
    assert authorisation.is_allowed(after, "sign_gate_one", successor, at=later)
    assert authorisation.is_allowed(after, "sign_gate_one", unit_id("PX0100"), at=later)
    assert not authorisation.is_allowed(after, "sign_gate_one", sibling, at=later)


def test_the_staff_list_shows_only_the_scope() -> None:
    operations.create_staff(
        username="xuan",
        full_name="Xuân Thử",
        unit_code="PX0200",
        password=PASSWORD,
        actor="boss",
        at=AT,
    )
    grant(Role.BILLING)
    people = queries.staff_of(queries.scope_of("PX01", TODAY))
    assert [person.username for person in people] == ["lan", "minh"]
    (held,) = people[0].assignments
    assert (held.role, held.unit_code, held.valid_from, held.valid_to) == (
        Role.BILLING,
        "PX0100",
        START,
        None,
    )


def test_a_closed_account_neither_acts_nor_gets_roles() -> None:
    operations.deactivate_staff(username="lan", actor="boss", at=AT, reason="nghỉ việc")
    with pytest.raises(queries.UnableToFindStaff):
        queries.actor_of("lan", TODAY)
    with pytest.raises(queries.UnableToFindStaff):
        grant(Role.BILLING)
    assert stored() == []


def test_every_action_has_words_and_somebody_who_may_do_it() -> None:
    assert set(ACTION_NAMES) == set(PERMISSIONS)
    assert all(PERMISSIONS.values())
    assert set(ROLE_NAMES) == set(Role)


def test_the_page_shows_the_matrix() -> None:
    page = permissions_table()
    for action, allowed in PERMISSIONS.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{action}`")]
        marks = [cell.strip() == "✓" for cell in row.split("|")[2:-1]]
        assert marks == [role in allowed for role in Role]
    assert page.count("| Reader | Cashier | same area |") == 1
