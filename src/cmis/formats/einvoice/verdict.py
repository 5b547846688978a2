"""What a check of a signed document answers: findings as data, signatures one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cmis.kernel.errors import Bilingual
from cmis.kernel.findings import Finding, Severity


class Trust(StrEnum):
    """Whether the certificate leads to a root of the trust list; says nothing about the bytes."""

    NOT_ASKED = "not_asked"  # no trust list was given
    TRUSTED = "trusted"
    UNKNOWN_ISSUER = "unknown_issuer"


@dataclass(frozen=True, slots=True)
class SignatureReport:
    """One signature of the file.

    ``place`` is who signs (NBan seller, NMua buyer, CQT tax authority, NNT taxpayer); ``is_valid``
    covers references, digests and the signature value with the certificate inside.
    """

    place: str
    signature_id: str
    document_id: str
    is_valid: bool
    subject_name: str
    tax_code: str
    signed_at: datetime | None
    certificate_sha256: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """The answer for a whole file.

    ``kind`` is the root element (HDon, BTHDLieu, TBao, TDiep), empty when the file is unreadable.
    """

    kind: str
    signatures: tuple[SignatureReport, ...]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """At least one signature, all valid, and nothing that blocks. Trust is apart."""
        return (
            bool(self.signatures)
            and all(signature.is_valid for signature in self.signatures)
            and not any(finding.severity is Severity.BLOCK for finding in self.findings)
        )

    @property
    def is_trusted(self) -> bool:
        """Every signature leads to a root of the trust list."""
        return bool(self.signatures) and all(
            signature.trust is Trust.TRUSTED for signature in self.signatures
        )


class FindingLog:
    """Collects findings; the only mutable thing of a check."""

    def __init__(self, *, must_be_exact: bool) -> None:
        self.findings: list[Finding] = []
        self.must_be_exact = must_be_exact

    def block(self, rule: str, **values: str | int) -> None:
        self.findings.append(Finding(rule, Severity.BLOCK, values))

    def inexact(self, rule: str, **values: str | int) -> None:
        """Another spelling of the same thing: blocks our own documents, a note for others'."""
        severity = Severity.BLOCK if self.must_be_exact else Severity.NOTE
        self.findings.append(Finding(rule, severity, values))

    def confirm(self, rule: str, **values: str | int) -> None:
        self.findings.append(Finding(rule, Severity.CONFIRM, values))

    def note(self, rule: str, **values: str | int) -> None:
        self.findings.append(Finding(rule, Severity.NOTE, values))


def sentence(finding: Finding, language: str = "vi") -> str:
    """The finding in words, for people."""
    return SENTENCES[finding.rule].render(language, **finding.values)


