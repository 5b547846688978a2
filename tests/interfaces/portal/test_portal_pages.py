"""What a logged-in customer sees, to the đồng, and that nobody sees another's."""

import csv
import hashlib
import io
import re

import openpyxl
import pytest

from cmis.formats.einvoice.verify import verify_document
from cmis.modules.billing.models import Bill, BillLine
from cmis.modules.customers.models import Customer
from cmis.modules.invoicing.models import Invoice

from .conftest import OTHER, OTHER_BILL, OWN, OWN_BILL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]
PAGES = ("/home", "/bills", "/readings", "/contact")
OF_A_BILL = ("", "/invoice.xml", "/invoice.pdf", "/notice.pdf", "/payment-code.svg")


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("address", [*PAGES, *(f"/bills/{OWN_BILL}{part}" for part in OF_A_BILL)])
def test_personal_pages_need_a_log_in_and_are_never_kept(client, log_in, address):
    refused = client.get(address)
    assert refused.status_code == 302
    assert refused["Location"].startswith("/login?next=")
    log_in()
    page = client.get(address)
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store, private"
    assert "default-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("part", OF_A_BILL)
@pytest.mark.parametrize("bill", [OTHER_BILL, "PX00-1", "..%2f..%2fetc"])
def test_a_foreign_bill_does_not_exist(log_in, part, bill):
    response = log_in().get(f"/bills/{bill}{part}")
    assert response.status_code == 404
    assert b"338" not in response.content


@pytest.mark.parametrize("address", PAGES)
def test_no_page_shows_another_customer(log_in, address):
    for query in ("", "?format=csv"):
        shown = log_in().get(address + query).content.decode()
        assert OWN in shown
        assert OTHER not in shown
        assert "Nguyễn Văn Giả 302" not in shown


@pytest.mark.parametrize("state", ["held", "cleared", "withdrawn"])
def test_a_bill_that_was_not_issued_is_not_shown(log_in, state):
    bill = Bill.objects.get(code=OWN_BILL)
    other = Bill.objects.exclude(customer=bill.customer).first()
    bill_without_invoice = Bill.objects.get(pk=bill.pk)
    bill_without_invoice.pk, bill_without_invoice.code = None, f"{OWN_BILL}-2"
    bill_without_invoice.state = state
    bill_without_invoice.save()
    client = log_in()
    assert client.get(f"/bills/{OWN_BILL}-2").status_code == 404
    assert f"{OWN_BILL}-2" not in client.get("/bills").content.decode()
    assert other.code not in client.get("/bills").content.decode()


def test_home_shows_amount_due_date_and_code(log_in):
    page = text_of(log_in().get("/home"))
    assert "191.268 đ" in page
    assert "10/08/2026" in page  # ten days after the invoice
    assert f"/bills/{OWN_BILL}/payment-code.svg" in page
    assert "Tiền điện tháng 7/2026" in page
    assert "Đã qua hạn" not in page


def test_the_bill_explains_every_line(log_in):
    page = text_of(log_in().get(f"/bills/{OWN_BILL}"))
    bill = Bill.objects.get(code=OWN_BILL)
    lines = list(BillLine.objects.filter(bill_id=bill.pk).order_by("line_no"))
    assert (bill.net_vnd, bill.vat_vnd, bill.total_vnd) == (177100, 14168, 191268)
    assert sum(line.amount_vnd for line in lines) == bill.net_vnd
    for line in lines:
        assert line.energy_kwh * line.price_vnd_per_kwh == line.amount_vnd
        assert f'data-value="{line.amount_vnd}"' in page
        price = f"{line.price_vnd_per_kwh:,}".replace(",", ".")
        assert f"{line.energy_kwh:.0f} ×</span> {price}</td>" in page
    assert "Điện sinh hoạt bậc 1" in page
    assert "Căn cứ" in page
    assert "177.100 đ" in page
    assert "14.168 đ" in page
    assert "Thuế GTGT 8 %" in page
    assert "làm tròn 14.168 đồng" in page
    assert "Hóa đơn khác" not in page
    assert "Chưa giải thích" not in page


def test_a_changed_line_is_not_hidden(log_in):
    bill = Bill.objects.get(code=OWN_BILL)
    line = BillLine.objects.filter(bill_id=bill.pk).order_by("line_no").first()
    BillLine.objects.filter(pk=line.pk).update(amount_vnd=line.amount_vnd + 1)
    page = text_of(log_in().get(f"/bills/{OWN_BILL}"))
    assert "Hóa đơn khác với cách tính lại" in page
    assert f'data-value="{line.amount_vnd + 1}"' in page  # what is stored stands on the page


def test_a_changed_total_is_not_hidden(log_in):
    Bill.objects.filter(code=OWN_BILL).update(total_vnd=191269)
    page = text_of(log_in().get(f"/bills/{OWN_BILL}"))
    assert "Hóa đơn khác với cách tính lại" in page
    assert "ra 191.268 đ, còn hóa đơn đã phát hành là 191.269 đ" in page


