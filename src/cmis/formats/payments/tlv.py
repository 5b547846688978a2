"""Tag-length-value payloads of payment QR codes (EMVCo MPM, NAPAS specification 1.0).

A value is at most 99 characters; payloads are ASCII, so characters and bytes count the same.
"""

from binascii import crc_hqx

Fields = list[tuple[str, str]]
CHECKSUM_TAG = "63"
CHECKSUM_HEAD = CHECKSUM_TAG + "04"


class BrokenPayload(ValueError):
    """The text is not a well-formed payload; the message says where."""


def field(tag: str, value: str) -> str:
    """One field, or nothing for an empty value.

    Raises:
        BrokenPayload: when the value is longer than 99 characters or not ASCII.
    """
    if not value:
        return ""
    if len(value) > 99 or not value.isascii():
        raise BrokenPayload(f"tag {tag}: the value is longer than 99 characters or not ASCII")
    return f"{tag}{len(value):02d}{value}"


def checksum(text: str) -> str:
    """CRC-16/CCITT-FALSE as four hexadecimal capitals; ``123456789`` gives ``29B1``."""
    return f"{crc_hqx(text.encode('utf-8'), 0xFFFF):04X}"


def with_checksum(fields: str) -> str:
    """Close a payload with tag 63 over everything up to and including ``6304``."""
    text = fields + CHECKSUM_HEAD
    return text + checksum(text)


def parse_fields(text: str) -> Fields:
    """Fields in their order, each tag at most once.

    Raises:
        BrokenPayload: a length does not fit, or a tag comes twice.
    """
    fields: Fields = []
    place = 0
    while place < len(text):
        head = text[place : place + 4]
        if len(head) < 4 or not (head.isascii() and head.isdigit()):
            raise BrokenPayload(f"at {place}: tag and length must be four digits")
        length = int(head[2:])
        value = text[place + 4 : place + 4 + length]
        if len(value) < length or length == 0:
            raise BrokenPayload(f"at {place}: the value is shorter than its length says")
        if any(tag == head[:2] for tag, _ in fields):
            raise BrokenPayload(f"at {place}: tag {head[:2]} comes twice")
        fields.append((head[:2], value))
        place += 4 + length
    return fields


def parse_payload(text: str) -> Fields:
    """Fields of a whole payload without its checksum, which must be last and right.

    Raises:
        BrokenPayload: malformed, or the checksum is missing or wrong.
    """
    body, tail = text[:-8], text[-8:]
    if tail[:4] != CHECKSUM_HEAD:
        raise BrokenPayload("the checksum is not at the end")
    if tail[4:] != checksum(text[:-4]):
        raise BrokenPayload("the checksum is wrong")
    return parse_fields(body)
