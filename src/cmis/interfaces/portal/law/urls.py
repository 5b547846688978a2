"""Addresses of the law pages; included in the portal's, so their names are ``portal:prices`` …"""

from django.urls import URLPattern, path

from cmis.interfaces.portal.law import calculator_views, price_views, receipt_views

urlpatterns: list[URLPattern] = [
    path("prices", price_views.prices, name="prices"),
    path("calculator", calculator_views.calculator, name="calculator"),
    path("bills/<str:code>/receipt.json", receipt_views.receipt, name="receipt"),
    path("verify/receipt", receipt_views.verify_receipt, name="verify_receipt"),
    path("verify/receipt/<str:name>", receipt_views.verifier_file, name="verifier_file"),
]
