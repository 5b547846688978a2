"""The law for everybody: prices, a bill to the đồng with the law beside it."""

import csv
import io
import json

import pytest

from cmis.engine.clock import fixed_clock
from cmis.interfaces.portal.law import calculator_views, price_views
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.open_data import open_data
from verifier import verify_receipt

JUNE = {"first": "01/06/2026", "last": "30/06/2026"}


@pytest.fixture(autouse=True)
def _day_of_the_pages(monkeypatch, settings):
    settings.STATIC_ROOT = None
    for module in (price_views, calculator_views):
        monkeypatch.setattr(module, "now", fixed_clock("2026-07-31T12:00:00"))


def text_of(response):
    return " ".join(response.content.decode().split())


def calculated(client, status=200, **asked):
    response = client.get("/calculator", JUNE | asked)
    assert response.status_code == status, text_of(response)
    return response


def sums(response):
    bill = response.context["bill"]
    return bill.net_vnd, bill.vat_vnd, bill.total_vnd


# --- prices


def test_the_prices_of_today_stand_there_with_tiers_hours_and_law(client):
    page = text_of(client.get("/prices"))
    assert "Quyết định 1279/QĐ-BCT" in page
    assert "từ 10/05/2025, chưa có quyết định thay thế" in page
    for shown in (
        "101–200", "401+", "3.460", "1.987", "3.640", "04:00–09:30, 11:30–17:00, 20:00–22:00",
        "NQ 204/2025/QH15; NĐ 174/2025/NĐ-CP", "98.000 đ", "52,54", "59.520 đ",
        "TT 15/2014/TT-BCT",
    ):  # fmt: skip
        assert shown in page, shown
    assert 'href="/api/v1/tariffs/1279"' in page


@pytest.mark.parametrize(
    ("asked", "decision"),
    [
        ({"on": "09/05/2025"}, "2699/QĐ-BCT"),
        ({"on": "10/05/2025"}, "1279/QĐ-BCT"),
        ({"decision": "4495"}, "4495/QĐ-BCT"),
        ({"decision": "4495", "on": "20/03/2019"}, "648/QĐ-BCT"),
    ],
)
def test_a_decision_by_day_or_number(client, asked, decision):
    assert client.get("/prices", asked).context["decision"].code == decision


def test_unverified_prices_are_marked_as_such(client):
    response = client.get("/prices", {"decision": "1062"})
    marks = [
        str(item.confidence[0])
        for group in response.context["groups"]
        for item in (*group.ladders, *group.by_time, *group.flat)
    ]
    law = load_law().decision("1062")
    wanted = [item.confidence.value for item in law.items.values()]
    assert (marks.count("chưa đối chiếu"), marks.count("đã đối chiếu")) == (
        wanted.count("unverified"),
        wanted.count("verified"),
    )
    assert wanted.count("unverified") > 0
    assert text_of(response).count(">chưa đối chiếu<") == wanted.count("unverified")


def test_the_differences_of_two_decisions(client):
    response = client.get("/prices", {"decision": "1279", "against": "2699"})
    rows = {(row.code, row.label): row for row in response.context["rows"]}
    first = rows["SH", "1"]
    assert (first.before, first.after, first.change, str(first.change_percent)) == (
        1893, 1984, 91, "4.8",
    )  # fmt: skip
    assert "1279/QĐ-BCT so với 2699/QĐ-BCT" in text_of(response)


def test_two_equal_decisions_say_so(client):
    page = text_of(client.get("/prices", {"decision": "1279", "against": "1279"}))
    assert "Hai quyết định có cùng mọi giá." in page


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"on": "01/01/1999"}, "Chưa có quyết định giá nào cho ngày này; sớm nhất là 16/03/2015."),
        ({"on": "31/02/2026"}, "Hãy nhập ngày đúng theo dạng ngày/tháng/năm"),
        ({"decision": "77"}, "77"),
        ({"against": "<b>"}, "&lt;b&gt;"),
    ],
)
def test_a_question_without_an_answer_is_said(client, asked, complaint):
    response = client.get("/prices", asked)
    assert response.status_code == 422
    assert complaint in text_of(response)
    assert "Mới nhất ở trên" in text_of(response)