def test_a_bill_the_law_cannot_explain_says_so(log_in):
    bill = Bill.objects.get(code=OWN_BILL)
    Bill.objects.filter(pk=bill.pk).update(case=bill.case.replace("2026-", "1990-"))
    page = text_of(log_in().get(f"/bills/{OWN_BILL}"))
    assert "Chưa giải thích lại được từng dòng" in page
    assert "191.268 đ" in page


def test_a_rolled_over_meter_is_told(log_in):
    page = text_of(log_in(OTHER).get(f"/bills/{OTHER_BILL}"))
    assert "qua vòng" in page
    assert "99.920" in page
    assert "338.645 đ" in page


def test_the_xml_is_the_signed_original(log_in):
    response = log_in().get(f"/bills/{OWN_BILL}/invoice.xml")
    invoice = Invoice.objects.get(bill__code=OWN_BILL)
    assert response["Content-Type"] == "application/xml"
    assert response["Content-Disposition"] == (
        f'attachment; filename="hoadon-1{invoice.symbol.symbol}-{invoice.number:08d}.xml"'
    )
    assert hashlib.sha256(response.content).hexdigest() == invoice.sha256
    assert verify_document(response.content).ok


@pytest.mark.parametrize(("part", "stem"), [("invoice", "hoadon"), ("notice", "thongbao")])
def test_the_pdfs(log_in, part, stem):
    response = log_in().get(f"/bills/{OWN_BILL}/{part}.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert f'filename="{stem}-1K26T' in response["Content-Disposition"]
    assert response.content.startswith(b"%PDF-")


def test_a_damaged_invoice_is_not_shown(log_in):
    Invoice.objects.filter(bill__code=OWN_BILL).update(sha256="0" * 64)
    client = log_in()
    for part in OF_A_BILL:
        response = client.get(f"/bills/{OWN_BILL}{part}")
        assert response.status_code == 503
        assert "INV-004" in response.content.decode()
    home = text_of(client.get("/home"))
    assert "191.268 đ" in home
    assert "payment-code.svg" not in home


def test_bills_as_csv_and_workbook(log_in):
    client = log_in()
    text = client.get("/bills?format=csv")
    assert text["Content-Disposition"] == f'attachment; filename="hoa-don-{OWN}.csv"'
    assert text.content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(text.content.decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True))["Tổng cộng (đồng)"] == "191268"
    assert dict(zip(head, row, strict=True))["Hạn thanh toán"] == "10/08/2026"
    workbook = openpyxl.load_workbook(io.BytesIO(client.get("/bills?format=xlsx").content))
    head, row = workbook.active.iter_rows(values_only=True)
    values = dict(zip(head, row, strict=True))
    assert values["Tổng cộng (đồng)"] == 191268
    assert f"{values['Hạn thanh toán']:%d/%m/%Y}" == "10/08/2026"
    assert workbook.active.freeze_panes == "A2"


def test_readings_with_source(log_in):
    client = log_in()
    page = text_of(client.get("/readings"))
    assert "nhân viên ghi tại chỗ" in page
    head, row = csv.reader(
        io.StringIO(client.get("/readings?format=csv").content.decode("utf-8-sig"))
    )
    values = dict(zip(head, row, strict=True))
    assert values["Bộ chỉ số"] == "KT"
    assert values["Nguồn"] == "nhân viên ghi tại chỗ"


def test_the_way_of_notices_is_chosen(log_in):
    client = log_in()
    page = client.get("/contact").content.decode()
    assert "b…@example.invalid" in page
    assert "…301" in page
    assert "ba301@" not in page
    (checked,) = re.findall(r'<input[^>]*name="channel"[^>]* checked[^>]*>', page)
    assert 'value="email"' in checked
    response = client.post("/contact", {"channel": "none"}, follow=True)
    assert "Đã ghi nhận cách nhận thông báo." in response.content.decode()
    (kept,) = Customer.objects.get(code=OWN).preferences.filter(valid_to=None)
    assert (kept.purpose, kept.channel, kept.set_by) == ("payment", "none", "portal")


def test_a_way_without_an_address_is_refused(log_in):
    client = log_in(OTHER)
    assert client.post("/contact", {"channel": "email"}).status_code == 422
    assert not Customer.objects.get(code=OTHER).preferences.exists()


def test_english_is_complete_and_chosen_by_the_button(log_in):
    client = log_in()
    client.post("/ui/language", {"language": "en", "next": f"/bills/{OWN_BILL}"})
    page = text_of(client.get(f"/bills/{OWN_BILL}"))
    assert '<html lang="en"' in page
    assert "Why this amount" in page
    assert "191,268 đ" in page
    assert "Household electricity, tier 1" in page
    assert "Tier 1: block of 50 kWh." in page
