"""Addresses of the portal, at the root of the site."""

from django.urls import URLPattern, URLResolver, include, path

from cmis.interfaces.portal import bill_views, document_views, login_views, public_views, views

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cmis.interfaces.portal.law.urls")),
    path("", public_views.start, name="start"),
    path("verify", public_views.verify, name="verify"),
    path("login", login_views.ask_for_code, name="login"),
    path("login/code", login_views.enter_code, name="enter_code"),
    path("logout", login_views.leave, name="logout"),
    path("home", views.home, name="home"),
    path("readings", views.readings, name="readings"),
    path("contact", views.contact, name="contact"),
    path("bills", bill_views.bills, name="bills"),
    path("bills/<str:code>", bill_views.bill, name="bill"),
    path("bills/<str:code>/payment-code.svg", document_views.payment_code, name="payment_code"),
    path("bills/<str:code>/invoice.xml", document_views.invoice_xml, name="invoice_xml"),
    path("bills/<str:code>/invoice.pdf", document_views.invoice_view, name="invoice_pdf"),
    path("bills/<str:code>/notice.pdf", document_views.notice_view, name="notice_pdf"),
]