def test_a_decision_as_csv_holds_every_price(client):
    response = client.get("/prices?decision=1279&format=csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response["Content-Disposition"] == 'attachment; filename="gia-dien-1279.csv"'
    assert rows[0][3] == "Mã giá"
    tiers = [row[6:9] for row in rows if row[3] == "SH"]
    assert tiers == [
        ["1", "50", "1984"], ["2", "50", "2050"], ["3", "100", "2380"], ["4", "100", "2998"],
        ["5", "100", "3350"], ["6", "", "3460"],
    ]  # fmt: skip


# --- calculator


def test_275_kwh_of_a_household_to_the_dong(client):
    response = calculated(client, kwh="275", purpose="SH")
    assert sums(response) == (664_550, 53_164, 717_714)
    page = text_of(response)
    for shown in (
        "717.714 đ", "664.550 đ", "53.164 đ", "Bậc 4: phần còn lại", "1279/QĐ-BCT (09/05/2025): SH",
        "Bảy trăm mười bảy nghìn bảy trăm mười bốn đồng",
    ):  # fmt: skip
        if shown.startswith("Bậc 4"):
            shown = "Bậc 4: định mức 100 kWh."
        assert shown in page, shown
    lines = response.context["bill"].lines
    assert [(line.tier, line.kwh, line.amount_vnd) for line in lines] == [
        (1, 50, 99_200), (2, 50, 102_500), (3, 100, 238_000), (4, 75, 224_850),
    ]  # fmt: skip
    assert [(bar.label, bar.value) for bar in response.context["bars"]] == [
        ("Bậc 1", 50), ("Bậc 2", 50), ("Bậc 3", 100), ("Bậc 4", 75),
    ]  # fmt: skip


def test_only_the_kwh_is_needed(client):
    response = client.get("/calculator?kwh=275")
    assert sums(response) == (664_550, 53_164, 717_714)
    assert str(response.context["period"].start) == "2026-06-01"  # the month before today


def test_the_empty_form_is_no_complaint(client):
    response = client.get("/calculator")
    assert response.status_code == 200
    assert "error-summary" not in response.content.decode()
    assert 'value="01/06/2026"' in response.content.decode()


@pytest.mark.parametrize(
    ("households", "total"),
    [("1/4", 944_055), ("0,25", 944_055), ("2", 628_452), ("", 717_714)],
)
def test_households_widen_the_tiers(client, households, total):
    assert sums(calculated(client, kwh="275", households=households))[2] == total


def test_the_days_choose_the_decision(client):
    asked = {"kwh": "275", "first": "01/04/2025", "last": "30/04/2025"}
    response = client.get("/calculator", asked)
    assert [one.code for one in response.context["decisions"]] == ["2699/QĐ-BCT"]
    across = client.get("/calculator", asked | {"first": "01/05/2025", "last": "31/05/2025"})
    assert [one.code for one in across.context["decisions"]] == ["2699/QĐ-BCT", "1279/QĐ-BCT"]
    page = text_of(across)
    assert "9 ngày theo giá của 2699/QĐ-BCT" in page
    assert "Bậc 1 (2699/QĐ-BCT)" in page


def test_a_three_rate_meter_is_rated_by_the_hours(client):
    response = calculated(client, purpose="SX_LT6", bt="1000", cd="200", td="300")
    assert sums(response)[0] == 1000 * 1987 + 200 * 3640 + 300 * 1300
    assert "Giá theo giờ của bộ CD." in text_of(response)


def test_undeclared_renters_pay_tier_three(client):
    assert sums(calculated(client, kwh="100", renters="on"))[0] == 238_000


def test_more_than_a_month_at_full_norms_is_pointed_out(client):
    asked = {"kwh": "700", "first": "01/05/2026", "last": "30/06/2026"}
    assert "Hãy tính từng tháng một" in text_of(client.get("/calculator", asked))
    by_days = client.get("/calculator", asked | {"norms": "days"})
    assert "Hãy tính từng tháng một" not in text_of(by_days)
    assert sums(by_days) != sums(client.get("/calculator", asked))


def test_no_energy_is_no_money(client):
    response = calculated(client, kwh="0")
    assert sums(response) == (0, 0, 0)
    assert "Không có sản lượng" in text_of(response)


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"kwh": "-5"}, "Số kWh không thể âm."),
        ({"kwh": "hai trăm"}, "Hãy nhập số kWh nguyên, ví dụ 275 hoặc 1.250."),
        ({"kwh": "12,5"}, "Hãy nhập số kWh nguyên, ví dụ 275 hoặc 1.250."),
        ({"kwh": "9" * 4000}, "Số kWh quá lớn để tính thử."),
        ({}, "Hãy nhập số kWh đã dùng, ví dụ 275."),
        ({"kwh": "5", "bt": "5"}, "không nhập cả hai"),
        ({"kwh": "5", "households": "1/3"}, "Số hộ chỉ có phần lẻ là 1/4, 1/2 hoặc 3/4."),
        ({"kwh": "5", "households": "1/0"}, "Hãy nhập số hộ"),
        ({"kwh": "5", "households": "0"}, "Số hộ phải lớn hơn 0"),
        ({"kwh": "5", "households": "-1"}, "Số hộ không thể âm."),
        ({"kwh": "5", "households": "nhiều"}, "Hãy nhập số hộ"),
        ({"kwh": "5", "first": "31/06/2026"}, "Hãy nhập ngày đúng"),
        ({"kwh": "5", "first": ""}, "Hãy nhập cả ngày đầu và ngày cuối."),
        ({"kwh": "5", "last": "01/01/2026"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"kwh": "5", "last": "31/12/9999"}, "Kỳ tính quá dài"),
        ({"kwh": "5", "first": "31/12/9999", "last": "31/12/9999"}, "Kỳ tính quá dài"),
        ({"kwh": "5", "purpose": "XYZ"}, "XYZ"),
    ],
)
def test_bad_input_is_told_in_plain_words(client, asked, complaint):
    response = calculated(client, status=422, **asked)
    assert complaint in text_of(response)
    assert "bill" not in response.context


