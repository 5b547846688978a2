"""Changes of the unit tree: every one opens a new dated version and is audited."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn

from django.db import transaction

from cmis.engine.dated_rows import close_row, in_force
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.text import tidy
from cmis.modules.organisation.duties import clashes_from
from cmis.modules.organisation.models import Unit, UnitParameter, UnitVersion
from cmis.modules.organisation.queries import UnableToFindUnit
from cmis.modules.organisation.tree import UnitTree
from cmis.modules.translog import operations as translog

CODE = re.compile(r"[A-Z0-9]{2,12}")
#: Levels from the top down; a parent stands above its children.
LEVELS = (Unit.Level.GROUP, Unit.Level.CORPORATION, Unit.Level.COMPANY, Unit.Level.DISTRICT)
#: Length of a code → level, in the codes of existing systems (PX, PX01, PX0100).
LEVEL_BY_CODE_LENGTH = {
    2: Unit.Level.CORPORATION,
    4: Unit.Level.COMPANY,
    6: Unit.Level.DISTRICT,
}
PLACEHOLDER_NAMES = {
    Unit.Level.CORPORATION: "Tổng công ty Điện lực {code}",
    Unit.Level.COMPANY: "Công ty Điện lực {code}",
    Unit.Level.DISTRICT: "Điện lực {code}",
}
#: What a version may say of a unit, besides its parent.
DETAILS = (
    "name", "address", "tax_code", "phone", "email", "website", "bank_name", "bank_bin",
    "bank_account",
)  # fmt: skip


class UnableToCreateUnit(UnableTo):
    code = "ORG-003"
    what = Bilingual("Không lập được đơn vị {unit}: {why_vi}.", "Cannot create {unit}: {why_en}.")
    next_step = Bilingual(
        "Kiểm tra mã, cấp và đơn vị cấp trên.", "Check the code, the level and the parent."
    )


class UnableToReviseUnit(UnableTo):
    code = "ORG-004"
    what = Bilingual(
        "Không đổi được đơn vị {unit} từ ngày {on}: {why_vi}.",
        "Cannot change unit {unit} from {on}: {why_en}.",
    )
    next_step = Bilingual(
        "Xem lịch sử đơn vị (cmis units show {unit}) rồi chọn thay đổi khác.",
        "Look at its history (cmis units show {unit}) and choose another change.",
    )


class UnableToMergeUnits(UnableTo):
    code = "ORG-005"
    what = Bilingual(
        "Không sáp nhập được {units} vào {into}: {why_vi}.",
        "Cannot merge {units} into {into}: {why_en}.",
    )
    next_step = Bilingual(
        "Sửa điều nêu trên rồi sáp nhập lại.", "Mend what is said above and merge again."
    )


@transaction.atomic
def create_unit(
    *,
    code: str,
    level: str,
    name: str,
    parent_code: str = "",
    valid_from: date,
    actor: str,
    at: datetime,
    **details: str,
) -> int:
    """A new unit from a day on. ``details`` are those of :data:`DETAILS`.

    Returns:
        its id.

    Raises:
        UnableToCreateUnit: code taken or malformed, no name, or a parent that is not above it.
        UnableToFindUnit: the parent does not exist that day.
    """
    facts = _tidied({"name": name, **details})
    if not CODE.fullmatch(code):
        _refuse_new(code, "mã gồm 2–12 chữ in hoa, chữ số", "a code has 2–12 capitals and digits")
    if level not in LEVELS:
        _refuse_new(code, f"không có cấp {level}", f"there is no level {level}")
    if not facts["name"]:
        _refuse_new(code, "chưa có tên", "the name is missing")
    if Unit.objects.filter(code=code).exists():
        _refuse_new(code, "mã đã dùng", "the code is in use")
    parent = _unit_on(parent_code, valid_from) if parent_code else None
    if parent is not None and LEVELS.index(parent.level) >= LEVELS.index(level):
        _refuse_new(code, f"{parent_code} không phải cấp trên", f"{parent_code} is not above it")
    unit = Unit.objects.create(code=code, level=level)
    UnitVersion.objects.create(unit=unit, parent=parent, valid_from=valid_from, **facts)
    _record(unit.code, "create_unit", actor, at, {"from": valid_from.isoformat(), **facts})
    return unit.pk


@transaction.atomic
def revise_unit(
    code: str,
    *,
    on: date,
    actor: str,
    at: datetime,
    parent_code: str | None = None,
    **details: str,
) -> None:
    """Change a unit from a day on; what is not named stays. The older version ends that day.

    Raises:
        UnableToReviseUnit: it did not exist or was merged that day, the new parent does not stand
            above it (so a circle cannot come about), or duties would clash (ORG-06).
        UnableToFindUnit: there is no such unit or parent.
    """
    unit = Unit.objects.select_for_update().filter(code=code).first()
    if unit is None:
        raise UnableToFindUnit(unit=code, on=on.isoformat())
    changes: dict[str, Any] = _tidied(details)
    if changes.get("name") == "":
        _refuse_change(code, on, "chưa có tên", "the name is missing")
    if parent_code is not None:
        changes["parent"] = _unit_on(parent_code, on) if parent_code else None
        parent = changes["parent"]
        if parent is not None and LEVELS.index(parent.level) >= LEVELS.index(unit.level):
            _refuse_change(
                code,
                on,
                f"{parent_code} không phải cấp trên",
                f"{parent_code} is not above",
            )
    before = _open_version(unit, on, changes)
    if before.successor_id is not None:
        _refuse_change(code, on, "đơn vị đã sáp nhập", "the unit was merged")
    if parent_code is not None:
        _check_duties(unit, on)
    _record(
        code,
        "revise_unit",
        actor,
        at,
        {
            "from": on.isoformat(),
            "before": {name: getattr(before, name) for name in changes if name != "parent"},
            "after": {name: value for name, value in changes.items() if name != "parent"},
            **({} if parent_code is None else {"parent": parent_code}),
        },
    )


@transaction.atomic
def merge_units(
    *, codes: Sequence[str], into: str, valid_from: date, actor: str, at: datetime
) -> None:
    """Merge units into one of the same level: from that day it works for all of them.

    What the merged units recorded stays theirs; from ``valid_from`` it lies in the scope of the
    successor, and what lay below them lies below it. People and roles of theirs act there.

    Raises:
        UnableToMergeUnits: levels differ, one is merged already or is the successor itself, or
            somebody's duties would clash (ORG-06).
        UnableToFindUnit: one of them does not exist that day.
    """
    joined = ", ".join(codes)
    successor = _unit_on(into, valid_from)
    merged = [_unit_on(code, valid_from) for code in codes]

    def refuse(why_vi: str, why_en: str) -> NoReturn:
        raise UnableToMergeUnits(units=joined, into=into, why_vi=why_vi, why_en=why_en)

    if not merged or into in codes or len(set(codes)) < len(codes):
        refuse("danh sách đơn vị không hợp lệ", "the list of units is not valid")
    tree = UnitTree()
    for unit in (successor, *merged):
        if unit.level != successor.level:
            refuse(f"{unit.code} khác cấp", f"{unit.code} has another level")
        if tree.acting(unit.pk, valid_from) != unit.pk:
            refuse(f"{unit.code} đã sáp nhập", f"{unit.code} is merged already")
    if any(tree.changes_after(unit.pk, valid_from) for unit in merged):
        refuse("đã có thay đổi sau ngày này", "a later change is recorded already")
    for unit in merged:
        _open_version(unit, valid_from, {"parent": successor, "successor": successor})
        for child in UnitVersion.objects.filter(in_force(valid_from), parent=unit).select_related(
            "unit"
        ):
            _open_version(child.unit, valid_from, {"parent": successor})
    clashes = clashes_from(UnitTree(), valid_from)
    if clashes:
        who = ", ".join(clash.username for clash in clashes)
        refuse(
            f"{who}: {clashes[0].conflict.because.vi}", f"{who}: {clashes[0].conflict.because.en}"
        )
    for unit in merged:
        detail = {"from": valid_from.isoformat(), "into": into}
        _record(unit.code, "merge_unit", actor, at, detail)
    _record(into, "take_over_units", actor, at, {"from": valid_from.isoformat(), "units": joined})


@transaction.atomic
def ensure_units_for(unit_code: str, valid_from: date, at: datetime, actor: str) -> int:
    """The id of a unit named in a book, created with those above it when missing.

    PX0100 is a district, PX01 its company, PX its corporation; names are placeholders until
    somebody revises them. A unit known only from a later day is known from ``valid_from`` after.

    Raises:
        UnableToCreateUnit: the code has none of these forms.
    """
    if not CODE.fullmatch(unit_code) or len(unit_code) not in LEVEL_BY_CODE_LENGTH:
        _refuse_new(unit_code, "mã không rõ cấp", "the code does not tell a level")
    parent: Unit | None = None
    for length in sorted(LEVEL_BY_CODE_LENGTH):
        if length > len(unit_code):
            break
        code, level = unit_code[:length], LEVEL_BY_CODE_LENGTH[length]
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            unit_id = create_unit(
                code=code,
                level=level,
                name=PLACEHOLDER_NAMES[level].format(code=code),
                parent_code=parent.code if parent is not None else "",
                valid_from=valid_from,
                actor=actor,
                at=at,
            )
            unit = Unit.objects.get(pk=unit_id)
        else:
            _know_from(unit, valid_from)
        parent = unit
    assert parent is not None
    return parent.pk


@transaction.atomic
def set_parameter(
    *, unit_code: str, name: str, value: Any, valid_from: date, actor: str, at: datetime
) -> None:
    """Set a named parameter of a unit from a day on; it holds for everything below.

    Raises:
        UnableToFindUnit: no such unit that day.
    """
    unit = _unit_on(unit_code, valid_from)
    before, end = close_row(UnitParameter.objects.filter(unit=unit, name=name), valid_from)
    UnitParameter.objects.create(
        unit=unit,
        name=name,
        value=value,
        valid_from=valid_from,
        valid_to=end,
        set_by=actor,
        set_at=at,
    )
    detail = {
        "from": valid_from.isoformat(),
        "before": None if before is None else before.value,
        "after": value,
    }
    _record(unit_code, "set_parameter", actor, at, {"name": name, **detail})


def _open_version(unit: Unit, on: date, changes: Mapping[str, Any]) -> UnitVersion:
    """Close the version in force and open the changed one; gives back the closed one."""
    before, end = close_row(UnitVersion.objects.filter(unit=unit), on)
    if before is None:
        _refuse_change(unit.code, on, "đơn vị chưa có vào ngày này", "it did not exist that day")
    kept = {name: getattr(before, name) for name in (*DETAILS, "parent", "successor")}
    UnitVersion.objects.create(unit=unit, valid_from=on, valid_to=end, **(kept | changes))
    return before


def _check_duties(unit: Unit, on: date) -> None:
    clashes = clashes_from(UnitTree(), on)
    if clashes:
        because, who = clashes[0].conflict.because, clashes[0].username
        _refuse_change(unit.code, on, f"{who}: {because.vi}", f"{who}: {because.en}")


def _know_from(unit: Unit, valid_from: date) -> None:
    """Fill the days before the first known version; nothing known is changed."""
    # of versions that began the same day only the last one has days
    first = UnitVersion.objects.filter(unit=unit).order_by("valid_from", "-pk").first()
    if first is not None and valid_from < first.valid_from:
        kept = {name: getattr(first, name) for name in (*DETAILS, "parent")}
        UnitVersion.objects.create(
            unit=unit, valid_from=valid_from, valid_to=first.valid_from, **kept
        )


def _unit_on(code: str, on: date) -> Unit:
    unit = Unit.objects.filter(in_force(on, prefix="versions__"), code=code).first()
    if unit is None:
        raise UnableToFindUnit(unit=code, on=on.isoformat())
    return unit


def _tidied(details: Mapping[str, str]) -> dict[str, str]:
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise TypeError(f"a unit has no {', '.join(sorted(unknown))}")
    return {name: tidy(value) for name, value in details.items()}


def _record(
    unit_code: str, action: str, actor: str, at: datetime, detail: Mapping[str, Any]
) -> None:
    translog.record(
        actor=actor,
        unit_code=unit_code,
        action=action,
        object_kind="unit",
        object_code=unit_code,
        at=at,
        detail=detail,
    )


def _refuse_new(code: str, why_vi: str, why_en: str) -> NoReturn:
    raise UnableToCreateUnit(unit=code, why_vi=why_vi, why_en=why_en)


def _refuse_change(code: str, on: date, why_vi: str, why_en: str) -> NoReturn:
    raise UnableToReviseUnit(unit=code, on=on.isoformat(), why_vi=why_vi, why_en=why_en)
