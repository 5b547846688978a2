"""From bytes to Unicode text: UTF-8, UTF-8 with BOM, UTF-16 with BOM, and nothing else."""

import codecs
import re

from cmis.formats.hhu.failures import (
    BookFileCutShort,
    BookFileTooLarge,
    BookFileWrongEncoding,
    NotABookFile,
)

FILE_BYTES_LIMIT = 64 * 1024 * 1024

_DECLARED = re.compile(r"""\s*<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_HEAD_CHARACTERS = 300
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-bom", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
)
#: What the XML declaration may say, by the encoding the bytes prove. ASCII is part of UTF-8.
_AGREES = {
    "utf-8": frozenset({"utf-8", "utf8", "us-ascii", "ascii"}),
    "utf-16-le": frozenset({"utf-16", "utf-16le", "unicode"}),
    "utf-16-be": frozenset({"utf-16", "utf-16be", "unicode"}),
}


def decode_book_bytes(data: bytes) -> tuple[str, str]:
    """``(text without BOM, encoding)``; encoding is ``utf-8``, ``utf-8-bom`` or ``utf-16-le/be``.

    Raises:
        BookFileTooLarge: more bytes than ``FILE_BYTES_LIMIT``.
        BookFileCutShort: an empty file, or one that ends inside a character.
        BookFileWrongEncoding: bytes and declaration disagree, or the encoding is not Unicode.
        NotABookFile: the text does not begin with markup.
    """
    if len(data) > FILE_BYTES_LIMIT:
        raise BookFileTooLarge(found_bytes=len(data), limit_bytes=FILE_BYTES_LIMIT)
    if not data:
        raise BookFileCutShort(line=0)
    name, codec, body = "utf-8", "utf-8", data
    for bom, bom_name, bom_codec in _BOMS:
        if data.startswith(bom):
            name, codec, body = bom_name, bom_codec, data[len(bom) :]
            break
    text = _strictly(body, codec)
    declared = _DECLARED.match(text[:_HEAD_CHARACTERS])
    if declared and declared[1].lower() not in _AGREES[codec]:
        raise BookFileWrongEncoding(declared=declared[1], tried=codec)
    if not text.lstrip()[:1] == "<":
        raise NotABookFile(reason_vi="nội dung không phải XML", reason_en="its content is not XML")
    return text, name


def _strictly(body: bytes, codec: str) -> str:
    try:
        return body.decode(codec)
    except UnicodeDecodeError as failure:
        if failure.end == len(body) and "end of data" in failure.reason and failure.start:
            raise BookFileCutShort(line=body.count(b"\n") + 1) from None
        head = body[:_HEAD_CHARACTERS].decode("latin-1")
        declared = _DECLARED.match(head)
        raise BookFileWrongEncoding(
            declared=declared[1] if declared else "—", tried=codec
        ) from None
