"""Reading XML from strangers: no document type, no entities, no comments, bounded size and depth.

A comment or processing instruction is refused because canonical XML leaves it out: text could be
split by one without breaking the signature, and be read differently afterwards.
"""

import re
from functools import lru_cache

from lxml import etree

from cmis.formats.einvoice.versions import limits
from cmis.kernel.errors import Bilingual, UnableTo

LARGEST_DEPTH = 64
#: A file above the message limit is reported, one above this many times the limit is not read.
PATIENCE = 8
_DECLARED_ENCODING = re.compile(rb"""^<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']""")


class UnableToReadXml(UnableTo):
    """The file is not XML that we are willing to read."""

    code = "EIV-005"
    what = Bilingual(
        "Không đọc được tệp XML: {problem_vi}.", "The XML file cannot be read: {problem_en}."
    )
    next_step = Bilingual(
        "Lấy lại đúng tệp gốc đã ký; không chuyển đổi hay mở rồi lưu lại tệp.",
        "Fetch the original signed file again; do not convert it or open and save it.",
    )


def parse_safely(data: bytes) -> etree._Element:
    """The root element.

    Raises:
        UnableToReadXml: too large or deep, not UTF-8, with a document type, comments or processing
            instructions, or not well-formed.
    """
    if len(data) > PATIENCE * limits().message_bytes:
        raise UnableToReadXml(problem_vi="tệp quá lớn", problem_en="the file is too large")
    _check_encoding(data)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise UnableToReadXml(
            problem_vi="tệp khai báo DTD hoặc thực thể",
            problem_en="it declares a document type or entities",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=False,
        remove_pis=False,
        strip_cdata=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnableToReadXml(
            problem_vi="tệp không phải XML đúng cú pháp",
            problem_en="it is not well-formed XML",
        ) from error
    _check_nodes(root)
    return root


def canonical_document(root: etree._Element) -> bytes:
    """Inclusive C14N 1.0 of the whole document.

    Raises:
        UnableToReadXml: it has no canonical form (relative namespace names).
    """
    try:
        tree = root.getroottree()
        return bytes(etree.tostring(tree, method="c14n", exclusive=False, with_comments=False))
    except etree.C14NError as error:
        raise UnableToReadXml(
            problem_vi="tệp không có dạng chuẩn tắc", problem_en="it has no canonical form"
        ) from error


def canonical(element: etree._Element) -> bytes:
    """Inclusive C14N 1.0 of an element as it stands in its document.

    lxml's own canonicalisation of a part is wrong under a default namespace (it puts ``xmlns=""``
    on grandchildren), so the part is first written out, with the namespaces it inherits, and read
    again as a document of its own.
    """
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    again = etree.fromstring(text, _plain_parser())
    return bytes(etree.tostring(again, method="c14n", exclusive=False, with_comments=False))


@lru_cache(maxsize=1)
def _plain_parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)


def _check_encoding(data: bytes) -> None:
    declared = _DECLARED_ENCODING.match(data[:200])
    wrong = declared is not None and declared.group(1).upper() != b"UTF-8"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        wrong = True
    if wrong or b"\x00" in data:
        raise UnableToReadXml(
            problem_vi="tệp không được mã hóa UTF-8", problem_en="it is not encoded in UTF-8"
        )


def _check_nodes(root: etree._Element) -> None:
    before, after = root.getprevious(), root.getnext()
    if before is not None or after is not None:
        raise UnableToReadXml(**COMMENTS)
    stack = [(root, 1)]
    while stack:
        node, depth = stack.pop()
        if not isinstance(node.tag, str):
            raise UnableToReadXml(**COMMENTS)
        if depth > LARGEST_DEPTH:
            raise UnableToReadXml(
                problem_vi="tệp lồng quá nhiều cấp", problem_en="it is nested too deeply"
            )
        stack.extend((child, depth + 1) for child in node)


COMMENTS = {
    "problem_vi": "tệp có chú thích hoặc lệnh xử lý chen vào",
    "problem_en": "comments or processing instructions stand in it",
}
