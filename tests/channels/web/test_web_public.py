"""`bot run --public`, alone and behind nginx as docs/nginx.conf sets it up: what strangers reach, and how often."""

import shutil
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browser import KEY, ROOT, Browser, request
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from processes import Running, copy_of_project, free_port

from bot.runtime.archive import ROOT as PROJECT

# Limits of an hour would begin anew where one ends during a test.
YEAR = 360 * 86400
SHOP = "https://shop.example"
PUBLIC = {
    "BOT_SECRET_KEY": KEY,
    "BOT_ALLOWED_ORIGINS": f"{SHOP}, https://other.example",
    "BOT_TRUSTED_PROXIES": "127.0.0.1",
    "BOT_SESSION_LIMIT": "5/year",
    "BOT_ADDRESS_LIMIT": "12/year",
}


@pytest.fixture(scope="module")
def project(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = copy_of_project(tmp_path_factory.mktemp("public") / "project", model)
    widget = found / "bot" / "widget" / "dist" / "widget.js"
    widget.parent.mkdir(parents=True, exist_ok=True)
    widget.write_text("'the widget';")
    return found


@pytest.fixture(scope="module")
def running(project: Path, model: Path) -> Iterator[tuple[Running, int]]:
    port = free_port()
    arguments = ("run", "--public", "--model", str(model), "--port", str(port))
    with Running(*arguments, project=project, log=project / "run.log", **PUBLIC) as command:
        command.wait_for("Web:")
        yield command, port
        assert "Traceback" not in command.output


@pytest.fixture(scope="module")
def direct(running: tuple[Running, int]) -> str:
    """The address as the proxy reaches it."""
    return f"http://127.0.0.1:{running[1]}"


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "assistant.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "certificate.key"
    files[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return files


@pytest.fixture(scope="module")
def nginx(running: tuple[Running, int], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real nginx with the documented configuration; only ports and files are other ones."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed.")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    pem, key = certificate(folder)
    documented = (PROJECT / "docs" / "nginx.conf").read_text()
    for ours, theirs in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("127.0.0.1:5005", f"127.0.0.1:{running[1]}"),
        ("/etc/ssl/assistant.example.pem", str(pem)),
        ("/etc/ssl/assistant.example.key", str(key)),
    ):
        assert ours in documented
        documented = documented.replace(ours, theirs)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; events {{}}"
        f" http {{ access_log off; {paths} {documented} }}"
    )
    with subprocess.Popen([program, "-e", str(folder / "error.log"), "-c", str(conf), "-p", str(folder)]) as process:
        try:
            address, end = f"https://127.0.0.1:{port}", time.monotonic() + 120
            while True:
                assert process.poll() is None, (folder / "error.log").read_text()
                try:
                    request(f"{address}/health")
                    break
                except OSError:
                    assert time.monotonic() < end
                    time.sleep(0.05)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module", autouse=True)
def self_signed() -> Iterator[None]:
    """Requests of these tests do not ask who signed a certificate."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    urllib.request.install_opener(urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting)))
    yield
    urllib.request.install_opener(None)  # type: ignore[arg-type]


HIDDEN = [
    "/",
    "/demo",
    "/demo.js",
    "/demo.css",
    "/version",
    "/status",
    "/domain",
    "/model",
    "/model/parse",
    "/model/train",
    "/webhooks/whatsapp/",  # which is off
    "/webhooks/whatsapp/webhook",
    "/conversations/x/tracker",
    "/conversations/x/messages",
    "/webhooks/rest/",
    "/webhooks/rest/webhook",
    "/webhooks/callback/webhook",
    "/webhooks/web/../rest/webhook",
    "/webhooks/web/%2e%2e/rest/webhook",
    "/webhooks/web/..%2frest/webhook",
    "/webhooks//rest/webhook",
    "/socket.io/",
    "/widget.js/../demo",
    "/bot/endpoints.yml",
    "/../var/conversations.db",
]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
@pytest.mark.parametrize("path", HIDDEN)
def test_nothing_else_is_reached(direct: str, nginx: str, method: str, path: str) -> None:
    for server in (direct, nginx):
        answer = request(server + path, method, {"sender": "x", "message": "hello"} if method != "GET" else None)
        assert answer.status in (400, 404, 405), (server, answer.body)
        assert b"asa" not in answer.body, "it does not say what it is made of"


def test_what_is_published(direct: str, nginx: str) -> None:
    for server in (direct, nginx):
        assert request(f"{server}/health").data == {"status": "ok"}
        assert request(f"{server}/widget.js").body == b"'the widget';"


def test_the_command_names_what_it_serves(running: tuple[Running, int]) -> None:
    assert [line.split()[0] for line in running[0].output.splitlines()] == ["Starting", "Ready", "Web:"]


def test_a_customer_of_the_shop_is_answered_through_the_proxy(nginx: str) -> None:
    browser = Browser(nginx, {"Origin": SHOP})
    answer = browser.send("does it help sore muscles?")
    assert answer.data["reply"]["answer"]["verdict"] == "supported"
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "notice" not in request(f"{nginx}{ROOT}/session", "POST", {}, {"Origin": SHOP}).data
    assert request(f"{nginx}{ROOT}/session", "POST", {}, {"Origin": nginx}).refusal == (403, "origin_refused")


def _from(server: str, address: str) -> Browser:
    """A customer whose requests the proxy says to be from an address."""
    return Browser(server, {"X-Forwarded-For": address})


def test_a_conversation_may_ask_so_often(direct: str) -> None:
    browser = _from(direct, "198.51.100.1")
    for _ in range(5):
        assert browser.get("/history").status == 200
    refused = browser.send("hello")
    assert refused.refusal == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 2 * YEAR
    assert refused.data["error"]["contact"]["whatsapp"], "a person to ask instead"
    assert _from(direct, "198.51.100.1").get("/history").status == 200, "another conversation may"


def test_an_address_may_ask_so_often(direct: str) -> None:
    address = "198.51.100.2"
    for _ in range(12):
        assert request(f"{direct}{ROOT}/session", "POST", {}, {"X-Forwarded-For": address}).status == 201
    for written in (address, f"203.0.113.9, {address}"):
        refused = request(f"{direct}{ROOT}/session", "POST", {}, {"X-Forwarded-For": written})
        assert refused.refusal == (429, "too_many_requests")
    assert _from(direct, "198.51.100.3").get("/history").status == 200, "another address may"


def test_who_guesses_tokens_is_counted_too(direct: str) -> None:
    browser = Browser(direct, {"X-Forwarded-For": "198.51.100.4"}, token="guess")
    refusals = [browser.get("/history").refusal for _ in range(13)]
    assert refusals == [(401, "unknown_session")] * 12 + [(429, "too_many_requests")]


def test_a_customer_behind_the_proxy_cannot_be_somebody_else(nginx: str) -> None:
    """Whatever X-Forwarded-For says: for nginx and so for the limit they are 127.0.0.1."""
    codes = [
        request(f"{nginx}{ROOT}/contact", headers={"X-Forwarded-For": f"203.0.113.{number}"}).status
        for number in range(13)
    ]
    assert codes[-1] == 429
