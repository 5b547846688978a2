"""The alarm on the reader's device (READ-15), and the sentences people read."""

from decimal import Decimal

import pytest

from cmis.kernel.findings import Finding, Severity
from cmis.rules.vee.device_alarm import DeviceAlarm, device_alarm
from cmis.rules.vee.registry import explanation
from tests.rules.vee.rows import LIMITS


@pytest.mark.parametrize(
    ("used_kwh", "alarm"),
    [
        (259, None),
        (260, DeviceAlarm.CHANGED_UP),
        (141, None),
        (140, DeviceAlarm.CHANGED_DOWN),
        (200, DeviceAlarm.ENERGY_EQUAL),
        (0, DeviceAlarm.NOT_ABOVE_START),
        (-5, DeviceAlarm.NOT_ABOVE_START),
    ],
)
def test_previous_two_hundred(used_kwh: int, alarm: DeviceAlarm | None) -> None:
    assert (
        device_alarm(
            previous_index=Decimal(1000),
            current_index=Decimal(1000 + used_kwh),
            used_kwh=Decimal(used_kwh),
            previous_kwh=Decimal(200),
            limits=LIMITS,
        )
        is alarm
    )


def test_without_history_only_the_index_is_asked_about() -> None:
    assert (
        device_alarm(
            previous_index=Decimal(0),
            current_index=Decimal(900),
            used_kwh=Decimal(900),
            previous_kwh=Decimal(0),
            limits=LIMITS,
        )
        is None
    )


def test_rollover_is_judged_by_its_energy() -> None:
    assert (
        device_alarm(
            previous_index=Decimal(99920),
            current_index=Decimal(67),
            used_kwh=Decimal(147),
            previous_kwh=Decimal(155),
            limits=LIMITS,
            state="Q",
        )
        is None
    )


def test_a_finding_speaks_with_grouped_energy_and_a_written_day() -> None:
    finding = Finding(
        "ABOVE_USUAL",
        Severity.SIGN,
        {
            "used_kwh": "99005",
            "expected_kwh": "200",
            "rise_kwh": "98805.5",
            "percent": 49502,
            "usual_kwh": "260",
        },
    )
    assert explanation(finding) == (
        "Sản lượng 99.005 kWh bằng 49502 % kỳ trước (200 kWh), tăng 98.805,5 kWh. Bình thường khi"
        " dưới 260 kWh, hoặc khi có ghi chú, ảnh của người ghi; gấp nhiều lần thì lãnh đạo đơn vị"
        " ký"
        " xác nhận."
    )
    assert explanation(finding, "en").startswith(
        "The energy of 99,005 kWh is 49502 % of the period before (200 kWh), a rise of 98,805.5"
        " kWh."
    )
    moved = Finding(
        "DATE_OUT_OF_PERIOD",
        Severity.NOTE,
        {
            "read_date": "2026-07-15",
            "planned_date": "2026-07-13",
            "first_date": "2026-06-14",
            "shift_days": 2,
            "tolerance_days": 1,
        },
    )
    assert explanation(moved).startswith(
        "Ngày ghi 15/07/2026 lệch 2 ngày so với lịch ghi 13/07/2026"
    )
