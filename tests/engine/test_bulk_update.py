"""Many rows changed at once, the same on both databases."""

from datetime import date

import pytest
from django.db import connection, transaction

from cmis.engine.bulk_update import update_rows
from cmis.modules.metering.models import MeterType
from cmis.modules.organisation.models import Unit, UnitVersion

pytestmark = pytest.mark.django_db


def test_named_columns_of_named_rows_change_and_nothing_else() -> None:
    kinds = [MeterType.objects.create(code=f"{n:03}", dial_digits=5) for n in range(4)]
    table = MeterType._meta.db_table
    with transaction.atomic():
        rows = [(kinds[0].pk, 6, "sáu 'chữ' số"), (kinds[2].pk, None, "")]
        assert update_rows(connection, table, ("dial_digits", "name"), rows) == 2
        assert update_rows(connection, table, ("phase_count",), [(kinds[1].pk, 3)]) == 1
        assert update_rows(connection, table, ("name",), []) == 0
    found = MeterType.objects.order_by("code").values_list("dial_digits", "name", "phase_count")
    assert list(found) == [(6, "sáu 'chữ' số", 1), (5, "", 3), (None, "", 1), (5, "", 1)]


def test_a_row_that_is_not_there_is_not_counted() -> None:
    kind = MeterType.objects.create(code="001")
    rows = [(kind.pk, "a"), (kind.pk + 1, "b")]
    with transaction.atomic():
        assert update_rows(connection, MeterType._meta.db_table, ("name",), rows) == 1


def test_days_keep_their_kind() -> None:
    unit = Unit.objects.create(code="PX0100", level="district")
    version = UnitVersion.objects.create(unit=unit, name="x", valid_from=date(2026, 1, 1))
    with transaction.atomic():
        rows = [(version.pk, date(2026, 7, 1))]
        update_rows(connection, UnitVersion._meta.db_table, ("valid_to",), rows)
    version.refresh_from_db()
    assert version.valid_to == date(2026, 7, 1)
