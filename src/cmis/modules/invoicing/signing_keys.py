"""Where a seller's signing key is kept, and how it is opened.

A key lives under ``CMIS_HOME/keys/<seller code>/``: ``key.p12`` (PKCS#12) or ``key.pem`` with
``certificate.pem``. ``demo-<tax code>.pem`` and its certificate are made on the spot when none is
set and ``CMIS_DEMO_SIGNING`` allows it: such invoices have no legal value, and every list says so.
Another kind of key (HSM, PKCS#11, remote signing) is a function named in ``CMIS_SIGNER`` that takes
the :class:`KeySource` and returns a ``Signer``.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path

from django.conf import settings

from cmis.formats.einvoice.demo_key import make_demo_key
from cmis.formats.einvoice.signer import Signer, SoftwareSigner, UnableToLoadSigner
from cmis.kernel.errors import Bilingual, UnableTo

#: Validity of a demo certificate; wide, since demos replay past months.
DEMO_FROM = datetime(2020, 1, 1, tzinfo=UTC)
DEMO_UNTIL = datetime(2040, 1, 1, tzinfo=UTC)


class UnableToFindSigningKey(UnableTo):
    code = "INV-002"
    what = Bilingual(
        "Đơn vị bán {seller} chưa có khóa ký số.", "Seller {seller} has no signing key."
    )
    next_step = Bilingual(
        "Nạp khóa bằng: cmis keys set {seller} --pkcs12 TỆP.",
        "Load one with: cmis keys set {seller} --pkcs12 FILE.",
    )


class UnableToLoadSigningKey(UnableTo):
    code = "INV-003"
    what = Bilingual(
        "Không mở được khóa ký của {seller}: sai mật khẩu hoặc tệp hỏng.",
        "The signing key of {seller} cannot be opened: wrong password or damaged file.",
    )
    next_step = Bilingual(
        "Kiểm tra biến CMIS_KEY_PASSWORD rồi nạp lại khóa.",
        "Check the variable CMIS_KEY_PASSWORD and load the key again.",
    )


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where a key is; small and picklable, so that each worker opens its own.

    ``factory`` is ``package.module:function`` for keys that do not live in files.
    """

    seller_code: str
    folder: str
    is_demo: bool
    factory: str = ""
    tax_code: str = ""


def key_source(seller_code: str, *, tax_code: str, name: str) -> KeySource:
    """The key of a seller, made on the spot in demo signing.

    Raises:
        UnableToFindSigningKey: there is none and demo signing is off.
    """
    if settings.CMIS_SIGNER:
        return KeySource(seller_code, "", is_demo=False, factory=settings.CMIS_SIGNER)
    folder = settings.CMIS_HOME / "keys" / seller_code
    if has_real_key(seller_code):
        return KeySource(seller_code, str(folder), is_demo=False)
    if not settings.CMIS_DEMO_SIGNING:
        raise UnableToFindSigningKey(seller=seller_code)
    _make_demo_key(folder, tax_code=tax_code, name=name)
    return KeySource(seller_code, str(folder), is_demo=True, tax_code=tax_code)


def has_real_key(seller_code: str) -> bool:
    """Whether a key was loaded for a seller, or an installation-wide signer is set."""
    folder = settings.CMIS_HOME / "keys" / seller_code
    return bool(
        settings.CMIS_SIGNER or (folder / "key.p12").exists() or (folder / "key.pem").exists()
    )


def _demo_names(tax_code: str) -> tuple[str, str]:
    """Files of the demo key of one tax code: a seller who declares another gets another key."""
    return f"demo-{tax_code}.pem", f"demo-{tax_code}-certificate.pem"


def _make_demo_key(folder: Path, *, tax_code: str, name: str) -> None:
    """Write the demo key once; two workers at once end with one key (rename is atomic)."""
    key_name, certificate_name = _demo_names(tax_code)
    if (folder / key_name).exists() and (folder / certificate_name).exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = make_demo_key(
        company_name=name, tax_code=tax_code, not_before=DEMO_FROM, not_after=DEMO_UNTIL
    )
    for target, data in (
        (certificate_name, made.certificate_pem),
        (key_name, made.key_pem),
    ):
        temporary = folder / f".{target}.{os.getpid()}"
        temporary.touch(mode=0o600)
        temporary.write_bytes(data)
        temporary.replace(folder / target)


@lru_cache(maxsize=64)
def open_signer(source: KeySource) -> Signer:
    """Open a key once in a process.

    Raises:
        UnableToLoadSigningKey: wrong password or damaged file.
    """
    if source.factory:
        module_name, _, function = source.factory.partition(":")
        signer: Signer = getattr(import_module(module_name), function)(source)
        return signer
    folder = Path(source.folder)
    password = os.environ.get("CMIS_KEY_PASSWORD", "").encode() or None
    try:
        if source.is_demo:
            key_name, certificate_name = _demo_names(source.tax_code)
            return SoftwareSigner.from_pem(
                (folder / key_name).read_bytes(), (folder / certificate_name).read_bytes()
            )
        if (folder / "key.p12").exists():
            return SoftwareSigner.from_pkcs12((folder / "key.p12").read_bytes(), password)
        return SoftwareSigner.from_pem(
            (folder / "key.pem").read_bytes(),
            (folder / "certificate.pem").read_bytes(),
            password,
        )
    except (UnableToLoadSigner, OSError) as error:
        raise UnableToLoadSigningKey(seller=source.seller_code) from error


def set_key(seller_code: str, *, pkcs12: Path | None, pem: Path | None, cert: Path | None) -> None:
    """Copy a key into the state folder after opening it once.

    Raises:
        UnableToLoadSigningKey: wrong password or damaged file.
    """
    folder = settings.CMIS_HOME / "keys" / seller_code
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pairs = [(pkcs12, "key.p12")] if pkcs12 else [(pem, "key.pem"), (cert, "certificate.pem")]
    trial = folder / ".trial"
    shutil.rmtree(trial, ignore_errors=True)
    trial.mkdir(mode=0o700)
    try:
        for path, name in pairs:
            if path is None or not path.is_file():
                raise UnableToLoadSigningKey(seller=seller_code)
            (trial / name).touch(mode=0o600)
            (trial / name).write_bytes(path.read_bytes())
        open_signer.__wrapped__(KeySource(seller_code, str(trial), is_demo=False))
        for _, name in pairs:
            (trial / name).replace(folder / name)
    finally:
        shutil.rmtree(trial, ignore_errors=True)
