"""Single changes of customers, prices and preferences; log-in codes. Each opens a dated version."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from cmis.engine.clock import local_date
from cmis.engine.dated_rows import close_row, in_force
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.text import masked, nfc, tidy
from cmis.modules.customers.client_attempts import count_attempt
from cmis.modules.customers.login_codes import (
    UnableToRedeemCode,
    issue_login_code,
    redeem_login_code,
)
from cmis.modules.customers.models import (
    ContactPreference,
    Customer,
    CustomerSearch,
    CustomerVersion,
    PriceApplication,
)
from cmis.modules.customers.queries import Who, customer_in
from cmis.modules.customers.search_words import code_keys, stored_codes, stored_words
from cmis.modules.customers.types import CHANNELS, PURPOSES, CustomerScope
from cmis.modules.organisation.types import UnitScope
from cmis.modules.translog import operations as translog

__all__ = [
    "UnableToRedeemCode",
    "UnableToReviseCustomer",
    "UnableToRevisePrice",
    "UnableToSetPreference",
    "count_attempt",
    "issue_login_code",
    "redeem_login_code",
    "revise_customer",
    "revise_price_application",
    "set_preference",
]

DETAILS = ("name", "address", "phone", "email", "tax_code", "language")
LANGUAGES = ("vi", "en")
PHONE = re.compile(r"\+?[0-9][0-9 .\-]{7,18}")
TAX_CODE = re.compile(r"[0-9]{10}(-?[0-9]{3})?|[0-9]{12}")
WHOLE_PERCENT = 100


class UnableToReviseCustomer(UnableTo):
    code = "CUS-002"
    what = Bilingual(
        "Không sửa được khách hàng {customer} từ ngày {on}: {why_vi}.",
        "Cannot change customer {customer} from {on}: {why_en}.",
    )
    next_step = Bilingual("Sửa điều nêu trên rồi lưu lại.", "Mend what is said and save again.")


class UnableToRevisePrice(UnableTo):
    code = "CUS-003"
    what = Bilingual(
        "Không sửa được áp giá của điểm đo {point} từ ngày {on}: {why_vi}.",
        "Cannot change the price application of point {point} from {on}: {why_en}.",
    )
    next_step = Bilingual("Sửa điều nêu trên rồi lưu lại.", "Mend what is said and save again.")


class UnableToSetPreference(UnableTo):
    code = "CUS-004"
    what = Bilingual(
        "Không đặt được kênh nhận tin {channel} cho mục {purpose}: {why_vi}.",
        "Cannot send {purpose} messages by {channel}: {why_en}.",
    )
    next_step = Bilingual(
        "Chọn kênh khác, hoặc bổ sung e-mail, điện thoại trước.",
        "Choose another channel, or add an e-mail address or phone first.",
    )


@transaction.atomic
def revise_customer(
    scope: UnitScope,
    code: str,
    *,
    on: date,
    actor: str,
    at: datetime,
    reason: str = "",
    **changes: str,
) -> None:
    """Change name, address, phone, email, tax_code or language from a day on.

    What is not named stays; the older version ends that day and is kept.

    Raises:
        UnableToFindCustomer: unknown or outside the scope.
        UnableToReviseCustomer: a value is not usable, or the customer was not known that day.
    """
    unknown = set(changes) - set(DETAILS)
    if unknown:
        raise TypeError(f"a customer has no {', '.join(sorted(unknown))}")
    customer = customer_in(scope, code, lock=True)
    tidied = {name: tidy(value) for name, value in changes.items()}
    _check(code, on, tidied)
    before, end = close_row(CustomerVersion.objects.filter(customer=customer), on)
    if before is None:
        _refuse(code, on, "khách hàng chưa có vào ngày này", "not known that day")
    kept = {name: getattr(before, name) for name in DETAILS}
    CustomerVersion.objects.create(
        customer=customer,
        valid_from=on,
        valid_to=end,
        recorded_by=actor,
        recorded_at=at,
        **(kept | tidied),
    )
    _make_findable(customer, local_date(at))
    # the trail names what changed; the values stand in the versions, where personal data belongs
    detail = {"from": on.isoformat(), "changed": sorted(tidied)}
    _record(customer, "revise_customer", actor, at, detail, reason=reason)


@transaction.atomic
def revise_price_application(
    scope: UnitScope,
    point_code: str,
    *,
    on: date,
    actor: str,
    at: datetime,
    household_count: Decimal,
    text: str,
    terms: Sequence[Mapping[str, Any]],
    reason: str = "",
) -> None:
    """Agree another price for a point from a day on; the older agreement ends that day.

    Args:
        terms: as in :class:`PriceFacts`; the shares of each segment make 100 %.

    Raises:
        UnableToRevisePrice: no agreement that day in the scope, shares that do not make 100 %, or
            a number of households below zero.
    """

    def refuse(why_vi: str, why_en: str) -> NoReturn:
        raise UnableToRevisePrice(
            point=masked(point_code), on=on.isoformat(), why_vi=why_vi, why_en=why_en
        )

    if household_count < 0:
        refuse("số hộ âm", "the number of households is negative")
    shares: dict[str, int] = {}
    for term in terms:
        share = term["share_percent"]
        if not isinstance(share, int) or isinstance(share, bool) or share <= 0:
            refuse("tỷ lệ phải là số nguyên dương", "a share is a whole number above zero")
        shares[term["segment"]] = shares.get(term["segment"], 0) + share
    if not shares or any(share != WHOLE_PERCENT for share in shares.values()):
        refuse("tổng tỷ lệ khác 100 %", "the shares do not make 100 %")
    rows = PriceApplication.objects.filter(
        point_code=point_code, contract__customer__unit_id__in=scope.unit_ids
    )
    before, end = close_row(rows, on)
    if before is None:
        refuse("chưa có áp giá vào ngày này", "there is no agreement that day")
    PriceApplication.objects.create(
        contract_id=before.contract_id,
        point_code=point_code,
        household_count=household_count,
        text=nfc(text),
        terms=[dict(term) for term in terms],
        valid_from=on,
        valid_to=end,
        recorded_by=actor,
        recorded_at=at,
    )
    customer = Customer.objects.select_related("unit").get(contracts=before.contract_id)
    detail = {
        "from": on.isoformat(),
        "point": point_code,
        "before": {"households": str(before.household_count), "text": before.text},
        "after": {"households": str(household_count), "text": nfc(text)},
    }
    _record(customer, "revise_price_application", actor, at, detail, reason=reason)


@transaction.atomic
def set_preference(
    who: Who, code: str, *, purpose: str, channel: str, on: date, actor: str, at: datetime
) -> None:
    """Where messages of one purpose go from a day on, set by staff or by the customer.

    Raises:
        UnableToFindCustomer: unknown or outside the scope.
        UnableToSetPreference: unknown purpose or channel, or no address for it.
    """
    customer = customer_in(who, code, lock=True)

    def refuse(why_vi: str, why_en: str) -> NoReturn:
        raise UnableToSetPreference(purpose=purpose, channel=channel, why_vi=why_vi, why_en=why_en)

    if purpose not in PURPOSES or channel not in CHANNELS:
        refuse("không có mục hoặc kênh này", "there is no such purpose or channel")
    version = CustomerVersion.objects.filter(in_force(on), customer=customer).first()
    addresses = {"none": "-"} if version is None else {
        "none": "-", "email": version.email, "sms": version.phone,
    }  # fmt: skip
    if not addresses.get(channel):
        refuse("chưa có địa chỉ của kênh này", "its address is not known")
    rows = ContactPreference.objects.filter(customer=customer, purpose=purpose)
    before, end = close_row(rows, on)
    ContactPreference.objects.create(
        customer=customer,
        purpose=purpose,
        channel=channel,
        valid_from=on,
        valid_to=end,
        set_by=actor,
    )
    detail = {
        "from": on.isoformat(),
        "purpose": purpose,
        "before": None if before is None else before.channel,
        "after": channel,
        "by": "customer" if isinstance(who, CustomerScope) else "staff",
    }
    _record(customer, "set_preference", actor, at, detail)


def _check(code: str, on: date, values: Mapping[str, str]) -> None:
    if values.get("name") == "":
        _refuse(code, on, "chưa có tên", "the name is missing")
    if values.get("phone") and not PHONE.fullmatch(values["phone"]):
        _refuse(code, on, "số điện thoại không hợp lệ", "the phone number is not valid")
    if values.get("tax_code") and not TAX_CODE.fullmatch(values["tax_code"]):
        _refuse(code, on, "mã số thuế không hợp lệ", "the tax code is not valid")
    if values.get("language", "vi") not in LANGUAGES:
        _refuse(code, on, "không có ngôn ngữ này", "there is no such language")
    if values.get("email"):
        try:
            validate_email(values["email"])
        except ValidationError:
            _refuse(code, on, "địa chỉ e-mail không hợp lệ", "the e-mail address is not valid")


def _make_findable(customer: Customer, today: date) -> None:
    """Found by what is true today and by what will be; no more by what was."""
    versions = list(CustomerVersion.objects.filter(customer=customer).order_by("valid_from", "pk"))
    current = [one for one in versions if one.valid_to is None or one.valid_to > today]
    current = [one for one in current if one.valid_to != one.valid_from]
    row = CustomerSearch.objects.get(pk=customer.pk)
    phones = {key for one in versions for key in code_keys(one.phone)}
    others = " ".join(key for key in row.codes.split() if key not in phones)
    row.words = "".join(stored_words(one.name, one.address) for one in reversed(current))
    row.codes = stored_codes([one.phone for one in current], known=others)
    row.save(update_fields=["words", "codes"])


def _record(
    customer: Customer,
    action: str,
    actor: str,
    at: datetime,
    detail: Mapping[str, Any],
    *,
    reason: str = "",
) -> None:
    translog.record(
        actor=actor,
        unit_code=customer.unit.code,
        action=action,
        object_kind="customer",
        object_code=customer.code,
        at=at,
        reason=reason,
        detail=detail,
    )


def _refuse(code: str, on: date, why_vi: str, why_en: str) -> NoReturn:
    raise UnableToReviseCustomer(
        customer=masked(code), on=on.isoformat(), why_vi=why_vi, why_en=why_en
    )
