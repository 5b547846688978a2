"""A change of any byte of a signed invoice is seen, and never breaks the checker."""

import random
import re

import pytest

from cmis.formats.einvoice.signing import invoice_bytes
from cmis.formats.einvoice.verify import verify_document
from tests.formats.einvoice.examples import SIGNED_AT, household, sample

#: Kinds of places in the file; every one must be hit.
CLASSES = {
    "declaration": rb"^<\?xml[^>]*\?>\n",
    "element name": rb"</?[A-Za-z0-9]+",
    "attribute": rb' [A-Za-z]+="[^"]*"',
    "amount": rb"<TgTTTBSo>[^<]*",
    "name": rb"<Ten>[^<]*",
    "payment code": rb"<DLQRCode>[^<]*",
    "digest": rb"<DigestValue>[^<]*",
    "signature value": rb"<SignatureValue>[^<]*",
    "subject": rb"<X509SubjectName>[^<]*",
    "certificate": rb"<X509Certificate>[^<]*",
    "signing time": rb"<SigningTime>[^<]*",
}


def places(data: bytes) -> set[int]:
    """Every place of the short classes, and of the long ones and all the rest a part."""
    chosen = set(range(0, len(data), 4))
    for name, pattern in CLASSES.items():
        found = [place for match in re.finditer(pattern, data) for place in range(*match.span())]
        assert found, name
        chosen |= set(found[:: max(1, len(found) // 250)])
    return chosen


def undetected(data: bytes, chosen: set[int], seed: int) -> list[tuple[int, int]]:
    dice = random.Random(seed)
    missed = []
    for place in sorted(chosen):
        changed = bytearray(data)
        changed[place] ^= dice.choice((1, 2, 4, 8, 16, 32, 64, 128, dice.randrange(1, 256)))
        if verify_document(bytes(changed)).ok:
            missed.append((place, changed[place]))
    return missed


def test_no_changed_byte_of_our_invoice_passes(signer):
    data = invoice_bytes(household(), signer, SIGNED_AT)
    chosen = places(data)
    assert len(chosen) >= 2_000
    assert undetected(data, chosen, seed=1) == []


def test_no_removed_or_added_byte_passes(signer):
    data = invoice_bytes(household(), signer, SIGNED_AT)
    for place in range(0, len(data), 37):
        assert not verify_document(data[:place] + data[place + 1 :]).ok
        assert not verify_document(data[:place] + b" " + data[place:]).ok
    assert not verify_document(data + b"\n").ok
    assert not verify_document(data[:-1]).ok


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ours", "hdon_goc.xml", "hdon_dieuchinh.xml"])
def test_no_changed_byte_at_all_passes(signer, name):
    data = invoice_bytes(household(), signer, SIGNED_AT) if name == "ours" else sample(name)
    for seed in range(3):
        assert undetected(data, set(range(len(data))), seed) == []
