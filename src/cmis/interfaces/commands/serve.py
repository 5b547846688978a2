"""``cmis serve``: the web pages on this machine."""

import argparse
import socket

from cmis.kernel.errors import Bilingual, UnableTo


class UnableToServe(UnableTo):
    code = "SYS-003"
    what = Bilingual(
        "Không mở được cổng {port} trên {host}: {reason}.",
        "Port {port} on {host} cannot be opened: {reason}.",
    )
    next_step = Bilingual(
        "Dừng chương trình đang dùng cổng đó, hoặc chọn cổng khác bằng --port.",
        "Stop the program that uses it, or choose another with --port.",
    )


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("serve", help="mở trang web / serve the web pages")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=8)
    parser.set_defaults(func=serve)


def serve(arguments: argparse.Namespace) -> int:
    run_server(host=arguments.host, port=arguments.port, threads=arguments.threads)
    return 0


def run_server(*, host: str, port: int, threads: int = 8) -> None:
    """Serve until interrupted. TLS is the business of the proxy in front."""
    import waitress
    from django.core.wsgi import get_wsgi_application

    _refuse_taken_port(host, port)
    print(f"CMIS: http://{host}:{port}/  ·  http://{host}:{port}/console/", flush=True)
    application = get_wsgi_application()
    waitress.serve(
        application,
        host=host,
        port=port,
        threads=threads,
        ident="cmis",
        clear_untrusted_proxy_headers=True,
        **_proxy(),
    )


def _proxy() -> dict[str, object]:
    """Whose forwarded client addresses are believed: the named proxy's and nobody else's."""
    from django.conf import settings

    if not settings.CMIS_TRUSTED_PROXY:
        return {}
    return {
        "trusted_proxy": settings.CMIS_TRUSTED_PROXY,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }


def _refuse_taken_port(host: str, port: int) -> None:
    """Say so plainly before the server starts.

    Raises:
        UnableToServe: the port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise UnableToServe(host=host, port=port, reason=error.strerror or "?") from None
