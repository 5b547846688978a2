"""The receipt beside an invoice, its verifier, and why a bill changed."""

import hashlib
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from cmis.interfaces.portal.templatetags.law import drawn_parts
from cmis.modules.billing.models import Bill, BillLine
from cmis.rules.rating import BillCase, explain
from cmis.rules.tariffs import load_law
from cmis.rules.tariffs.open_data import open_data
from verifier import verify_receipt

from .conftest import OTHER_BILL, OWN_BILL

VERIFIER = Path(verify_receipt.__file__).parent


@pytest.fixture(autouse=True)
def _assets_come_from_the_source(settings):
    settings.STATIC_ROOT = None


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_the_receipt_of_an_invoice_verifies_and_names_its_readings(log_in):
    response = log_in().get(f"/bills/{OWN_BILL}/receipt.json")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Type"] == "application/json"
    text = response.content.decode()
    prices = open_data(load_law())
    assert verify_receipt.verify(text, prices) == []
    receipt = json.loads(text)
    assert (receipt["case_id"], receipt["total_vnd"]) == (OWN_BILL, 191_268)
    (reading,) = receipt["readings"]
    assert reading["register"] == "KT"
    assert isinstance(reading["reading_id"], int)
    assert reading["read_at"].startswith("2026-07-")
    receipt["readings"][0]["reading_id"] += 1
    assert verify_receipt.verify(json.dumps(receipt), prices) != []


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_a_receipt_is_its_customers_alone(client, log_in):
    refused = client.get(f"/bills/{OWN_BILL}/receipt.json")
    assert (refused.status_code, refused.content) == (302, b"")
    for code in (OTHER_BILL, "PX00-1"):
        assert log_in().get(f"/bills/{code}/receipt.json").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_no_receipt_where_the_law_leads_to_another_bill(log_in):
    bill = Bill.objects.get(code=OWN_BILL)
    line = BillLine.objects.filter(bill_id=bill.pk).first()
    BillLine.objects.filter(pk=line.pk).update(amount_vnd=line.amount_vnd + 1)
    response = log_in().get(f"/bills/{OWN_BILL}/receipt.json")
    assert response.status_code == 409
    assert "BIL-015" in text_of(response)


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_the_bill_page_offers_receipt_and_verifier(log_in):
    page = text_of(log_in().get(f"/bills/{OWN_BILL}"))
    assert f'href="/bills/{OWN_BILL}/receipt.json"' in page
    assert 'href="/verify/receipt"' in page


@pytest.mark.parametrize("name", ["verify_receipt.html", "verify_receipt.py"])
def test_the_verifier_is_given_out_as_it_stands(client, name):
    response = client.get(f"/verify/receipt/{name}")
    original = (VERIFIER / name).read_bytes()
    assert response.content == original
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert hashlib.sha256(original).hexdigest() in text_of(client.get("/verify/receipt"))


@pytest.mark.parametrize("name", ["README.md", "..%2furls.py", "verify_receipt.html.txt"])
def test_nothing_else_is_given_out(client, name):
    assert client.get(f"/verify/receipt/{name}").status_code == 404


# --- why the bill changed


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_the_first_bill_has_nothing_to_compare(log_in):
    assert "Vì sao khác kỳ trước" not in text_of(log_in().get(f"/bills/{OWN_BILL}"))


def earlier_bill_of(bill, kwh):
    """A copy of the bill one period earlier with another energy, rated by the law itself."""
    values = json.loads(bill.case)
    values["registers"][0]["kwh"] = kwh
    values["period"] = ["2026-06-01", "2026-07-01"]
    values["reading_date"] = "2026-06-30"
    case = BillCase.from_json(json.dumps(values))
    rated = explain(case, load_law())
    earlier = Bill.objects.get(pk=bill.pk)
    earlier.pk, earlier.code, earlier.month = None, f"{bill.code}-before", 6
    earlier.case, earlier.energy_kwh = case.to_json(), kwh
    earlier.first_day, earlier.last_day = date(2026, 6, 1), date(2026, 6, 30)
    earlier.net_vnd, earlier.vat_vnd, earlier.total_vnd = (
        rated.net_vnd, rated.vat_vnd, rated.total_vnd,
    )  # fmt: skip
    earlier.save()
    return earlier


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_the_change_is_drawn_in_parts_that_sum_to_the_dong(log_in):
    bill = Bill.objects.get(code=OWN_BILL)
    before = earlier_bill_of(bill, 275)
    response = log_in().get(f"/bills/{OWN_BILL}")
    page = text_of(response)
    assert "Vì sao khác kỳ trước" in page
    change = response.context["change"]
    assert before.total_vnd == 717_714
    assert change.change_vnd == 191_268 - 717_714 == sum(p.amount_vnd for p in change.parts)
    assert "−526.446 đ" in page
    assert "Hóa đơn kỳ này là 191.268 đồng, giảm 526.446 đồng so với kỳ trước" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("books")
def test_a_bill_that_cannot_be_computed_again_is_not_compared(log_in):
    before = earlier_bill_of(Bill.objects.get(code=OWN_BILL), 275)
    Bill.objects.filter(pk=before.pk).update(total_vnd=before.total_vnd + 1)
    page = text_of(log_in().get(f"/bills/{OWN_BILL}"))
    assert "Vì sao khác kỳ trước" not in page


def test_bars_grow_from_the_middle_to_either_side():
    parts = [
        SimpleNamespace(amount_vnd=amount, label=lambda language: "x") for amount in (1000, -500, 0)
    ]
    drawn = drawn_parts(SimpleNamespace(parts=parts), "vi")
    assert [(one["x"], one["width"], one["shown"]) for one in drawn] == [
        ("50.0%", "50.0%", "+1.000 đ"), ("25.0%", "25.0%", "−500 đ"),
    ]  # fmt: skip
