"""Signed invoices in little room: zlib with a preset dictionary, exact bytes back.

Much of an invoice is the same in every invoice, so a dictionary of one example saves three
quarters. The packaged dictionary (version 1) knows the format and the usual words; a dictionary
made of one's own invoice (:func:`dictionary_from`) knows the seller and its certificate too, and
that is what a unit should use in production: number it from 1000, store it beside the invoices and
**never change or delete one in use**. The caller keeps the SHA-256 of the exact bytes and compares
it after reading.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from cmis.kernel.errors import Bilingual, UnableTo

LEVEL = 3  # measured with a dictionary: 624 bytes at a third of the time of level 6 (603 bytes)
MEMORY_LEVEL = 6  # a small state is quickly copied
WINDOW_BYTES = 32 * 1024  # deflate looks back no further
#: Versions below are packaged with the software, from here on they belong to the installation.
FIRST_OWN_VERSION = 1000
#: A stored invoice larger than this once unpacked is not an invoice (limit of a message: 2 MB).
LARGEST_BYTES = 16 * 1024 * 1024


class UnableToReadStoredInvoice(UnableTo):
    """Stored bytes do not unpack."""

    code = "EIV-004"
    what = Bilingual(
        "Không giải nén được hóa đơn đã lưu (từ điển phiên bản {version}).",
        "The stored invoice cannot be unpacked (dictionary version {version}).",
    )
    next_step = Bilingual(
        "Khôi phục bản ghi hoặc từ điển từ bản sao lưu; không lập lại hóa đơn từ cơ sở dữ liệu.",
        "Restore the record or the dictionary from a backup; never rebuild the invoice from data.",
    )


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A preset dictionary and its version number."""

    version: int
    content: bytes


@lru_cache(maxsize=1)
def _packaged() -> bytes:
    return resources.files("cmis.formats.einvoice").joinpath("dictionary_v1.bin").read_bytes()


BUILT_IN = Dictionary(1, _packaged())


def dictionary_from(example: bytes, *, version: int) -> Dictionary:
    """A dictionary out of one signed invoice of the same seller and certificate.

    Raises:
        ValueError: when the version is one of the packaged ones.
    """
    if version < FIRST_OWN_VERSION:
        raise ValueError(f"own dictionaries are numbered from {FIRST_OWN_VERSION}")
    # the end of a dictionary is cheapest to point at, so the own example stands last
    return Dictionary(version, (BUILT_IN.content + example)[-WINDOW_BYTES:])


def compress(data: bytes, dictionary: Dictionary = BUILT_IN) -> bytes:
    """Raw deflate stream of ``data`` against the dictionary."""
    packer = _packer(dictionary.content).copy()
    return packer.compress(data) + packer.flush()


@lru_cache(maxsize=16)
def _packer(dictionary: bytes) -> "zlib._Compress":
    """A packer that has read the dictionary; only copies of it are used."""
    return zlib.compressobj(
        LEVEL,
        zlib.DEFLATED,
        -zlib.MAX_WBITS,
        MEMORY_LEVEL,
        zlib.Z_DEFAULT_STRATEGY,
        dictionary,
    )


def decompress(
    version: int, data: bytes, own_dictionaries: Mapping[int, Dictionary] | None = None
) -> bytes:
    """The exact bytes that were compressed.

    Args:
        own_dictionaries: the installation's dictionaries by version.

    Raises:
        UnableToReadStoredInvoice: unknown version, broken or oversized data.
    """
    known = {BUILT_IN.version: BUILT_IN, **(own_dictionaries or {})}
    dictionary = known.get(version)
    if dictionary is None:
        raise UnableToReadStoredInvoice(version=version)
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS, zdict=dictionary.content)
    try:
        content = unpacker.decompress(data, LARGEST_BYTES)
    except zlib.error as error:
        raise UnableToReadStoredInvoice(version=version) from error
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise UnableToReadStoredInvoice(version=version)
    return content
