"""``cmis keys``: the signing key of a seller."""

import argparse
from pathlib import Path


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("keys", help="khóa ký hóa đơn / signing keys of sellers")
    actions = parser.add_subparsers(dest="action", required=True)
    setter = actions.add_parser("set", help="nạp khóa / load a key (password: CMIS_KEY_PASSWORD)")
    setter.add_argument("seller", help="mã đơn vị bán / code of the selling unit")
    setter.add_argument("--pkcs12", type=Path, help="tệp .p12 / PKCS#12 file")
    setter.add_argument("--pem", type=Path, help="khóa PEM / PEM key")
    setter.add_argument("--certificate", type=Path, help="chứng thư PEM / PEM certificate")
    setter.set_defaults(func=set_key)


def set_key(arguments: argparse.Namespace) -> int:
    from cmis.modules.invoicing import signing_keys

    signing_keys.set_key(
        arguments.seller,
        pkcs12=arguments.pkcs12,
        pem=arguments.pem,
        cert=arguments.certificate,
    )
    print(f"Đã nạp khóa ký của {arguments.seller}. / Key of {arguments.seller} loaded.")
    return 0
