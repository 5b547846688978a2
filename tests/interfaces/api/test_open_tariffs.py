"""The prices as open JSON: complete, cacheable, readable from anywhere, one shape of errors."""

import json
from datetime import date

import pytest

from cmis.kernel.period import Period
from cmis.kernel.registers import RegisterKind
from cmis.rules.rating import BillCase, Purpose, RegisterEnergy, explain
from cmis.rules.rating.receipt import receipt_of
from cmis.rules.tariffs import load_law
from verifier import verify_receipt

ALL = "/api/v1/tariffs"


def test_every_decision_stands_there_with_its_references(client):
    values = client.get(ALL).json()
    assert [one["decision"] for one in values["decisions"]] == [
        "2256/QĐ-BCT", "4495/QĐ-BCT", "648/QĐ-BCT", "1062/QĐ-BCT", "2941/QĐ-BCT", "2699/QĐ-BCT",
        "1279/QĐ-BCT",
    ]  # fmt: skip
    newest = values["decisions"][-1]
    assert newest["items"]["SH"]["tiers"] == [
        [50, 1984], [50, 2050], [100, 2380], [100, 2998], [100, 3350], [None, 3460],
    ]  # fmt: skip
    assert newest["sources"]["retail"][0] == "signed scan of Decision 1279/QĐ-BCT"
    assert newest["effective_from"] == "2025-05-10"
    assert values["vat"][0] == {
        "from": None, "to": "2022-01-31", "rate_bp": 1000, "legal_reference": "general rate",
    }  # fmt: skip
    assert len(values["reactive"]["k_by_cos_phi"]) == 30
    assert values["fees"]["disconnect"]["base_vnd_by_voltage"]["<=0.38 kV"] == 98_000
    assert [one["in_force"] for one in values["ladders"]] == [True, False]
    calendars = values["time_of_use"]["calendars"]
    assert calendars[0]["minutes_sunday"] == [
        [0, 240, "TD"], [240, 1320, "BT"], [1320, 1440, "TD"],
    ]  # fmt: skip
    assert values["law_digest"] == load_law().digest


def test_the_independent_verifier_takes_it_as_its_price_file(client):
    case = BillCase(
        case_id="open",
        period=Period(date(2026, 6, 1), date(2026, 7, 1)),
        registers=(RegisterEnergy(RegisterKind.SINGLE, 275, (Purpose("SH"),)),),
    )
    text = receipt_of(explain(case, load_law()))
    prices = json.loads(client.get(ALL).content)
    assert verify_receipt.verify(text, prices) == []
    prices["decisions"][-1]["items"]["SH"]["tiers"][0][1] += 1
    assert verify_receipt.verify(text, prices) != []


@pytest.mark.parametrize("number", ["1279", "1279/QĐ-BCT"])
def test_one_decision_by_its_number(client, number):
    values = client.get(f"{ALL}/{number}").json()
    assert values["decision"] == "1279/QĐ-BCT"
    assert values["items"]["SX_LT6"]["prices"] == {"BT": 1987, "TD": 1300, "CD": 3640}


@pytest.mark.parametrize(
    ("day", "decision", "rate_bp"),
    [
        ("2025-05-09", "2699/QĐ-BCT", 800),
        ("2025-05-10", "1279/QĐ-BCT", 800),
        ("2023-06-30", "1062/QĐ-BCT", 1000),
    ],
)
def test_the_decision_and_vat_of_a_day(client, day, decision, rate_bp):
    values = client.get(ALL, {"on": day}).json()
    assert (values["on"], values["decision"], values["vat"]["rate_bp"]) == (day, decision, rate_bp)


def test_caches_may_keep_it_and_ask_by_its_fingerprint(client):
    first = client.get(ALL)
    assert first["Cache-Control"] == "public, max-age=3600"
    assert not first.has_header("Vary")
    assert not first.cookies
    again = client.get(ALL, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == "public, max-age=3600"
    stale = client.get(ALL, headers={"if-none-match": '"other"'})
    assert (stale.status_code, stale.content) == (200, first.content)
    assert client.get(f"{ALL}/1279")["ETag"] != first["ETag"]


def test_any_page_may_read_it_and_none_may_write(client):
    assert client.get(ALL)["Access-Control-Allow-Origin"] == "*"
    assert client.head(ALL)["Access-Control-Allow-Origin"] == "*"
    for method in ("post", "put", "delete", "options"):
        response = getattr(client, method)(ALL)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"
        assert not response.has_header("Access-Control-Allow-Origin")
        assert response.json()["error"]["code"] == "API-003"


def test_other_pages_are_not_opened_to_foreign_scripts(client):
    assert not client.get("/prices").has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        (f"{ALL}?on=2026-02-30", 400, "API-001"),
        (f"{ALL}?on=", 400, "API-001"),
        (f"{ALL}?day=2026-02-03", 400, "API-001"),
        (f"{ALL}/1279?on=2026-01-01", 400, "API-001"),
        (f"{ALL}?on=1999-01-01", 404, "LAW-002"),
        (f"{ALL}/9999", 404, "LAW-002"),
        ("/api/v1/bills", 404, "API-002"),
    ],
)
def test_one_shape_of_errors(client, address, status, code):
    response = client.get(address)
    assert response.status_code == status
    assert response["Cache-Control"] == "no-store"
    error = response.json()["error"]
    assert set(error) == {"code", "message", "next_step"}
    assert error["code"] == code
    assert all(set(error[part]) == {"vi", "en"} for part in ("message", "next_step"))


def test_the_decision_that_is_missing_is_named(client):
    error = client.get(f"{ALL}/9999").json()["error"]
    assert error["message"]["vi"] == "Không có quyết định giá điện cho 9999."