SENTENCES: Mapping[str, Bilingual] = {
    "xml.unreadable": Bilingual("{problem_vi}", "{problem_en}"),
    "xml.unknown_document": Bilingual(
        "Tệp không phải hóa đơn, bảng tổng hợp, thông báo hay thông điệp.",
        "The file is not an invoice, summary table, notice or message.",
    ),
    "xml.too_large": Bilingual(
        "Tệp {bytes} byte, quá giới hạn {limit} byte của một thông điệp.",
        "The file has {bytes} bytes; a message may have {limit}.",
    ),
    "xml.not_exact": Bilingual(
        "Các byte của tệp khác với dạng đã phát hành (bị sửa hoặc lưu lại).",
        "The bytes of the file differ from the issued form (changed or saved again).",
    ),
    "xml.not_composed": Bilingual(
        "Chữ tiếng Việt không ở dạng dựng sẵn (NFC).", "Vietnamese text is not composed (NFC)."
    ),
    "xml.duplicate_id": Bilingual(
        "Có nhiều phần tử cùng Id {id}.", "Several elements share the Id {id}."
    ),
    "schema.unknown_version": Bilingual(
        "Không có lược đồ cho phiên bản định dạng {version}.",
        "There is no schema for format version {version}.",
    ),
    "schema.invalid": Bilingual(
        "Sai lược đồ tại dòng {line}: {problem}.", "Against the schema at line {line}: {problem}."
    ),
    "signature.missing": Bilingual(
        "{document} không có chữ ký của người lập.", "{document} lacks its issuer's signature."
    ),
    "signature.misplaced": Bilingual(
        "Có chữ ký ở vị trí không thuộc định dạng.",
        "A signature stands where the format has none.",
    ),
    "signature.incomplete": Bilingual(
        "Chữ ký {signature} thiếu {part}.", "Signature {signature} lacks {part}."
    ),
    "signature.algorithm": Bilingual(
        "Chữ ký {signature} dùng thuật toán không được chấp nhận.",
        "Signature {signature} uses an algorithm that is not accepted.",
    ),
    "signature.references": Bilingual(
        "Chữ ký {signature} không trỏ đúng vào tài liệu và thời điểm ký của nó.",
        "Signature {signature} does not point at its document and signing time.",
    ),
    "signature.digest": Bilingual(
        "Nội dung đã bị thay đổi sau khi ký: {reference}.",
        "The content was changed after signing: {reference}.",
    ),
    "signature.value": Bilingual(
        "Giá trị chữ ký {signature} sai.", "The signature value of {signature} is wrong."
    ),
    "signature.time": Bilingual(
        "Thời điểm ký của {signature} thiếu hoặc sai.",
        "The signing time of {signature} is missing or wrong.",
    ),
    "signature.subject_form": Bilingual(
        "Tên chủ thể trong chữ ký {signature} viết khác dạng chuẩn (RFC 4514).",
        "The subject in signature {signature} is not written in the usual form (RFC 4514).",
    ),
    "signature.subject": Bilingual(
        "Tên chủ thể ghi trong chữ ký {signature} khác chứng thư số.",
        "The subject written in signature {signature} differs from its certificate.",
    ),
    "certificate.unreadable": Bilingual(
        "Chứng thư số trong chữ ký {signature} không đọc được.",
        "The certificate in signature {signature} cannot be read.",
    ),
    "certificate.inconsistent": Bilingual(
        "Chứng thư số trong chữ ký {signature} không nguyên vẹn.",
        "The certificate in signature {signature} is not intact.",
    ),
    "certificate.weak_key": Bilingual(
        "Khóa của chữ ký {signature} chỉ {bits} bit.",
        "The key of signature {signature} has only {bits} bits.",
    ),
    "certificate.not_in_force": Bilingual(
        "Chứng thư số của chữ ký {signature} không có hiệu lực tại thời điểm ký.",
        "The certificate of signature {signature} was not in force at the signing time.",
    ),
    "certificate.tax_code": Bilingual(
        "Mã số thuế trong chứng thư số {certificate} khác người lập {document}.",
        "The tax code of the certificate, {certificate}, differs from the issuer's, {document}.",
    ),
    "certificate.without_tax_code": Bilingual(
        "Chứng thư số của chữ ký {signature} không ghi mã số thuế.",
        "The certificate of signature {signature} names no tax code.",
    ),
    "amount.not_a_number": Bilingual(
        "Giá trị {field} không phải số.", "The value of {field} is not a number."
    ),
    "amount.line": Bilingual(
        "Dòng {line}: thành tiền {actual}, tính lại {expected}.",
        "Line {line}: amount {actual}, computed {expected}.",
    ),
    "amount.vat_group": Bilingual(
        "Thuế suất {rate}: tiền chưa thuế {actual}, cộng các dòng {expected}.",
        "VAT {rate}: net {actual}, sum of lines {expected}.",
    ),
    "amount.vat": Bilingual(
        "Thuế suất {rate}: tiền thuế {actual}, tính lại {expected}.",
        "VAT {rate}: tax {actual}, computed {expected}.",
    ),
    "amount.vat_rounding": Bilingual(
        "Thuế suất {rate}: tiền thuế {actual} lệch làm tròn so với {expected}.",
        "VAT {rate}: tax {actual} deviates by rounding from {expected}.",
    ),
    "amount.total": Bilingual(
        "Tổng {field}: {actual}, tính lại {expected}.",
        "Total {field}: {actual}, computed {expected}.",
    ),
    "amount.words": Bilingual(
        "Số tiền bằng chữ không khớp số tiền {total}.",
        "The amount in words does not say {total}.",
    ),
    "qr.broken": Bilingual(
        "Mã QR sai cấu trúc hoặc sai mã kiểm tra.", "The QR code is malformed or fails its check."
    ),
    "qr.differs": Bilingual(
        "Mã QR khác hóa đơn ở {field}.", "The QR code differs from the invoice in {field}."
    ),
    "message.count": Bilingual(
        "Thông điệp ghi {declared} tài liệu nhưng có {actual}.",
        "The message declares {declared} documents but holds {actual}.",
    ),
}
