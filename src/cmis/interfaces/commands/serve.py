"""``cmis serve``: the web pages on this machine."""

import argparse


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

    print(f"CMIS: http://{host}:{port}/  ·  http://{host}:{port}/console/", flush=True)
    waitress.serve(get_wsgi_application(), host=host, port=port, threads=threads, ident="cmis")
