"""Number, sign and store the invoices of one issuing unit, and queue their notices.

One transaction holds the lock on the number range, the signed bytes, the moved counter and the
notices; the signing itself runs in the pool while the transaction waits. A kill loses at most the
open batch, which then gets the same numbers again: nothing doubled, lost or skipped
(docs/decisions: issuing transaction).
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction

from cmis.engine.issuing import (
    BuyerFacts,
    Chunk,
    IssueOrder,
    NumberedInvoice,
    example_invoice,
    sign_chunk,
)
from cmis.engine.pool import ordered
from cmis.formats.einvoice.content import Seller
from cmis.formats.einvoice.storage import BUILT_IN, Dictionary
from cmis.formats.einvoice.versions import format_version_for
from cmis.formats.payments.vietqr import PaymentAccount
from cmis.journeys.close_periods import notice_key
from cmis.journeys.night_progress import Progress
from cmis.kernel.errors import Bilingual, UnableTo
from cmis.kernel.tally import NOTHING, Tally
from cmis.modules.billing import operations as billing
from cmis.modules.billing import queries as bills
from cmis.modules.billing.queries import SiteWork
from cmis.modules.billing.types import BillToIssue
from cmis.modules.customers import queries as customers
from cmis.modules.invoicing import operations as invoicing
from cmis.modules.invoicing.signing_keys import (
    KeySource,
    has_real_key,
    key_source,
    open_signer,
)
from cmis.modules.invoicing.types import NumberRange, SignedInvoice
from cmis.modules.notifications import operations as notifications
from cmis.modules.organisation import queries as organisation
from cmis.modules.organisation.types import UnitFacts

#: Invoices in one transaction: a few seconds of signing, and what a kill can cost.
BATCH_INVOICES = 8_000
#: Invoices one worker signs at a time.
CHUNK_INVOICES = 250
#: Chunks under way for each worker, so that none waits while this process stores.
CHUNKS_AHEAD = 3
#: Days a customer has to pay after the invoice, unless the unit says otherwise.
PAYMENT_TERM_DAYS = 10
#: Stands on trial invoices of a seller without a tax code; no taxpayer has it.
DEMO_TAX_CODE = "0000000000"


class UnableToNameSeller(UnableTo):
    code = "INV-005"
    what = Bilingual(
        "Đơn vị bán {seller} chưa khai báo mã số thuế, tên và địa chỉ.",
        "Seller {seller} has no tax code, name and address yet.",
    )
    next_step = Bilingual(
        "Khai báo bằng: cmis units set {seller} --tax-code … --name … --address …",
        "Declare them with: cmis units set {seller} --tax-code … --name … --address …",
    )


def issue_for_site(
    site: SiteWork,
    *,
    on: date,
    at: datetime,
    pool: ProcessPoolExecutor | None,
    workers: int,
    progress: Progress,
) -> Tally:
    """Issue every waiting bill of one unit.

    Raises:
        UnableToFindSigningKey, UnableToLoadSigningKey, UnableToIssueInvoices: nothing of the open
            batch is stored; earlier batches stand.
    """
    seller = organisation.seller_of(site.unit_id, on)
    if not seller.tax_code:
        seller = _demo_seller(seller)
    key = key_source(seller.code, tax_code=seller.tax_code, name=seller.name)
    open_signer(key)  # a wrong password is found before numbers are locked
    waiting = bills.bill_ids_to_issue(site.unit_id, until=on)
    total = NOTHING
    for start in range(0, len(waiting), BATCH_INVOICES):
        batch = waiting[start : start + BATCH_INVOICES]
        with transaction.atomic():
            issued_count = _issue_batch(
                batch, site=site, seller=seller, key=key, on=on, at=at, pool=pool, workers=workers
            )
        total += Tally(input=issued_count, done=issued_count)
        progress.step(issued_count)
    return total


def _issue_batch(
    bill_ids: Sequence[int],
    *,
    site: SiteWork,
    seller: UnitFacts,
    key: KeySource,
    on: date,
    at: datetime,
    pool: ProcessPoolExecutor | None,
    workers: int,
) -> int:
    """Load, sign and store a batch chunk by chunk: while the pool signs the chunks ahead, this
    process stores the ones that are done, all in the caller's transaction."""
    numbers = invoicing.lock_number_range(seller_id=seller.id, site_id=site.unit_id, on=on)
    order = _order(numbers, site=site, seller=seller, key=key, on=on, at=at)
    loaded: deque[list[BillToIssue]] = deque()
    chunks = _chunks(order, numbers, bill_ids, loaded)
    issued_count = 0
    for signed in ordered(pool, sign_chunk, chunks, ahead=CHUNKS_AHEAD * workers):
        bills_signed = loaded.popleft()
        _store(numbers, bills_signed, signed, order=order)
        numbers = replace(numbers, next_number=numbers.next_number + len(signed))
        issued_count += len(signed)
    return issued_count


def _order(
    numbers: NumberRange,
    *,
    site: SiteWork,
    seller: UnitFacts,
    key: KeySource,
    on: date,
    at: datetime,
) -> IssueOrder:
    """What all invoices of a batch share; the compression dictionary is added by the first."""
    term_days = organisation.parameter(site.unit_id, "payment_term_days", on, PAYMENT_TERM_DAYS)
    return IssueOrder(
        seller=_seller(seller, organisation.acting_unit(site.unit_id, on)),
        account=_account(seller),
        form=numbers.form,
        symbol=numbers.symbol,
        format_version=format_version_for(on),
        invoice_date=on,
        due_date=on + timedelta(days=int(term_days)),
        signed_at=at,
        open_signer=partial(open_signer, key),
        dictionary=invoicing.known_dictionary(open_signer(key).certificate_der),
    )