def test_a_day_before_all_decisions_is_refused_with_its_reason(client):
    asked = {"kwh": "5", "first": "01/01/1999", "last": "31/01/1999"}
    response = client.get("/calculator", asked)
    assert response.status_code == 422
    assert "Không có quyết định giá điện cho 1999-01-01." in text_of(response)


def test_an_unverified_price_is_refused_until_it_is_allowed(client, settings):
    asked = {"kwh": "100", "purpose": "SX_LT6", "first": "01/06/2023", "last": "30/06/2023"}
    refused = client.get("/calculator", asked)
    assert refused.status_code == 422
    assert "RATE-012" in text_of(refused)
    settings.CMIS_ALLOW_UNVERIFIED_PRICES = ("1062/QĐ-BCT SX_LT6",)
    allowed = client.get("/calculator", asked)
    assert allowed.status_code == 200
    assert "được cho phép đích danh" in text_of(allowed)


def test_the_calculation_gives_a_receipt_that_verifies(client):
    response = calculated(client, kwh="275", format="json")
    assert verify_receipt.verify(response.content.decode(), open_data(load_law())) == []
    assert json.loads(response.content)["total_vnd"] == 717_714


def test_nothing_is_kept_of_a_calculation(client):
    response = calculated(client, kwh="275")
    assert response["Cache-Control"] == "no-store, private"
    assert "sessionid" not in response.cookies  # and this test has no database to write to


@pytest.mark.parametrize("address", ["/prices", "/calculator?kwh=275", "/verify/receipt"])
def test_the_pages_are_there_in_english(client, address):
    client.cookies["django_language"] = "en"
    page = text_of(client.get(address))
    assert 'lang="en"' in page
    assert "Giá điện" not in page
    if "kwh" in address:
        assert "Tier 4: block of 100 kWh." in page
