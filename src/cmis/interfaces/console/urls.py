"""Addresses of the console."""

from django.urls import URLPattern, path, register_converter

from cmis.interfaces.console.views import (
    approvals,
    board,
    customers,
    findings,
    imports,
    log_in,
    periods,
    runs,
    search,
)


class CodeConverter:
    """Codes of units, books, periods, customers and bills; ``~`` marks a withdrawn bill."""

    regex = "[0-9A-Za-z._~-]{1,60}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CodeConverter, "code")

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", log_in.home, name="home"),
    path("login", log_in.log_in, name="log_in"),
    path("logout", log_in.log_out, name="log_out"),
    path("profile", log_in.profile, name="profile"),
    path("search", search.search, name="search"),
    path("board/", board.board, name="board"),
    path("books/<code:code>/", periods.period, name="period"),
    path("books/<code:code>/export", periods.export, name="export"),
    path("books/<code:code>/prepare", periods.prepare, name="prepare"),
    path("books/<code:code>/take-back", periods.take_back, name="take_back"),
    path("books/<code:code>/cancel-receipt", periods.cancel_receipt, name="cancel_receipt"),
    path("books/<code:code>/undo-check", periods.undo_check, name="undo_check"),
    path("books/<code:code>/undo-rating", periods.undo_rating, name="undo_rating"),
    path("imports/", imports.upload, name="upload"),
    path("imports/preview/<slug:sha256>/", imports.preview, name="preview"),
    path("imports/preview/<slug:sha256>/take", imports.take, name="take"),
    path("imports/<int:file_id>/", imports.report, name="file"),
    path("findings/", findings.queue, name="findings"),
    path("findings/<int:finding_id>/", findings.card, name="finding"),
    path("findings/<int:finding_id>/decide", findings.decide, name="decide"),
    path("findings/<int:finding_id>/correct", findings.correct, name="correct"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/readings/<int:finding_id>/sign", approvals.sign_reading, name="sign_reading"),
    path("approvals/bills/<int:bill_id>/", approvals.bill, name="bill"),
    path("approvals/bills/<int:bill_id>/sign", approvals.sign_bill, name="sign_bill"),
    path("approvals/bills/<int:bill_id>/withdraw", approvals.withdraw_bill, name="withdraw_bill"),
    path("nights/", runs.runs, name="runs"),
    path("nights/start", runs.start, name="start_night"),
    path("nights/<int:night_id>/", runs.run, name="run"),
    path("nights/<int:night_id>/progress", runs.progress, name="run_progress"),
    path("customers/<code:code>/", customers.customer, name="customer"),
    path("customers/<code:code>/invoices/<int:invoice_id>.xml", customers.xml, name="invoice_xml"),
    path("customers/<code:code>/invoices/<int:invoice_id>.pdf", customers.pdf, name="invoice_pdf"),
    path(
        "customers/<code:code>/messages/<int:message_id>/send-again",
        customers.send_again,
        name="send_again",
    ),
]
