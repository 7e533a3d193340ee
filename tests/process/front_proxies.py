"""nginx and Caddy in front of a real server."""

from __future__ import annotations

import getpass
import os
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import trustme
from octavo_server import PATIENCE, eventually

KEY = "a-key-of-the-tests"
NAME = "ocr.example.org"


@dataclass(frozen=True)
class Proxy:
    """One in front of a real server; `call` speaks TLS to it under its name."""

    port: int
    trust: ssl.SSLContext

    def call(self, path: str, body: bytes | None = None, **headers: str) -> httpx.Response:
        named = {"Host": NAME, "Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | headers
        return self.ask("GET" if body is None else "POST", path, content=body, headers=named)

    def ask(self, method: str, path: str, **asked: Any) -> httpx.Response:
        """A request as it is given, but for its host."""
        with self.stream(method, path, **asked) as answer:
            answer.read()
            return answer

    @contextmanager
    def stream(
        self, method: str, path: str, *, client_address: str = "127.0.0.1", **asked: Any
    ) -> Iterator[httpx.Response]:
        """The same, answered while it comes."""
        headers = {"Host": NAME} | asked.pop("headers", {})
        way = httpx.HTTPTransport(verify=self.trust, trust_env=False, local_address=client_address)
        with (
            httpx.Client(transport=way, trust_env=False, timeout=PATIENCE) as client,
            client.stream(
                method,
                f"https://127.0.0.1:{self.port}{path}",
                headers=headers,
                extensions={"sni_hostname": NAME},
                **asked,
            ) as answer,
        ):
            yield answer


def nginx(folder: Path, site: str, port: int) -> list[str]:
    """A whole configuration around that of the site, and the command that runs it."""
    (folder / "site.conf").write_text(site.replace("listen 443", f"listen 127.0.0.1:{port}"))
    paths = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid {folder / 'pid'}; error_log {folder / 'log'}; events {{}}\n"
        f"http {{ access_log off; {paths} include {folder / 'site.conf'}; }}\n"
    )
    command = ["nginx", "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    return command


def caddy(folder: Path, site: str, port: int) -> list[str]:
    own = f"{{\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port {port}\n\tskip_install_trust\n}}\n"
    (folder / "Caddyfile").write_text(own + site.replace(f"{NAME} {{", f"{NAME}:{port} {{\n\tbind 127.0.0.1"))
    arguments = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    subprocess.run(["caddy", "validate", *arguments], check=True, capture_output=True)
    return ["caddy", "run", *arguments]


@contextmanager
def proxied(folder: Path, server: str, make: Callable[[Path, str, int], list[str]], site: str) -> Iterator[Proxy]:
    """A configuration as those in `deploy/` are written, with the places of this test."""
    authority = trustme.CA()
    own = authority.issue_cert(NAME)
    own.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    site = site.replace("/etc/ssl/octavo", str(folder))
    command = make(folder, site.replace("127.0.0.1:8000", server.removeprefix("http://")), port)
    environment = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) as process,
    ):
        try:
            assert eventually(lambda: listens(port)), (folder / "log").read_text()
            yield Proxy(port, trust)
        finally:
            process.terminate()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
