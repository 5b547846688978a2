"""Anybody may ask whether an invoice is genuine, and learns nothing else."""

import pytest

from cmis.interfaces.portal.throttle import VERIFY
from cmis.modules.invoicing.models import Invoice

from .conftest import OTHER, OWN, OWN_BILL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books", "clock")]


@pytest.fixture
def paper():
    """What stands on the paper."""
    invoice = Invoice.objects.get(bill__code=OWN_BILL)
    return {
        "customer_code": OWN,
        "lookup_code": invoice.lookup_code,
        "total_vnd": "191.268",
    }


def test_a_genuine_invoice(client, paper):
    code = paper["lookup_code"]
    for spelled in (code, code.lower(), f"{code[:4]} {code[4:8]}-{code[8:]}"):
        page = client.post("/verify", paper | {"lookup_code": spelled}).content.decode()
        assert "Hóa đơn thật" in page
    assert "191.268 đ" in page
    assert "0000000017" in page
    assert "CÔNG TY ĐIỆN LỰC THỬ NGHIỆM" in page
    assert "Hoàng Văn Ví Dụ" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_vnd": "191.269"},
        {"lookup_code": "AAAAAAAAAAAA"},
        {"lookup_code": "ĐỪNG DÒ MÃ"},
        {"customer_code": OTHER},
        {"customer_code": "PX09999999999"},
    ],
)
def test_anything_wrong_gets_the_same_answer(client, paper, wrong):
    response = client.post("/verify", paper | wrong)
    assert response.status_code == 200
    page = response.content.decode()
    assert "Không khớp" in page
    assert "Hóa đơn thật" not in page
    assert "0000000017" not in page


def test_a_damaged_record_is_not_called_genuine(client, paper):
    Invoice.objects.filter(bill__code=OWN_BILL).update(sha256="0" * 64)
    page = client.post("/verify", paper).content.decode()
    assert "Chưa xác nhận được" in page
    assert "Hóa đơn thật" not in page


def test_a_client_address_may_check_so_many(client, paper):
    guess = paper | {"total_vnd": "1"}
    answers = [client.post("/verify", guess).status_code for _ in range(VERIFY.most + 1)]
    assert answers == [200] * VERIFY.most + [429]
    assert client.post("/verify", paper).status_code == 429


def test_missing_facts_are_asked_for(client):
    response = client.post("/verify", {"total_vnd": "12,50"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "Hãy nhập mã tra cứu." in page
    assert "Hãy nhập số đồng nguyên" in page
