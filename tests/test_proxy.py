"""The proxy, run without Docker: what it lets through, and what it tells the program."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from config.embedded_place import PROJECT
from municipalities.uploads import MOST_BYTES
from tests import production
from tests.ports import free_port
from tests.production import ask

CADDY = shutil.which("caddy")
pytestmark = pytest.mark.skipif(CADDY is None, reason="needs Caddy")


class Told(BaseHTTPRequestHandler):
    """Stands in for the program: answers with the headers it was asked with."""

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.send_response(200)
        self.end_headers()
        with suppress(BrokenPipeError):  # the proxy has stopped a body that was too large
            told = {name.lower(): value for name, value in self.headers.items()}
            self.wfile.write(json.dumps(told).encode())

    do_POST = do_GET

    def log_message(self, *given: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path, Any]]:
    """The proxy in front of a program that tells what it was asked with; its two addresses and log."""
    folder = tmp_path_factory.mktemp("proxy")
    plain, secure, inner = (free_port() for _ in range(3))
    text = (PROJECT / "config/Caddyfile").read_text(encoding="utf-8")
    for old, new in (("8080", plain), ("8443", secure), ("8081", inner)):
        assert old in text
        text = text.replace(old, str(new))
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    thread = threading.Thread(target=behind.serve_forever)
    thread.start()
    given = {
        "BASE_URL": "https://localhost",
        "TLS": "internal",
        "UPSTREAM": f"127.0.0.1:{behind.server_port}",
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    command = [str(CADDY), "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    log = folder / "log"
    try:
        with production.started(command, folder, log, **given) as process:
            alive = f"http://127.0.0.1:{inner}/"
            production.wait_for(lambda: ask(alive).status == 200, process, log)
            yield f"http://127.0.0.1:{plain}", f"https://localhost:{secure}", log, behind
    finally:
        behind.shutdown()
        thread.join()
        behind.server_close()


def trusting() -> ssl.SSLContext:
    """Takes the proxy's own certificate."""
    made = ssl.create_default_context()
    made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def securely(address: str, body: bytes | None = None, **headers: str) -> production.Answer:
    """Ask over TLS."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(address, data=body, headers=named)  # noqa: S310
    direct = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting())
    )
    try:
        with direct.open(asked, timeout=30) as found:
            return production.Answer(found)
    except urllib.error.HTTPError as refused:
        with refused:
            return production.Answer(refused)


def test_the_program_believes_only_the_proxy(proxy: Any) -> None:
    _, address, _, _ = proxy
    lies = {
        "X-Forwarded-For": "10.1.2.3",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "en.annen.no",
        "X-Forwarded-Ssl": "off",
        "X-Real-IP": "10.1.2.3",
        "Forwarded": "for=10.1.2.3",
        "X-Request-ID": "hemmelig-navn",
    }
    answer = securely(f"{address}/avtaler/", **lies)
    told = json.loads(answer.body)
    assert "Server" not in answer.headers
    assert told["host"].startswith("localhost")
    assert (told["x-forwarded-proto"], told["x-forwarded-for"]) == ("https", "127.0.0.1")
    assert re.fullmatch("[0-9a-f-]{36}", told["x-request-id"])
    assert not {"forwarded", "x-real-ip", "x-forwarded-ssl"} & told.keys()
    assert "10.1.2.3" not in str(told)
    assert "en.annen.no" not in str(told)


def test_plain_http_goes_to_https_and_other_names_nowhere(proxy: Any) -> None:
    plain, _, _, _ = proxy
    answer = ask(f"{plain}/avtaler/", Host="localhost")
    assert (answer.status, answer.headers["Location"]) == (308, "https://localhost/avtaler/")


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/METRICS", "/%6Detrics", "//metrics"])
def test_the_numbers_are_not_for_the_world(proxy: Any, path: str) -> None:
    _, address, _, _ = proxy
    assert securely(address + path, Authorization="Bearer x").status == 404


def test_what_is_too_large_is_stopped_after_the_program_would(proxy: Any) -> None:
    _, address, _, _ = proxy
    assert securely(f"{address}/", b"x" * (MOST_BYTES + 1024)).status == 200
    host = address.removeprefix("https://")
    with closing(http.client.HTTPSConnection(host, context=trusting(), timeout=30)) as sending:
        sending.putrequest("POST", "/")
        sending.putheader("Content-Length", str(31 * 1024 * 1024))
        sending.endheaders(b"x" * 1024)  # answered before the rest is sent
        refused = sending.getresponse()
        said = refused.read().decode()
    assert refused.status == 413
    assert "for stort" in said
    assert "Vent litt" not in said
    assert refused.headers["Strict-Transport-Security"]
    assert "Retry-After" not in refused.headers


def test_a_program_that_is_down_is_told_in_norwegian_and_names_nobody(proxy: Any) -> None:
    _, address, log, behind = proxy
    handler = behind.RequestHandlerClass

    class Broken(Told):
        def do_GET(self) -> None:
            self.connection.close()

    behind.RequestHandlerClass = Broken
    try:
        answer = securely(f"{address}/avtaler/?q=hemmelig", User_Agent="Karis nettleser")
    finally:
        behind.RequestHandlerClass = handler
    assert answer.status == 502
    assert "Vent litt" in answer.body
    assert answer.headers["Strict-Transport-Security"]
    said = log.read_text()
    assert "hemmelig" not in said
    assert "Karis" not in said
    assert "127.0.0.1:" not in re.sub(r'"upstream":"[^"]*"', "", said.split("error")[-1])


@pytest.mark.parametrize("tls", ["", "internal"])
def test_the_proxys_settings_can_be_read(tls: str) -> None:
    command = [str(CADDY), "validate", "--config", "config/Caddyfile", "--adapter", "caddyfile"]
    home = os.environ.get("TMPDIR", "/tmp")  # noqa: S108
    done: subprocess.CompletedProcess[str] = production.run(
        command, TLS=tls, XDG_DATA_HOME=home, XDG_CONFIG_HOME=home
    )
    assert done.returncode == 0, done.stderr
