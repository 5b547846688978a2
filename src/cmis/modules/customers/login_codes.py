"""One-time codes by which customers log in to the portal. Only their hashes are kept."""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from cmis.engine.clock import local_date
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.modules.customers.models import Customer, OneTimeCode
from cmis.modules.customers.queries import contacts_of
from cmis.modules.customers.types import CustomerScope, LoginCode
from cmis.modules.translog import operations as translog

CODE_DIGITS = 6
CODE_MINUTES = 10
#: Wrong tries after which a code is dead.
TRIES = 5
#: Codes one customer may ask for within an hour: 25 guesses at a million.
CODES_AN_HOUR = 5
#: Who acts before anybody is logged in.
ACTOR = "portal"


class UnableToRedeemCode(UnableTo):
    code = "CUS-005"
    what = Bilingual(
        "Mã khách hàng hoặc mã đăng nhập không đúng, hoặc mã đã hết hạn.",
        "The customer code or the log-in code is wrong, or it has expired.",
    )
    next_step = Bilingual("Kiểm tra lại, hoặc yêu cầu mã mới.", "Check it, or ask for a new code.")


@transaction.atomic
def issue_login_code(customer_code: str, *, at: datetime) -> LoginCode | None:
    """A fresh code and where to send it; it replaces the one before.

    Returns:
        None when the customer is unknown, has no address on record, or asked too often. The portal
        answers the same in every case, so that nobody learns who is a customer.
    """
    digits = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    code_hash = make_password(digits)  # also for nobody: the work tells nothing
    customer = (
        Customer.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(code=customer_code.strip().upper())
        .first()
    )
    if customer is None:
        return None
    contact = contacts_of([customer.pk], "general", local_date(at)).get(customer.pk)
    channel, address = (
        _where(contact.email, contact.phone, contact.channel) if contact else ("", "")
    )
    recent = OneTimeCode.objects.filter(customer=customer, created_at__gt=at - timedelta(hours=1))
    if not address or recent.count() >= CODES_AN_HOUR:
        _record(customer, "login_code_refused", at, "no address" if not address else "too often")
        return None
    expires_at = at + timedelta(minutes=CODE_MINUTES)
    OneTimeCode.objects.create(
        customer=customer,
        code_hash=code_hash,
        sent_to_channel=channel,
        created_at=at,
        expires_at=expires_at,
    )
    _record(customer, "login_code_issued", at, channel)
    assert contact is not None
    return LoginCode(
        customer.pk, customer.unit_id, digits, channel, address, contact.language, expires_at
    )


def redeem_login_code(customer_code: str, code: str, *, at: datetime) -> CustomerScope:
    """Exchange a code for the right to see one customer's data. A code works once.

    Tries are counted in a transaction of their own, so that a refusal is not rolled back.

    Raises:
        UnableToRedeemCode: unknown, wrong, used, expired or tried too often; it does not say which.
    """
    with transaction.atomic():
        scope = _redeem(customer_code.strip().upper(), "".join(code.split()), at)
    if scope is None:
        raise UnableToRedeemCode
    return scope


def _redeem(customer_code: str, code: str, at: datetime) -> CustomerScope | None:
    newest = (
        OneTimeCode.objects.select_for_update(of=("self",))
        .select_related("customer__unit")
        .filter(customer__code=customer_code)
        .order_by("-created_at", "-pk")
        .first()
    )
    if newest is None:
        make_password(code)  # the work a known customer would cost
        return None
    matches = check_password(code, newest.code_hash)
    is_alive = newest.used_at is None and at < newest.expires_at and newest.failed_count < TRIES
    if not is_alive:
        _record(newest.customer, "customer_login_refused", at, "no living code")
        return None
    if not matches:
        newest.failed_count += 1
        newest.save(update_fields=["failed_count"])
        _record(newest.customer, "customer_login_refused", at, "wrong code")
        return None
    newest.used_at = at
    newest.save(update_fields=["used_at"])
    _record(newest.customer, "customer_login", at, "")
    return CustomerScope(newest.customer_id, newest.customer.code)


def _where(email: str, phone: str, wish: str) -> tuple[str, str]:
    """A code goes where messages go; who wants no messages still gets the code he asked for."""
    if email and wish != "sms":
        return "email", email
    return ("sms", phone) if phone else ("email", email)


def _record(customer: Customer, action: str, at: datetime, reason: str) -> None:
    translog.record(
        actor=ACTOR,
        unit_code=customer.unit.code,
        action=action,
        object_kind="customer",
        object_code=customer.code,
        at=at,
        reason=reason,
    )
