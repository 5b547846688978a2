"""The static code on a cash desk (CMIS process VI.19): no amount, read by collection partners."""

from cmis.formats.payments.tlv import field, with_checksum
from cmis.formats.payments.vietqr import plain

ELECTRICITY_CATEGORY = "4900"  # merchant category "utilities" of the card schemes
PURPOSE = "TT Tien dien"
LIMIT = 512


def counter_payload(
    *,
    tax_code: str,
    unit_name: str,
    city: str,
    point_name: str,
    customer_code: str,
    point_code: str,
    post_code: str = "",
) -> str:
    """Text of the QR code of one pay point; every field is cut to its own length.

    Args:
        unit_name: of the district unit; "EVN " is put before it.
        customer_code: customer code or invoice number.

    Raises:
        BrokenPayload: when the tax code is too long for its field.
    """
    more = (
        field("03", plain(point_name, 20))
        + field("06", plain(customer_code, 13))
        + field("07", plain(point_code, 8))
        + field("08", PURPOSE)
    )
    return with_checksum(
        "".join(
            (
                "000201",
                "010211",
                field("26", field("00", "00") + field("01", plain(tax_code, 14))),
                field("52", ELECTRICITY_CATEGORY),
                "5303704",
                "5802VN",
                field("59", plain(f"EVN {unit_name}", 25)),
                field("60", plain(city, 15)),
                field("61", plain(post_code, 10)),
                field("62", more),
            )
        )
    )