def _chunks(
    order: IssueOrder,
    numbers: NumberRange,
    bill_ids: Sequence[int],
    loaded: deque[list[BillToIssue]],
) -> Iterator[Chunk]:
    """Chunks in the order of their numbers, read from the database as the pool asks for them.

    ``loaded`` gets the bills of each chunk, for when it comes back signed.
    """
    next_number = numbers.next_number
    for start in range(0, len(bill_ids), CHUNK_INVOICES):
        part = bills.bills_to_issue(bill_ids[start : start + CHUNK_INVOICES])
        if not part:
            continue
        cards = customers.cards({bill.customer_id for bill in part}, order.invoice_date)
        buyers = [_buyer(cards[bill.customer_id]) for bill in part]
        chunk = Chunk(order, next_number, part, buyers)
        if order.dictionary is BUILT_IN:
            order = replace(order, dictionary=_own_dictionary(chunk, numbers))
            chunk = replace(chunk, order=order)
        loaded.append(part)
        yield chunk
        next_number += len(part)


def _own_dictionary(chunk: Chunk, numbers: NumberRange) -> Dictionary:
    """The seller's own compression dictionary, made of the first invoice under a certificate."""
    return invoicing.dictionary_for(
        seller_id=numbers.seller_id,
        certificate_der=chunk.order.open_signer().certificate_der,
        example=lambda: example_invoice(chunk),
        at=chunk.order.signed_at,
    )


def _notices(
    batch: Sequence[BillToIssue],
    signed: Sequence[NumberedInvoice],
    contacts: dict[int, "customers.Contact"],
    *,
    numbers: NumberRange,
    due_date: date,
) -> Iterator[notifications.NewMessage]:
    """One payment notice a bill, by the channel its customer chose; none for those who chose none
    (CARE-03: payment notice 1)."""
    for bill, one in zip(batch, signed, strict=True):
        contact = contacts.get(bill.customer_id)
        if contact is None or contact.channel == "none":
            continue
        yield notifications.NewMessage(
            key=notice_key(bill.bill_code),
            unit_id=bill.unit_id,
            customer_id=bill.customer_id,
            purpose="payment",
            template="bill_notice",
            channel=contact.channel,
            language=contact.language,
            values={
                "bill": bill.bill_code,
                "customer_code": bill.customer_code,
                "period": f"{bill.month}/{bill.year}",
                "cycle": bill.cycle,
                "first_day": bill.first_day.isoformat(),
                "last_day": bill.last_day.isoformat(),
                "kwh": bill.energy_kwh,
                "total_vnd": bill.total_vnd,
                "due_date": due_date.isoformat(),
                "invoice": f"{numbers.form}{numbers.symbol} {one.number}",
                "lookup_code": one.lookup_code,
                "estimated": bill.is_estimated,
            },
        )


def _buyer(card: "customers.CustomerCard") -> BuyerFacts:
    return BuyerFacts(card.name, card.address, card.tax_code, card.phone, card.email)


def _store(
    numbers: NumberRange,
    batch: Sequence[BillToIssue],
    signed: Sequence[NumberedInvoice],
    *,
    order: IssueOrder,
) -> None:
    """Store a signed chunk and queue its notices."""
    on, at = order.invoice_date, order.signed_at
    invoicing.store_signed(
        numbers,
        [
            SignedInvoice(
                bill_id=bill.bill_id,
                unit_id=bill.unit_id,
                customer_id=bill.customer_id,
                number=one.number,
                net_vnd=bill.net_vnd,
                vat_vnd=bill.vat_vnd,
                total_vnd=bill.total_vnd,
                lookup_code=one.lookup_code,
                sha256=one.signed.sha256,
                dictionary_version=one.signed.dictionary_version,
                compressed=one.signed.compressed,
            )
            for bill, one in zip(batch, signed, strict=True)
        ],
        invoice_date=on,
        due_date=order.due_date,
        format_version=order.format_version,
        signed_at=at,
    )
    billing.mark_issued([bill.bill_id for bill in batch])
    contacts = customers.contacts_of([bill.customer_id for bill in batch], "payment", on)
    notifications.queue(
        _notices(batch, signed, contacts, numbers=numbers, due_date=order.due_date), at=at
    )


def _demo_seller(seller: UnitFacts) -> UnitFacts:
    """A seller nobody has declared yet, fit for trial invoices that say so.

    Raises:
        UnableToNameSeller: demo signing is off, or the seller already has a real key.
    """
    if not settings.CMIS_DEMO_SIGNING or has_real_key(seller.code):
        raise UnableToNameSeller(seller=seller.code)
    return replace(
        seller,
        name=f"{seller.name} (BẢN THỬ, KHÔNG CÓ GIÁ TRỊ)",
        tax_code=DEMO_TAX_CODE,
        address=seller.address or "Chưa khai báo",
    )


def _seller(seller: UnitFacts, unit: UnitFacts) -> Seller:
    return Seller(
        name=seller.name,
        tax_code=seller.tax_code,
        address=seller.address,
        unit_code=unit.code,
        unit_name=unit.name,
        phone=unit.phone or seller.phone,
        email=unit.email or seller.email,
        bank_account=seller.bank_account,
        bank_name=seller.bank_name,
        website=seller.website,
    )


def _account(seller: UnitFacts) -> PaymentAccount | None:
    """The account of the payment code; none while the seller has not named a bank."""
    if not (seller.bank_bin and seller.bank_account):
        return None
    return PaymentAccount(
        bank_bin=seller.bank_bin,
        number=seller.bank_account,
        merchant_name=seller.name,
        city=seller.address.rsplit(",", 1)[-1].strip(),
    )
